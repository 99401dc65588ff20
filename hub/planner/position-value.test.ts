import { describe, expect, it } from 'vitest';
import {
  referenceDonorLoss,
  referencePmf,
  referenceStockValue,
  referenceSureUnits,
} from '../../test/planner/reference-optimum.ts';
import { demandSurvival } from './demand.ts';
import { freeStock, sureUnits, zeroInflated } from './on-hand.ts';
import { total, unitValues } from './position-value.ts';

const base = { store: 's', sku: 'k', rate: 1.3, coverDays: 4, reserved: 1, margin: 2.5 };
const positions = [
  { ...base, pmf: [0.1, 0.2, 0.3, 0.2, 0.1, 0.1] },
  { ...base, mean: 6.2, p0: 0.15 },
  { ...base, mean: 6.2, p0: 0.15, dispersion: 0.7 },
  { ...base, mean: 30, p0: 0.01, rate: 0.2, reserved: 4 },
  { ...base, mean: 0.5, p0: 0.5 },
  { ...base, mean: 6.2, p0: 0.15, lossValue: 9 },
];

describe('the value of units', () => {
  it.each(positions)('is the formula of the problem for %j', (position) => {
    const { giveLosses, takeValues } = unitValues(position, { alpha: 1, maxGive: 6, maxTake: 8 });
    for (let m = 0; m <= giveLosses.length; m += 1)
      expect(total(giveLosses, m)).toBeCloseTo(referenceDonorLoss(position, m), 8);
    for (let m = 0; m <= 8; m += 1)
      expect(total(takeValues, m)).toBeCloseTo(referenceStockValue(position, m), 8);
    for (const alpha of [0.01, 0.1, 0.3, 0.5])
      expect(sureUnits(freeStock(position), alpha)).toBe(referenceSureUnits(position, alpha));
  });

  it('keeps the mean of a position given as mean and p0', () => {
    for (const [mean, p0] of [
      [0.9, 0.1],
      [5, 0.3],
      [900, 0.01],
      [3000, 0.2],
    ] as const) {
      const pmf = zeroInflated(mean, p0);
      expect(pmf.reduce((sum, p, n) => sum + p * n, 0) / mean).toBeCloseTo(1, 9);
      expect(pmf.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1, 9);
      expect(pmf[0]).toBeCloseTo(p0, 12);
    }
    expect(referencePmf({ ...base, mean: 5, p0: 0.3 })[3]).toBeCloseTo(zeroInflated(5, 0.3)[3] ?? 0, 9);
  });

  it('does not let the last binary digit of a sum decide the chance constraint', () => {
    expect(sureUnits([0.1, 0.2, 0.7], 0.3)).toBe(2);
    expect(sureUnits([0.1, 0.9], 0.1)).toBe(1);
  });

  it('survives demand far beyond the range of e^-mean', () => {
    const survival = demandSurvival({ mean: 5000 }, 6000);
    expect(survival[4000]).toBeCloseTo(1, 9);
    expect(survival[5001]).toBeGreaterThan(0.45);
    expect(survival[5001]).toBeLessThan(0.55);
    expect(survival[6000]).toBeLessThan(1e-12);
  });
});
