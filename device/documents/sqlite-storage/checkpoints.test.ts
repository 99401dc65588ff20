import { statSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { insert, item, openItems, temporaryFolder } from './storage.fixture.ts';

test('the log of large writes is copied into the database by the thread, while the file stays open', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const { path } = instance.internals;
  // Far less than makes SQLite checkpoint by itself.
  await insert(
    instance,
    Array.from({ length: 3_000 }, (_, n) => item(`item-${n}`)),
  );
  await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(500_000), { timeout: 10_000 });
  await instance.close();
  expect(statSync(`${path}-wal`, { throwIfNoEntry: false })).toBeUndefined();
});
