import fc from 'fast-check';
import { copyFileSync, fdatasyncSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { privateStream } from './change-streams.ts';
import { Checkpoints } from './checkpoints.ts';
import type { AnySchema } from './collection-layout.ts';
import { openCollectionTable } from './collection-table.ts';
import { DatabaseFile } from './database-file.ts';
import { DocumentCache } from './document-cache.ts';
import type { Disk } from './durable-log.ts';
import { SqliteStorageInstance, type Durability } from './storage-instance.ts';
import { insert, item, itemSchemaWith, temporaryFolder, type Item } from './storage.fixture.ts';

// Only the clock of the late flush is held; SQLite, the files and the rest of the event loop are real.
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

/** A store on a disk that loses, when the power is cut, what has not been flushed. */
async function openStore() {
  const folder = temporaryFolder();
  const path = join(folder, 'store.sqlite');
  const log = `${path}-wal`;
  let safeLog: Buffer = Buffer.alloc(0);
  const flush = (descriptor: number): void => {
    fdatasyncSync(descriptor);
    safeLog = readFileSync(log);
  };
  const disk: Disk = { flush, flushInPool: (descriptor) => Promise.resolve(flush(descriptor)) };
  const file = await DatabaseFile.open({
    path,
    busyTimeoutMs: 1_000,
    checkpoints: new Checkpoints(),
    disk,
  });
  let closing: Promise<void> | undefined;
  const close = (): Promise<void> => (closing ??= file.close());
  onTestFinished(close);
  const schema = itemSchemaWith();
  const identity = { collectionName: 'items', version: 0 };
  const table = await openCollectionTable(file, identity, schema as unknown as AnySchema);

  function collectionWith(durability: Durability) {
    return new SqliteStorageInstance<Item>(
      {
        databaseInstanceToken: 'token',
        databaseName: 'store',
        collectionName: 'items',
        schema,
        options: { durability },
        multiInstance: false,
        devMode: false,
      },
      {
        file,
        table,
        durability,
        cache: new DocumentCache(0).table(path, table.name),
        stream: privateStream(),
        release: () => Promise.resolve(),
      },
    );
  }

  const collections = { normal: collectionWith('normal'), full: collectionWith('full') };
  // The table itself is safe from here on.
  await insert(collections.full, [item('first')]);

  return {
    path,
    close,
    write: (durability: Durability, id: string) => insert(collections[durability], [item(id)]),
    /** The ids that SQLite finds after a power cut at this moment, in the order of their writes. */
    idsAfterPowerCut(): string[] {
      const left = join(temporaryFolder(), 'left.sqlite');
      // Nothing is copied from the log into it while the store is open and small, so all of it is safe.
      copyFileSync(path, left);
      writeFileSync(`${left}-wal`, safeLog);
      using database = new DatabaseSync(left, { returnArrays: true });
      const rows = database.prepare(`SELECT id FROM "${table.name}" ORDER BY seq`).all();
      return (rows as unknown as readonly (readonly [string])[]).map(([id]) => id);
    },
  };
}

test('a write of normal durability is flushed a second after its commit, which later writes do not put off', async () => {
  const store = await openStore();
  await store.write('normal', 'a');
  await vi.advanceTimersByTimeAsync(999);
  await store.write('normal', 'b');
  expect(store.idsAfterPowerCut()).toEqual(['first']);
  await vi.advanceTimersByTimeAsync(1);
  expect(store.idsAfterPowerCut()).toEqual(['first', 'a', 'b']);
  await store.write('normal', 'c');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(store.idsAfterPowerCut()).toEqual(['first', 'a', 'b', 'c']);
});

test('a write of full durability is flushed when it is answered, with all before it', async () => {
  const store = await openStore();
  await store.write('normal', 'a');
  await store.write('full', 'b');
  expect(store.idsAfterPowerCut()).toEqual(['first', 'a', 'b']);
  expect(vi.getTimerCount()).toBe(0);
});

test('closing flushes what is not yet, also while another process keeps the log', async () => {
  const store = await openStore();
  using other = new DatabaseSync(store.path);
  other.prepare('SELECT count(*) FROM sqlite_schema').get();
  await store.write('normal', 'a');
  await store.close();
  expect(store.idsAfterPowerCut()).toEqual(['first', 'a']);
});

const steps = fc.array(
  fc.oneof(
    { arbitrary: fc.constant('normal' as const), weight: 3 },
    { arbitrary: fc.constant('full' as const), weight: 1 },
    { arbitrary: fc.integer({ min: 1, max: 1_200 }), weight: 3 },
  ),
  { minLength: 3, maxLength: 10 },
);

test('whenever the power is cut, only the last writes are gone, none of them full or older than a second', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const store = await openStore();
      const written = ['first'];
      const writtenAtMs = [Date.now()];
      let nowMs = Date.now();
      let safe = 1;
      for (const step of script) {
        if (typeof step === 'number') {
          await vi.advanceTimersByTimeAsync(step);
          nowMs += step;
        } else {
          written.push(`item-${written.length}`);
          writtenAtMs.push(nowMs);
          await store.write(step, written.at(-1) ?? '');
          if (step === 'full') safe = written.length;
        }
        safe = Math.max(safe, writtenAtMs.filter((atMs) => nowMs - atMs >= 1_000).length);
        const left = store.idsAfterPowerCut();
        expect(left).toEqual(written.slice(0, left.length));
        expect(left.length).toBeGreaterThanOrEqual(safe);
      }
      await store.close();
    }),
    { numRuns: 10 },
  );
});
