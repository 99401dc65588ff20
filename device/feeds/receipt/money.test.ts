import { describe, expect, it } from 'vitest';
import { decimalToMinor, parseMinor } from './money.ts';

describe('amounts', () => {
  const auto = { digits: 2, decimal: 'auto' } as const;
  it.each([
    ['4.00', 400],
    ['1,234.56', 123_456],
    ['1.234,56', 123_456],
    ["1'234.50", 123_450],
    ['$ 4.00', 400],
    ['4.00-', -400],
    ['(4.00)', -400],
    ['-$0.05', -5],
    ['1.234', 123_400],
    ['abc', undefined],
  ])('"%s" is %s minor units', (text, minor) => {
    expect(parseMinor(text, auto)).toBe(minor);
  });

  it.each([
    ['-0.19', 2, -19],
    ['1', 2, 100],
    ['1.005', 2, 101],
    ['1280', 0, 1280],
    ['1e5', 2, undefined],
  ])('the decimal %s has %i digits: %s', (text, digits, minor) => {
    expect(decimalToMinor(text, digits)).toBe(minor);
  });
});
