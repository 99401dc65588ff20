import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FEWEST_STORES, poolEstimates } from './pool-estimates.ts';

const report = (log: number, information = 50) => ({ estimates: [{ name: 'countError', log, information }] });

describe('what stores have in common', () => {
  it('is their mean, and how much they differ', () => {
    const [alike] = poolEstimates([-1.6, -1.5, -1.7, -1.55].map((log) => report(log)));
    expect(alike).toMatchObject({ name: 'countError', stores: 4 });
    expect(alike?.log).toBeCloseTo(-1.5875, 3);
    expect(alike?.between).toBe(0);
    const [apart] = poolEstimates([-3, -1, -2.5, -0.5].map((log) => report(log)));
    expect(Math.sqrt(apart?.between ?? 0)).toBeGreaterThan(0.9);
  });

  it('is not told of so few stores that it would give one away', () => {
    expect(poolEstimates([report(-1), report(-1)])).toEqual([]);
  });

  it('lies between the stores, whatever one of them claims', () => {
    const estimate = fc.record({
      log: fc.double({ min: -10, max: 5, noNaN: true }),
      information: fc.double({ min: 0.5, max: 1e9, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(estimate, { minLength: FEWEST_STORES, maxLength: 30 }), (estimates) => {
        const [pooled] = poolEstimates(estimates.map(({ log, information }) => report(log, information)));
        const logs = estimates.map(({ log }) => log);
        expect(pooled?.log).toBeGreaterThanOrEqual(Math.min(...logs) - 1e-9);
        expect(pooled?.log).toBeLessThanOrEqual(Math.max(...logs) + 1e-9);
        expect(pooled?.between).toBeGreaterThanOrEqual(0);
        expect(pooled?.error).toBeGreaterThan(0);
      }),
    );
  });
});
