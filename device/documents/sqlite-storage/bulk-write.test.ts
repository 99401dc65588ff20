import { getChangedDocumentsSince } from 'rxdb';
import { expect, test } from 'vitest';
import type { ChangeBulk } from './bulk-write.ts';
import {
  insert,
  item,
  nextOf,
  openItems,
  temporaryFolder,
  type Item,
  type ItemInstance,
} from './storage.fixture.ts';

function heardFrom(instance: ItemInstance): ChangeBulk<Item>[] {
  const heard: ChangeBulk<Item>[] = [];
  instance.changeStream().subscribe((bulk) => heard.push(bulk as ChangeBulk<Item>));
  return heard;
}

test('a stale write is answered with the stored document, and the other rows of the bulk are written', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const first = item('a');
  await insert(instance, [first]);
  const second = nextOf(first, { name: 'second' });
  await instance.bulkWrite([second], 'test');
  const heard = heardFrom(instance);

  const stale = nextOf(first, { name: 'from a stale copy' });
  const { error } = await instance.bulkWrite([stale, { document: item('b') }], 'test');

  expect(error).toEqual([
    expect.objectContaining({ status: 409, documentId: 'a', writeRow: stale, documentInDb: second.document }),
  ]);
  const stored = await instance.findDocumentsById(['a', 'b'], true);
  expect(stored.map(({ name }) => name)).toEqual(['second', 'name of b']);
  expect(heard.map((bulk) => bulk.events.map(({ documentId }) => documentId))).toEqual([['b']]);
});

test('an insert of a known document is a conflict, deleted or not', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const live = item('a');
  await insert(instance, [live]);
  const tombstone = nextOf(live, { _deleted: true });
  await instance.bulkWrite([tombstone], 'test');
  const { error } = await instance.bulkWrite([{ document: item('a') }], 'test');
  expect(error[0]).toMatchObject({ status: 409, documentInDb: { _deleted: true } });
});

test('when the last of a long bulk of inserts is known already, the others are written, once and numbered without a gap', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  await insert(instance, [item('known', { name: 'first' })]);
  const first = (await getChangedDocumentsSince(instance, 10)).checkpoint;
  const fresh = Array.from({ length: 700 }, (_, n) => item(`new-${n}`, { name: 'x'.repeat(100) }));
  const rows = [...fresh, item('known', { name: 'second' })].map((document) => ({ document }));

  const { error } = await instance.bulkWrite(rows, 'test');

  expect(error.map(({ documentId, status }) => ({ documentId, status }))).toEqual([
    { documentId: 'known', status: 409 },
  ]);
  expect(error[0]).toMatchObject({ documentInDb: { name: 'first' } });
  const { documents, checkpoint } = await getChangedDocumentsSince(instance, 2000, first);
  expect(new Set(documents.map(({ id }) => id))).toEqual(new Set(fresh.map(({ id }) => id)));
  expect(documents).toHaveLength(fresh.length);
  expect(checkpoint.seq - first.seq).toBe(fresh.length);
});

test('rows of one bulk about the same document follow each other', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const heard = heardFrom(instance);
  const first = item('a');
  const second = nextOf(first, { name: 'second' });
  const rival = nextOf(first, { name: 'rival' });
  const { error } = await instance.bulkWrite(
    [{ document: first }, second, rival, { document: item('b') }],
    'test',
  );
  expect(error).toEqual([expect.objectContaining({ status: 409, documentInDb: second.document })]);
  expect(heard).toHaveLength(1);
  expect(heard[0]?.events.map(({ operation, documentId }) => `${operation} ${documentId}`)).toEqual([
    'INSERT a',
    'UPDATE a',
    'INSERT b',
  ]);
});

test('of many writers of one document in parallel exactly one wins', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const first = item('a');
  await insert(instance, [first]);
  const answers = await Promise.all(
    Array.from({ length: 20 }, (_, n) => instance.bulkWrite([nextOf(first, { qty: n })], 'test')),
  );
  expect(answers.filter(({ error }) => error.length === 0)).toHaveLength(1);
});

test('a failing bulk leaves nothing behind and the next one works', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const cyclic = item('b') as { self?: unknown } & ReturnType<typeof item>;
  cyclic.self = cyclic;
  await expect(instance.bulkWrite([{ document: item('a') }, { document: cyclic }], 'test')).rejects.toThrow(
    /circular/,
  );
  expect(await instance.findDocumentsById(['a', 'b'], true)).toEqual([]);
  await insert(instance, [item('a')]);
});

/** This thread's CPU time in ms: unlike the clock it does not count what a busy machine takes from us. */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
}

test('a bulk of 20,000 documents never works for 50 ms between two turns of the event loop, and is seen whole or not at all', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const seen = new Set<number>();
  const progress = { isWritten: false };
  const documents = Array.from({ length: 20_000 }, (_, n) => item(`item-${n}`, { qty: n }));
  let longestMs = 0;
  let lastTurnMs = cpuMs();
  const written = insert(instance, documents).then(() => {
    progress.isWritten = true;
  });
  while (!progress.isWritten) {
    await new Promise((resolve) => setImmediate(resolve));
    longestMs = Math.max(longestMs, cpuMs() - lastTurnMs);
    lastTurnMs = cpuMs();
    seen.add((await instance.findDocumentsById(['item-0', 'item-19999'], false)).length);
  }
  await written;
  expect([...seen].filter((count) => count === 1)).toEqual([]);
  expect(longestMs).toBeLessThan(50);
});
