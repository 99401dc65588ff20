import { expect, test } from 'vitest';
import type { ChangeCheckpoint } from './index.ts';
import {
  insert,
  item,
  nextOf,
  openItems,
  temporaryFolder,
  type ItemInstance,
  type StoredItem,
} from './storage.fixture.ts';

async function changes(instance: ItemInstance, limit: number, checkpoint?: ChangeCheckpoint) {
  const since = instance.getChangedDocumentsSince?.bind(instance);
  if (!since) throw new Error('the storage has no order of changes');
  return since(limit, checkpoint);
}

/** Walks from a checkpoint to the end and returns the ids in the order they came. */
async function walk(instance: ItemInstance, limit: number, from?: ChangeCheckpoint) {
  const ids: string[] = [];
  let checkpoint = from;
  for (;;) {
    const page = await changes(instance, limit, checkpoint);
    ids.push(...page.documents.map(({ id }) => id));
    checkpoint = page.checkpoint;
    if (page.documents.length < limit) return { ids, checkpoint };
  }
}

test('pages of changes hold every document once, at its last state, in the order of the commits', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const documents = Array.from({ length: 25 }, (_, n) => item(`item-${n}`));
  for (const document of documents) await insert(instance, [document]);
  await instance.bulkWrite([nextOf(item('item-3')), nextOf(item('item-5'), { _deleted: true })], 'test');
  const { ids } = await walk(instance, 4);
  const untouched = documents.map(({ id }) => id).filter((id) => id !== 'item-3' && id !== 'item-5');
  expect(ids).toEqual([...untouched, 'item-3', 'item-5']);
});

test('a checkpoint of the change stream leads to exactly what came after it', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const checkpoints: ChangeCheckpoint[] = [];
  instance.changeStream().subscribe((bulk) => checkpoints.push(bulk.checkpoint));
  await insert(instance, [item('a'), item('b')]);
  await insert(instance, [item('c')]);
  expect((await walk(instance, 10, checkpoints[0])).ids).toEqual(['c']);
  const atEnd = await changes(instance, 10, checkpoints[1]);
  expect(atEnd.documents).toEqual([]);
  expect(atEnd.checkpoint).toEqual(checkpoints[1]);
});

test('a write that commits after a checkpoint is found even when its clock is behind', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  await insert(instance, [item('a', { _meta: { lwt: 2_000 } })]);
  const { checkpoint } = await walk(instance, 10);
  await insert(instance, [item('b', { _meta: { lwt: 1_000 } })]);
  expect((await walk(instance, 10, checkpoint)).ids).toEqual(['b']);
});

test('purging tombstones never gives a number out again', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const document = item('a');
  await insert(instance, [item('kept'), document]);
  await instance.bulkWrite([nextOf(document, { _deleted: true })], 'test');
  const { checkpoint } = await walk(instance, 10);
  expect(await instance.cleanup(0)).toBe(true);
  expect(await instance.findDocumentsById(['a'], true)).toEqual([]);
  await insert(instance, [item('b')]);
  expect((await walk(instance, 10, checkpoint)).ids).toEqual(['b']);
});

test('cleanup works in bounded parts and keeps what was deleted lately', async () => {
  const instance = await openItems({ folder: temporaryFolder(), durability: 'normal' });
  const old = Array.from({ length: 700 }, (_, n) => item(`old-${n}`, { _deleted: true }));
  await insert(instance, [
    ...old,
    item('lately', { _deleted: true, _meta: { lwt: Date.now() } }),
    item('live'),
  ]);
  expect(await instance.cleanup(60_000)).toBe(false);
  expect(await instance.cleanup(60_000)).toBe(true);
  expect((await walk(instance, 100)).ids).toEqual(['live', 'lately']);
});

test('a checkpoint that another storage made is followed by write time to the end, then by commits', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  const documents = Array.from(
    { length: 9 },
    (_, n): StoredItem => item(`item-${n}`, { _meta: { lwt: 9_000 - n * 1_000 } }),
  );
  await insert(instance, documents);
  const foreign = { id: 'item-4', lwt: 5_000 } as ChangeCheckpoint;
  const { ids, checkpoint } = await walk(instance, 2, foreign);
  expect(new Set(ids)).toEqual(new Set(['item-0', 'item-1', 'item-2', 'item-3', 'item-4']));
  await insert(instance, [item('late', { _meta: { lwt: 10 } })]);
  expect((await walk(instance, 2, checkpoint)).ids).toEqual(['late']);
});

test('a table made after another starts above its numbers, so an old checkpoint hides nothing of a migrated collection', async () => {
  const folder = temporaryFolder();
  const before = await openItems({ folder });
  await insert(before, [item('a'), item('b'), item('c')]);
  const { checkpoint } = await walk(before, 10);
  const migrated = await openItems({ folder }, { schema: { ...before.schema, version: 1 } });
  await insert(migrated, [item('a')]);
  expect((await walk(migrated, 10, checkpoint)).ids).toEqual(['a']);
  await before.remove();
  const again = await openItems({ folder });
  await insert(again, [item('d')]);
  expect((await walk(again, 10, checkpoint)).ids).toEqual(['d']);
});
