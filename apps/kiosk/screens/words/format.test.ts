import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { certainties, certaintyOf, toneOf } from './certainty.ts';
import { sayDuration, sayMinutes, sayMoment, sayMoney, sayPercent, sayRelative, spanOf } from './format.ts';

const plain = (text: string): string => text.replaceAll(/\u00a0|\u202f/g, ' ');
const now = Date.parse('2026-03-03T09:14:00.000Z');
const at = (minutes: number): string => new Date(now + minutes * 60_000).toISOString();

describe('values', () => {
  test('money follows the currency’s own digits and the reader’s language', () => {
    expect(sayMoney({ minor: 2628, currency: 'EUR' }, 'en-GB')).toBe('€26.28');
    expect(plain(sayMoney({ minor: 2628, currency: 'EUR' }, 'de-DE'))).toBe('26,28 €');
    expect(sayMoney({ minor: 500, currency: 'JPY' }, 'en-GB')).toBe('JP¥500');
    expect(sayMoney({ minor: 123_456, currency: 'EUR' }, 'en-GB')).toBe('€1,235');
  });

  test('a probability is never rounded to certainty', () => {
    expect(sayPercent(0.914, 'en-GB')).toBe('91%');
    expect(sayPercent(0.9999, 'en-GB')).toBe('> 99%');
    expect(sayPercent(0.0001, 'en-GB')).toBe('< 1%');
    expect(sayPercent(1, 'en-GB')).toBe('100%');
    expect(sayPercent(0, 'en-GB')).toBe('0%');
    fc.assert(
      fc.property(fc.double({ min: 1e-12, max: 1 - 1e-12, noNaN: true }), (p) => {
        expect(['0%', '100%']).not.toContain(sayPercent(p, 'en-GB'));
      }),
    );
  });

  test('times are said in the largest unit that still says something', () => {
    expect(spanOf(89 * 60_000)).toEqual({ value: 89, unit: 'minute' });
    expect(spanOf(-108 * 60_000)).toEqual({ value: -2, unit: 'hour' });
    expect(spanOf(72 * 3_600_000)).toEqual({ value: 3, unit: 'day' });
    expect(sayRelative(at(108), now, 'en-GB')).toBe('in 2 hours');
    expect(sayRelative(at(-42), now, 'de-DE')).toBe('vor 42 Minuten');
    expect(sayDuration(-3 * 3_600_000, 'de-DE')).toBe('3 Stunden');
    expect(sayMinutes(2, 'en-GB')).toBe('2 minutes');
  });

  test('a moment of today is its time, another day is named', () => {
    expect(sayMoment(at(-14), now, 'en-GB')).toMatch(/^\d\d:\d\d$/);
    expect(sayMoment(at(-3 * 1440), now, 'en-GB')).toMatch(/Feb/);
  });
});

describe('certainty', () => {
  test('grows with the confidence and is symmetric around one half', () => {
    const rank = (p: number): number => certainties.indexOf(certaintyOf(p));
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (p) => {
        expect(rank(p)).toBeLessThanOrEqual(rank(Math.min(1, p + 0.1)));
        const mirrored = certainties.length - 1 - rank(1 - p);
        expect(Math.abs(mirrored - rank(p))).toBeLessThanOrEqual(1);
      }),
    );
    expect(certaintyOf(0.09)).toBe('very-likely-gone');
    expect(certaintyOf(0.5)).toBe('open');
    expect(certaintyOf(1)).toBe('surely-there');
  });

  test('has a tone that warns before it alarms', () => {
    expect([0.9, 0.5, 0.1].map(toneOf)).toEqual(['good', 'warn', 'bad']);
  });
});
