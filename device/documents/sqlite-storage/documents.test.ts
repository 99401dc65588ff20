import fc from 'fast-check';
import { expect, test } from 'vitest';
import { isDeleted } from './document-fields.ts';
import { insert, item, nextOf, openItems, openItemsInTurn, temporaryFolder } from './storage.fixture.ts';

// Ids that differ only behind a U+0000 or in how they are encoded.
const id = fc.string({
  minLength: 1,
  maxLength: 3,
  unit: fc.constantFrom('a', 'B', '"', '\u0000', '\ufb01', '\ud83d\ude00', '\ud800'),
});

const history = fc.record({
  ids: fc.uniqueArray(id, { minLength: 1, maxLength: 20 }),
  /** What each later bulk does to some of the documents. */
  bulks: fc.array(fc.array(fc.record({ at: fc.nat(19), isDelete: fc.boolean() }), { maxLength: 8 }), {
    maxLength: 4,
  }),
  asked: fc.array(id, { maxLength: 10 }),
});

test('documents asked for by id come in their last version, in the order asked, and a stale write is told which that is', async () => {
  const openNext = await openItemsInTurn();
  await fc.assert(
    fc.asyncProperty(history, async ({ ids, bulks, asked }) => {
      const instance = await openNext();
      const first = ids.map((each) => item(each));
      await insert(instance, first);
      const stored = new Map(first.map((document) => [document.id, document]));
      for (const bulk of bulks) {
        const changes = new Map(bulk.map(({ at, isDelete }) => [ids[at % ids.length] ?? '', isDelete]));
        const rows = [...changes].map(([each, isDelete]) =>
          nextOf(stored.get(each) ?? item(each), { _deleted: isDelete }),
        );
        expect((await instance.bulkWrite(rows, 'test')).error).toEqual([]);
        for (const { document } of rows) stored.set(document.id, document);
      }

      const wanted = [...asked, ...ids];
      for (const withDeleted of [false, true]) {
        const expected = wanted
          .map((each) => stored.get(each))
          .filter((document) => document && (withDeleted || !isDeleted(document)));
        expect(await instance.findDocumentsById(wanted, withDeleted)).toEqual(expected);
        for (const each of asked) {
          const one = expected.find((document) => document?.id === each);
          expect(await instance.findDocumentsById([each], withDeleted)).toEqual(one ? [one] : []);
        }
      }

      const { error } = await instance.bulkWrite(
        first.map((document) => nextOf({ ...document, _rev: '7-stale' })),
        'test',
      );
      expect(error.map((refused) => 'documentInDb' in refused && refused.documentInDb)).toEqual(
        ids.map((each) => stored.get(each)),
      );
      await instance.remove();
    }),
    { numRuns: 40 },
  );
});

test('more documents than one step reads come whole, whatever the cache holds of them', async () => {
  const instance = await openItems({ folder: temporaryFolder(), cacheBytes: 40_000 });
  const many = Array.from({ length: 550 }, (_, n) => item(`item-${n}`, { qty: n }));
  await insert(instance, many);
  const ids = many.map((document) => document.id).toReversed();
  expect(await instance.findDocumentsById([...ids, 'unknown'], false)).toEqual(many.toReversed());
});
