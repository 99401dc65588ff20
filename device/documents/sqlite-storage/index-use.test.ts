import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { MangoQuery, RxJsonSchema } from 'rxdb';
import { columnTermsOf, layoutOf, type AnySchema } from './collection-layout.ts';
import { planQuery } from './query-plan.ts';
import {
  insert,
  item,
  itemSchemaWith,
  openItems,
  prepared,
  temporaryFolder,
  type Item,
} from './storage.fixture.ts';

/** SQLite's own account of how it would run the statements of a query. */
async function explain(
  query: MangoQuery<Item>,
): Promise<{ readonly details: string; readonly needsMatcher: boolean }> {
  const instance = await openItems({ folder: temporaryFolder() });
  await insert(
    instance,
    Array.from({ length: 200 }, (_, n) => item(`item-${n}`, { qty: n, name: `name ${n % 7}` })),
  );
  const { path, table } = instance.internals;
  const layout = layoutOf(instance.schema as unknown as AnySchema);
  const plan = planQuery(
    { name: table, layout, terms: columnTermsOf(layout) },
    prepared(instance, query).query,
  );
  using database = new DatabaseSync(path, { readOnly: true });
  const rows = database
    .prepare(`EXPLAIN QUERY PLAN SELECT seq${plan.from}${plan.orderBy}`)
    .all(...plan.params);
  return { details: rows.map((row) => String(row['detail'])).join('\n'), needsMatcher: plan.needsMatcher };
}

const live = { _deleted: { $eq: false } };

test('a range over an indexed field searches its index and sorts nothing', async () => {
  const { details, needsMatcher } = await explain({
    selector: { ...live, qty: { $gt: 10 } },
    sort: [{ qty: 'asc' }],
  });
  expect(details).toMatch(
    /^SEARCH .* USING COVERING INDEX items-0#1:_deleted,qty,id \(f\._deleted=\? AND f\.qty>\?\)$/,
  );
  expect(needsMatcher).toBe(false);
});

test('a descending order walks the index backwards instead of sorting', async () => {
  const { details } = await explain({
    selector: { ...live, qty: { $lte: 10 } },
    sort: [{ qty: 'desc' }, { id: 'desc' }],
  });
  expect(details).toMatch(/^SEARCH .* INDEX items-0#1:_deleted,qty,id/);
  expect(details).not.toMatch(/TEMP B-TREE/);
});

test('a compound index serves equality on its first field and a range on its second', async () => {
  const { details } = await explain({ selector: { ...live, isFresh: true, qty: { $gte: 5 } } });
  expect(details).toMatch(
    /INDEX items-0#1:_deleted,is\^Fresh,qty,id \(f\._deleted=\? AND f\.is\^Fresh=\? AND f\.qty>\?\)/,
  );
});

test('nested fields, lists of values and alternatives use indexes', async () => {
  expect((await explain({ selector: { ...live, 'place.aisle': '7' } })).details).toMatch(
    /SEARCH .* INDEX items-0#1:_deleted,place\.aisle,id/,
  );
  expect((await explain({ selector: { ...live, name: { $in: ['name 1', 'name 2'] } } })).details).toMatch(
    /SEARCH .* INDEX items-0#1:_deleted,name,id \(f\._deleted=\? AND f\.name=\?\)/,
  );
  const either = await explain({
    selector: {
      $or: [
        { ...live, name: 'name 1' },
        { ...live, qty: 7 },
      ],
    },
  });
  expect(either.details).toMatch(/MULTI-INDEX OR/);
});

test('what SQL cannot say narrows by the index and leaves the rest to the matcher', async () => {
  const { details, needsMatcher } = await explain({
    selector: { ...live, qty: { $gt: 10 }, name: { $regex: '1$' } },
  });
  expect(details).toMatch(/SEARCH .* INDEX items-0#1:_deleted,qty,id/);
  expect(needsMatcher).toBe(true);
});

test('a query that names an index gets that index', async () => {
  const { details } = await explain({
    selector: { ...live, qty: { $gt: 10 } },
    index: ['_deleted', 'name', 'id'],
  });
  expect(details).toMatch(/INDEX items-0#1:_deleted,name,id/);
});

test('every index of the schema but that over write time exists in the file', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  using database = new DatabaseSync(instance.internals.path, { readOnly: true });
  const rows = database
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL`)
    .all(instance.internals.table);
  const wanted = ((itemSchemaWith() as RxJsonSchema<Item>).indexes ?? [])
    .map((index) => [index].flat().join(','))
    .filter((index) => !index.startsWith('_meta.lwt'))
    .map((index) => `items-0#1:${index.replace('isFresh', 'is^Fresh')}`);
  expect(new Set(rows.map((row) => row['name']))).toEqual(new Set(wanted));
});
