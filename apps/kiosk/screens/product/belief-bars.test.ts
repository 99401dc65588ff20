import fc from 'fast-check';
import { expect, test } from 'vitest';
import { beliefBars } from './belief-bars.ts';

const normal = (weights: readonly number[]): readonly number[] => {
  const sum = weights.reduce((total, w) => total + w, 0);
  return weights.map((w) => w / sum);
};

test('none on hand stands alone, and few bars hold nearly all of the belief', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.001, max: 1, noNaN: true }), { minLength: 1, maxLength: 600 }),
      fc.integer({ min: -5, max: 900 }),
      (weights, record) => {
        const pmf = normal(weights);
        const { bars } = beliefBars(pmf, record);
        expect(bars[0]).toEqual({ from: 0, to: 0, probability: pmf[0] });
        expect(bars.length).toBeLessThanOrEqual(26);
        expect(bars.reduce((sum, bar) => sum + bar.probability, 0)).toBeGreaterThan(0.98);
      },
    ),
  );
});

test('bars follow each other without a gap', () => {
  const { bars } = beliefBars(normal(Array.from({ length: 200 }, () => 1)), 12);
  for (const [index, bar] of bars.slice(1).entries()) expect(bar.from).toBe((bars[index]?.to ?? 0) + 1);
});

test('the record lies on the bar that holds it', () => {
  const narrow = beliefBars(normal([0.9, 0.05, 0.05]), 12);
  expect(narrow.bars[Math.round(narrow.recordAt ?? -1)]).toMatchObject({ from: 12, to: 12 });
  const wide = beliefBars(normal(Array.from({ length: 120 }, () => 1)), 60);
  const bar = wide.bars[Math.round(wide.recordAt ?? -1)];
  expect(bar && bar.from <= 60 && 60 <= bar.to).toBe(true);
});

test('a record below zero or far beyond the belief is left off rather than squeeze it', () => {
  expect(beliefBars(normal([0.5, 0.5]), -3).recordAt).toBeUndefined();
  const absurd = beliefBars(normal([0.5, 0.5]), 40_000);
  expect(absurd.recordAt).toBeUndefined();
  expect(absurd.bars).toHaveLength(6);
});
