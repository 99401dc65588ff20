import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { DatabaseSync } from 'node:sqlite';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { getRxStorageNodeSqlite } from './index.ts';
import {
  idsOf,
  insert,
  item,
  itemSchemaWith,
  nextOf,
  openItems,
  openItemsOf,
  temporaryFolder,
  type ItemInstance,
} from './storage.fixture.ts';

// Node starts anew for each writer, which takes long on a busy machine.
vi.setConfig({ testTimeout: 120_000 });

interface Writer {
  readonly process: ChildProcess;
  readonly acknowledged: string[];
  /** Resolves when that many lines have come. */
  readonly lines: (count: number) => Promise<void>;
  readonly ended: Promise<unknown>;
}

function startWriter(task: 'bulks' | 'count', folder: string, name: string, times: number): Writer {
  const script = fileURLToPath(new URL('child-writer.fixture.ts', import.meta.url));
  const child = spawn(process.execPath, [script, task, folder, name, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const acknowledged: string[] = [];
  const output = createInterface({ input: child.stdout });
  output.on('line', (line) => acknowledged.push(line));
  return {
    process: child,
    acknowledged,
    lines: async (count) => {
      while (acknowledged.length < count) await once(output, 'line');
    },
    ended: once(child, 'exit'),
  };
}

/** The counts that the child processes write, as this process sees them. */
async function openCounts(folder: string, multiInstance: boolean): Promise<ItemInstance> {
  return openItems(
    { folder },
    {
      databaseName: 'shared',
      collectionName: 'counts',
      schema: itemSchemaWith({ indexes: ['qty'] }),
      multiInstance,
    },
  );
}

test('nothing acknowledged is missing and no bulk is half there after kill -9 at any moment', async () => {
  const folder = temporaryFolder();
  const acknowledged: string[] = [];
  // Odd numbers of lines, so that the kill falls at different points of the writer's loop.
  for (const lines of [1, 7, 40, 113]) {
    const writer = startWriter('bulks', folder, `run${lines}`, 100_000);
    await writer.lines(lines);
    writer.process.kill('SIGKILL');
    await writer.ended;
    acknowledged.push(...writer.acknowledged);
  }
  using database = new DatabaseSync(join(folder, 'shared.sqlite'));
  expect(database.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' });
  database.close();
  const counts = await openCounts(folder, false);
  const stored = new Set(await idsOf(counts, {}));
  const missing = acknowledged.filter(
    (bulk) => !['a', 'b', 'c'].every((part) => stored.has(`${bulk}-${part}`)),
  );
  expect(missing).toEqual([]);
  const bulks = new Map<string, number>();
  for (const id of stored) bulks.set(id.slice(0, -2), (bulks.get(id.slice(0, -2)) ?? 0) + 1);
  expect([...bulks].filter(([, parts]) => parts !== 3)).toEqual([]);
});

test('processes that count one document up together lose no count, and a stream hears its versions in order', async () => {
  const folder = temporaryFolder();
  const counts = await openCounts(folder, true);
  const heard: number[] = [];
  counts
    .changeStream()
    .subscribe(({ events }) => heard.push(...events.map(({ documentData }) => documentData.qty)));
  const writers = ['x', 'y', 'z'].map((name) => startWriter('count', folder, name, 60));
  await Promise.all(writers.map((writer) => writer.ended));
  const [counter] = await counts.findDocumentsById(['counter'], false);
  expect(counter).toMatchObject({ qty: 180, _rev: expect.stringMatching(/^180-/) as string });
  await vi.waitFor(() => expect(heard.at(-1)).toBe(180), { timeout: 5_000 });
  expect(heard).toEqual([...new Set(heard)].sort((a, b) => a - b));
});

test('a stream hears each document of other processes once, also of a process that is killed', async () => {
  const folder = temporaryFolder();
  const counts = await openCounts(folder, true);
  const heard: string[] = [];
  counts.changeStream().subscribe(({ events }) => heard.push(...events.map(({ documentId }) => documentId)));
  const kept = startWriter('bulks', folder, 'kept', 50);
  const killed = startWriter('bulks', folder, 'killed', 100_000);
  await killed.lines(30);
  killed.process.kill('SIGKILL');
  await Promise.all([kept.ended, killed.ended]);
  const stored = await idsOf(counts, {});
  await vi.waitFor(() => expect(heard).toHaveLength(stored.length), { timeout: 5_000 });
  expect([...heard].sort()).toEqual([...stored].sort());
});

test('a commit that nobody announces is heard within two looks, before what is built on it', async () => {
  const folder = temporaryFolder();
  const silent = await openItems({ folder });
  const listener = await openItems({ folder }, { multiInstance: true });
  const heard: string[] = [];
  listener
    .changeStream()
    .subscribe(({ events }) =>
      heard.push(...events.map(({ operation, documentId }) => `${operation} ${documentId}`)),
    );

  const first = item('a');
  await insert(silent, [first]);
  await vi.waitFor(() => expect(heard).toEqual(['INSERT a']), { timeout: 5_000 });

  const second = nextOf(first);
  await silent.bulkWrite([second], 'test');
  await listener.bulkWrite(
    [nextOf({ ...first, ...second.document, _attachments: {} }, { _deleted: true })],
    'test',
  );
  await insert(listener, [item('b')]);
  expect(heard).toEqual(['INSERT a', 'DELETE a', 'INSERT b']);
});

test('instances of one process hear each other at once, and those of another folder never', async () => {
  const folder = temporaryFolder();
  const storage = getRxStorageNodeSqlite({ folder });
  const writer = await openItemsOf(storage, { multiInstance: true });
  const sibling = await openItemsOf(storage, { multiInstance: true });
  const elsewhere = await openItems({ folder: temporaryFolder() }, { multiInstance: true });
  const heard: string[] = [];
  sibling.changeStream().subscribe(() => heard.push('sibling'));
  elsewhere.changeStream().subscribe(() => heard.push('elsewhere'));
  await insert(writer, [item('a')]);
  expect(heard).toEqual(['sibling']);
  // Messages of one channel keep their order, so after this round trip an earlier one would have come.
  const far = await openItems({ folder }, { multiInstance: true });
  const farHeard = new Promise<void>((resolve) => far.changeStream().subscribe(() => resolve()));
  await insert(writer, [item('b')]);
  await farHeard;
  expect(heard).toEqual(['sibling', 'sibling']);
});

test('a write waits for another process to finish its own, and gives up after the configured time', async () => {
  const folder = temporaryFolder();
  const patient = await openItems({ folder });
  const hasty = await openItems({ folder, busyTimeoutMs: 30 });
  using other = new DatabaseSync(patient.internals.path);
  other.exec('BEGIN IMMEDIATE');
  const waiting = insert(patient, [item('a')]);
  await expect(insert(hasty, [item('b')])).rejects.toMatchObject({
    code: 'STORAGE_BUSY',
    message: expect.stringMatching(/another process kept the database locked for 30 ms/) as string,
  });
  expect(await idsOf(hasty, {})).toEqual([]);
  other.exec('COMMIT');
  await waiting;
  expect(await idsOf(hasty, {})).toEqual(['a']);
});
