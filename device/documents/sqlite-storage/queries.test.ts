import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { MangoQuery } from 'rxdb';
import {
  expectedIds,
  idsOf,
  insert,
  item,
  openItems,
  openItemsInTurn,
  prepared,
  temporaryFolder,
  type Item,
  type StoredItem,
} from './storage.fixture.ts';

const names = fc.constantFrom('', 'a', 'A', 'ab', 'b', 'Ü', '\ud83d\ude00', '\uffee', '\ud800', 'z\u0000');
const quantities = fc.constantFrom(-2.5, -1, 0, 0.1, 1, 2, 3.25, 1000);
const aisles = fc.constantFrom('1', '2', '10');

const documents = fc.uniqueArray(
  fc.record({
    id: fc.string({
      minLength: 1,
      maxLength: 3,
      unit: fc.constantFrom('a', 'b', 'C', '\ud83d\ude00', '\ufb01'),
    }),
    name: names,
    qty: quantities,
    isFresh: fc.boolean(),
    aisle: fc.option(aisles, { nil: undefined }),
    deleted: fc.boolean(),
  }),
  { selector: ({ id }) => id, maxLength: 25 },
);

function comparisonsOf<Value>(values: fc.Arbitrary<Value>): fc.Arbitrary<object> {
  return fc.oneof(
    fc.record({ $eq: values }),
    fc.record({ $ne: values }),
    fc.record({ $gt: values }),
    fc.record({ $gte: values, $lt: values }),
    fc.record({ $lte: values }),
    fc.record({ $in: fc.array(values, { maxLength: 20 }) }),
    fc.record({ $nin: fc.array(values, { maxLength: 3 }) }),
    fc.record({ $not: fc.record({ $eq: values }) }),
  );
}

const { selector } = fc.letrec<{ selector: object; field: object }>((tie) => ({
  selector: fc.oneof(
    { maxDepth: 2 },
    tie('field'),
    fc.record({ $and: fc.array(tie('selector'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ $or: fc.array(tie('selector'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ $nor: fc.array(tie('selector'), { minLength: 1, maxLength: 2 }) }),
    fc.constant({}),
  ),
  field: fc.oneof(
    comparisonsOf(names).map((name) => ({ name })),
    comparisonsOf(quantities).map((qty) => ({ qty })),
    comparisonsOf(fc.boolean()).map((isFresh) => ({ isFresh })),
    comparisonsOf(aisles).map((aisle) => ({ 'place.aisle': aisle })),
    fc.boolean().map((exists) => ({ 'place.aisle': { $exists: exists } })),
    fc.constant({ name: { $regex: '^a' } }),
    fc.boolean().map((deleted) => ({ _deleted: { $eq: deleted } })),
    comparisonsOf(fc.constantFrom('a', 'b')).map((id) => ({ id })),
  ),
}));

const direction = fc.constantFrom('asc' as const, 'desc' as const);
const sort = fc.option(
  fc.array(
    fc
      .tuple(fc.constantFrom('name', 'qty', 'isFresh', 'id', '_rev'), direction)
      .map(([field, way]) => ({ [field]: way })),
    { minLength: 1, maxLength: 3 },
  ),
  { nil: undefined },
);

const query = fc
  .record({
    selector,
    sort,
    skip: fc.option(fc.nat(4), { nil: undefined }),
    limit: fc.option(fc.nat(6), { nil: undefined }),
  })
  .map(
    (parts) =>
      Object.fromEntries(Object.entries(parts).filter(([, part]) => part !== undefined)) as MangoQuery<Item>,
  );

test('every query returns and counts what RxDB’s matcher and comparator say, in that order', async () => {
  const openNext = await openItemsInTurn();
  await fc.assert(
    fc.asyncProperty(documents, fc.array(query, { minLength: 5, maxLength: 5 }), async (drafts, queries) => {
      const instance = await openNext();
      const stored: StoredItem[] = drafts.map(({ id, name, qty, isFresh, aisle, deleted }) =>
        item(id, {
          name,
          qty,
          isFresh,
          _deleted: deleted,
          ...(aisle === undefined ? {} : { place: { aisle } }),
        }),
      );
      await insert(instance, stored);
      for (const each of queries) {
        const expected = expectedIds(instance, stored, each);
        expect(await idsOf(instance, each)).toEqual(expected);
        expect((await instance.count(prepared(instance, each))).count).toBe(expected.length);
      }
      await instance.remove();
    }),
    { numRuns: 60 },
  );
});

test('a long list of values is searched through the index as well as a short one', async () => {
  const instance = await openItems({ folder: temporaryFolder() });
  await insert(
    instance,
    Array.from({ length: 200 }, (_, n) => item(`item-${n}`, { qty: n / 100, name: `n${n}` })),
  );
  const wanted = Array.from({ length: 100 }, (_, n) => `n${2 * n}`);
  expect(await idsOf(instance, { selector: { name: { $in: wanted } } })).toHaveLength(100);
  expect(await idsOf(instance, { selector: { name: { $in: [...wanted, 'x\u0000y'] } } })).toHaveLength(100);
  const fractions = Array.from({ length: 100 }, (_, n) => (2 * n) / 100);
  expect(await idsOf(instance, { selector: { qty: { $in: fractions } } })).toHaveLength(100);
});

test('a filter that only the matcher knows pages through more rows than one page holds', async () => {
  const instance = await openItems({ folder: temporaryFolder(), durability: 'normal' });
  const many = Array.from({ length: 12_000 }, (_, n) =>
    item(`item-${n}`, { name: n % 1_000 === 999 ? 'rare' : 'often', qty: n }),
  );
  await insert(instance, many);
  const rare: MangoQuery<Item> = { selector: { name: { $regex: '^rare$' } }, sort: [{ qty: 'desc' }] };
  expect(await idsOf(instance, rare)).toEqual(expectedIds(instance, many, rare));
  expect(await idsOf(instance, { ...rare, skip: 3, limit: 2 })).toEqual(['item-8999', 'item-7999']);
  expect(await idsOf(instance, { selector: {} })).toHaveLength(12_000);
});
