import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CountKey, enter, enteredQty, nothingEntered } from './count-entry.ts';

const press = (...keys: readonly CountKey[]) => keys.reduce(enter, nothingEntered);
const digits = (text: string): readonly CountKey[] => Array.from(text, (digit) => ({ kind: 'digit', digit }));
/** What the screen tells while a scanner types a code. */
const scan = (code: string, isThisProduct = true): readonly CountKey[] => [
  { kind: 'burst-begins' },
  ...digits(code),
  { kind: 'other-scanned' },
  ...(isThisProduct ? [{ kind: 'unit-scanned' } as const] : []),
];

test('nothing entered is no quantity, zero is one', () => {
  expect(enteredQty(nothingEntered)).toBeUndefined();
  expect(enteredQty(press(...digits('0')))).toBe(0);
});

test('digits append, a leading zero is replaced, erase takes back', () => {
  expect(enteredQty(press(...digits('014')))).toBe(14);
  expect(enteredQty(press(...digits('14'), { kind: 'erase' }))).toBe(1);
});

test('every scanned unit adds one to what was typed before', () => {
  expect(enteredQty(press(...digits('12'), ...scan('4012345678901')))).toBe(13);
});

test('a scan of another product leaves the count as it was', () => {
  expect(enteredQty(press(...digits('12'), ...scan('4000000000000', false)))).toBe(12);
});

test('any number of scans counts as many units, whatever their codes', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^\d{8,14}$/), { maxLength: 30 }), (codes) => {
      const entry = press(...codes.flatMap((code) => scan(code)));
      expect(enteredQty(entry) ?? 0).toBe(codes.length);
    }),
  );
});

test('a held key cannot enter an absurd number', () => {
  expect(enteredQty(press(...digits('99999999')))).toBe(99_999);
});
