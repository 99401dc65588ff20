import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { toCsv } from './csv.ts';
import { matches, pageOf, sortRows } from './rows.ts';

describe('rows', () => {
  test('are sorted as people read: numbers as numbers, words by the language', () => {
    const words = [{ v: 'Öl' }, { v: 'Zucker' }, { v: 'Apfel' }, { v: 'Till 10' }, { v: 'Till 9' }];
    expect(sortRows(words, ({ v }) => v, 'ascending', 'de-DE').map(({ v }) => v)).toEqual([
      'Apfel',
      'Öl',
      'Till 9',
      'Till 10',
      'Zucker',
    ]);
  });

  test('without a value come last in either direction', () => {
    const rows = [{ v: undefined }, { v: 2 }, { v: 1 }];
    expect(sortRows(rows, ({ v }) => v, 'ascending', 'en').map(({ v }) => v)).toEqual([1, 2, undefined]);
    expect(sortRows(rows, ({ v }) => v, 'descending', 'en').map(({ v }) => v)).toEqual([2, 1, undefined]);
  });

  test('every word of the filter must occur', () => {
    expect(matches('Oat drink 1 l at Harbour', 'harbour oat')).toBe(true);
    expect(matches('Oat drink 1 l at Harbour', 'station oat')).toBe(false);
  });

  test('pages hold every row once, and a page that no longer exists is the last one', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer(), { maxLength: 120 }),
        fc.integer({ min: 1, max: 30 }),
        (rows, size) => {
          const { count } = pageOf(rows, 0, size);
          const all = Array.from({ length: count }, (_, index) => pageOf(rows, index, size).rows).flat();
          expect(all).toEqual(rows);
          expect(pageOf(rows, 999, size).index).toBe(count - 1);
        },
      ),
    );
  });
});

describe('export', () => {
  test('quotes what needs quoting and keeps formulas as text', () => {
    const csv = toCsv([
      ['Case', 'At stake'],
      ['Eggs, 10 "pack"', 26.28],
      ['=HYPERLINK("x")', -3],
    ]);
    expect(csv).toBe('\uFEFFCase,At stake\r\n"Eggs, 10 ""pack""",26.28\r\n"\'=HYPERLINK(""x"")",-3\r\n');
  });
});
