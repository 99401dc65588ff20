import { copyFileSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { fileNameOf } from './file-name.ts';
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
} from './storage.fixture.ts';

test('documents are there again after closing and opening', async () => {
  const folder = temporaryFolder();
  const first = await openItems({ folder });
  await insert(first, [item('a', { name: 'Zürich \ud83d\ude00 \ud800' })]);
  await first.close();
  const [stored] = await (await openItems({ folder })).findDocumentsById(['a'], false);
  expect(stored).toEqual(item('a', { name: 'Zürich \ud83d\ude00 \ud800' }));
});

test('what began before close is finished by it, what begins after it is refused', async () => {
  const folder = temporaryFolder();
  const instance = await openItems({ folder });
  const writing = instance.bulkWrite([{ document: item('a') }], 'test');
  await Promise.all([instance.close(), instance.close()]);
  expect((await writing).error).toEqual([]);
  await expect(instance.query({} as never)).rejects.toMatchObject({ code: 'STORAGE_CLOSED' });
  await expect(instance.remove()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' });
  expect(readdirSync(folder)).toEqual(['store.sqlite']);
});

test('remove drops the collection and leaves the others', async () => {
  const storage = getRxStorageNodeSqlite({ folder: temporaryFolder() });
  const items = await openItemsOf(storage);
  const others = await openItemsOf(storage, { collectionName: 'Items' });
  await insert(items, [item('a')]);
  await insert(others, [item('b')]);
  await items.remove();
  await items.close();
  expect(await idsOf(others, {})).toEqual(['b']);
  expect(await idsOf(await openItemsOf(storage), {})).toEqual([]);
});

test('schema versions and names that differ by case are different collections', async () => {
  const storage = getRxStorageNodeSqlite({ folder: temporaryFolder() });
  const lower = await openItemsOf(storage);
  const upper = await openItemsOf(storage, { collectionName: 'ITEMS' });
  const next = await openItemsOf(storage, { schema: itemSchemaWith({ version: 1 }) });
  await insert(lower, [item('lower')]);
  await insert(upper, [item('upper')]);
  await insert(next, [item('next')]);
  expect(await Promise.all([lower, upper, next].map((instance) => idsOf(instance, {})))).toEqual([
    ['lower'],
    ['upper'],
    ['next'],
  ]);
});

test('a changed set of indexes is built from the stored documents when the collection is opened', async () => {
  const folder = temporaryFolder();
  const before = await openItems({ folder }, { schema: itemSchemaWith({ indexes: ['qty'] }) });
  await insert(before, [item('a', { name: 'x', qty: 2 }), item('b', { name: 'y', qty: 1 })]);
  await before.close();
  const after = await openItems({ folder }, { schema: itemSchemaWith({ indexes: ['name', 'place.aisle'] }) });
  expect(await idsOf(after, { selector: { name: 'y' }, sort: [{ name: 'asc' }] })).toEqual(['b']);
  expect(await idsOf(after, { selector: {}, sort: [{ qty: 'asc' }] })).toEqual(['b', 'a']);
  using database = new DatabaseSync(after.internals.path, { readOnly: true });
  const columns = database.prepare('SELECT name FROM pragma_table_info(?)').all(after.internals.table);
  expect(columns.map((row) => row['name'])).toEqual([
    'seq',
    'id',
    'rev',
    'data',
    'f._deleted',
    'f._meta.lwt',
    'f.name',
    'f.place.aisle',
  ]);
});

test('a file of a newer format is refused with a message that says what to do', async () => {
  const folder = temporaryFolder();
  using database = new DatabaseSync(join(folder, 'store.sqlite'));
  database.exec('PRAGMA user_version = 99');
  database.close();
  await expect(openItems({ folder })).rejects.toMatchObject({
    code: 'STORAGE_FORMAT',
    message: expect.stringMatching(/store\.sqlite.*Update the program/) as string,
  });
});

test('a file replaced by a backup while closed is read anew, not from memory', async () => {
  const folder = temporaryFolder();
  const storage = getRxStorageNodeSqlite({ folder });
  const path = join(folder, 'store.sqlite');
  const first = item('a', { name: 'in the backup' });
  const beforeBackup = await openItemsOf(storage);
  await insert(beforeBackup, [first]);
  await beforeBackup.close();
  copyFileSync(path, `${path}.backup`);
  const lost = await openItemsOf(storage);
  await lost.bulkWrite([nextOf(first, { name: 'lost' })], 'test');
  await lost.close();
  copyFileSync(`${path}.backup`, path);
  const restored = await openItemsOf(storage);
  const [stored] = await restored.findDocumentsById(['a'], false);
  expect(stored?.name).toBe('in the backup');
  await restored.bulkWrite([nextOf(first, { name: 'after the restore' })], 'test');
  expect((await restored.findDocumentsById(['a'], false))[0]?.name).toBe('after the restore');
});

test('no database name leaves the folder or meets another on a file system that ignores case', async () => {
  const names = [
    'store',
    'Store',
    '../store',
    'a/b',
    'a\\b',
    'a%b',
    '',
    'é',
    'x'.repeat(400),
    `${'x'.repeat(400)}y`,
  ];
  const files = names.map(fileNameOf);
  expect(new Set(files.map((file) => file.toLowerCase())).size).toBe(names.length);
  for (const file of files) expect(file).toMatch(/^[a-z0-9_%~-]*\.sqlite$/);
  expect(files.every((file) => file.length <= 200)).toBe(true);
  const folder = temporaryFolder();
  await openItems({ folder }, { databaseName: '../Store' });
  expect(existsSync(join(folder, fileNameOf('../Store')))).toBe(true);
});
