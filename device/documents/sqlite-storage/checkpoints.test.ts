import { copyFileSync, readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test, vi } from 'vitest';
import { insert, item, openItems, temporaryFolder } from './storage.fixture.ts';

test('the log of large writes is copied into the database by the thread, while the file stays open', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const { path } = instance.internals;
  // More than is left in the log, and far less than makes SQLite checkpoint by itself.
  await insert(
    instance,
    Array.from({ length: 6_000 }, (_, n) => item(`item-${n}`, { name: 'x'.repeat(400) })),
  );
  await vi.waitFor(() => expect(statSync(path).size).toBeGreaterThan(500_000), { timeout: 10_000 });
  await instance.close();
  expect(statSync(`${path}-wal`, { throwIfNoEntry: false })).toBeUndefined();
});

test('the log has room ahead of durable writes, within a bound, and what was written before a kill is there', async () => {
  const folder = temporaryFolder();
  const instance = await openItems({ folder, durability: 'full' });
  await insert(instance, [item('first')]);
  const { path, table } = instance.internals;
  const log = `${path}-wal`;
  const room = statSync(log).size;
  expect(room).toBe(1024 * 1024);
  await insert(instance, [item('second')]);
  expect(statSync(log).size).toBe(room);
  // As a kill leaves it: nobody closes the file, and the next process finds zeros behind the last frame.
  const left = temporaryFolder();
  for (const name of readdirSync(folder)) copyFileSync(join(folder, name), join(left, name));
  using database = new DatabaseSync(join(left, basename(path)));
  expect(database.prepare(`SELECT id FROM "${table}" ORDER BY id`).all()).toEqual([
    { id: 'first' },
    { id: 'second' },
  ]);
  for (let bulk = 0; bulk < 12; bulk += 1)
    await insert(
      instance,
      Array.from({ length: 500 }, (_, n) => item(`item-${bulk}-${n}`, { name: 'x'.repeat(400) })),
    );
  expect(statSync(log).size).toBeGreaterThan(room);
  await instance.close();
});
