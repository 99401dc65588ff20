import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { currencyDigits, majorOf, moneyOf, moneyText } from './index.ts';

describe('money', () => {
  test('has as many decimals as its currency', () => {
    expect(['EUR', 'JPY', 'KWD'].map(currencyDigits)).toEqual([2, 0, 3]);
    expect(moneyText({ minor: 1230, currency: 'EUR' })).toBe('12.30 EUR');
    expect(moneyText({ minor: -1230, currency: 'JPY' })).toBe('-1230 JPY');
    expect(moneyText({ minor: 5, currency: 'KWD' })).toBe('0.005 KWD');
  });

  test('is rounded to the nearest minor unit', () => {
    expect(moneyOf(2.19, 'EUR')).toEqual({ minor: 219, currency: 'EUR' });
    expect(moneyOf(2.4, 'JPY')).toEqual({ minor: 2, currency: 'JPY' });
  });

  test('is the same again after its way through major units', () => {
    const minor = fc.integer({ min: -1e12, max: 1e12 });
    fc.assert(
      fc.property(minor, fc.constantFrom('EUR', 'JPY', 'KWD'), (units, currency) => {
        expect(moneyOf(majorOf({ minor: units, currency }), currency).minor + 0).toBe(units + 0);
      }),
    );
  });
});
