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

test('a bulk of 20,000 documents gives the event loop a turn at least every 50 ms, and readers see all of it or nothing', async () => {
  const instance = await openItems({ folder: temporaryFolder(), durability: 'normal' });
  const seen = new Set<number>();
  let longestMs = 0;
  let lastTurnAtMs = performance.now();
  const progress = { isWritten: false };
  const written = insert(
    instance,
    Array.from({ length: 20_000 }, (_, n) => item(`item-${n}`, { qty: n })),
  ).then(() => {
    progress.isWritten = true;
  });
  while (!progress.isWritten) {
    await new Promise((resolve) => setImmediate(resolve));
    const nowMs = performance.now();
    longestMs = Math.max(longestMs, nowMs - lastTurnAtMs);
    lastTurnAtMs = nowMs;
    seen.add((await instance.findDocumentsById(['item-0', 'item-19999'], false)).length);
  }
  await written;
  expect([...seen].filter((count) => count === 1)).toEqual([]);
  // A step that a busy machine takes from us counts too, so the test allows twice the promise.
  expect(longestMs).toBeLessThan(100);
});
