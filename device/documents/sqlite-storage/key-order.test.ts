import fc from 'fast-check';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { orderedKey } from './key-order.ts';

// All code units, lone surrogates included, with the borders drawn often.
const anyText = fc.string({
  unit: fc
    .oneof(
      fc.integer({ min: 0, max: 0xffff }),
      fc.constantFrom(0, 0x7f, 0x80, 0x7ff, 0xd7ff, 0xd800, 0xdbff, 0xdc00, 0xdfff, 0xe000, 0xffff),
    )
    .map((unit) => String.fromCharCode(unit)),
  maxLength: 6,
});

function utf8Order(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

test('keys sort by their bytes as the texts sort in JavaScript, and differ when the texts differ', () => {
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      const order = a < b ? -1 : a > b ? 1 : 0;
      expect(Math.sign(utf8Order(orderedKey(a), orderedKey(b)))).toBe(order);
    }),
    { numRuns: 2_000 },
  );
});

test('SQLite compares keys in the same order', () => {
  using database = new DatabaseSync(':memory:');
  const less = database.prepare('SELECT ? < ? AS isLess');
  fc.assert(
    fc.property(anyText, anyText, (a, b) => {
      expect(less.get(orderedKey(a), orderedKey(b))?.['isLess']).toBe(a < b ? 1 : 0);
    }),
  );
});

test('ordinary text is its own key', () => {
  for (const text of ['', 'Oat drink 1 l', 'Zürich', '牛奶', '\u0000']) expect(orderedKey(text)).toBe(text);
});
