import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drift, driftMoments, driftOf, logNormalRates, logRates, meanRate, rates } from './rate-grid.ts';
import { RateGroups } from './rate-groups.ts';
import { kindOf, levelOfStock, stockAt } from './sku-kind.ts';

const START = { mean: Math.log(0.5), spread: 1.5 };
const STEP = driftOf(0.09, 0.02);
const STILL = { mean: 0, variance: 0 };
const DAIRY = 7;

const first = (belief: Float64Array): number =>
  belief.reduce((sum, weight, k) => sum + weight * (logRates[k] as number), 0);
const second = (belief: Float64Array): number =>
  belief.reduce((sum, weight, k) => sum + weight * (logRates[k] as number) ** 2, 0);
const note = (groups: RateGroups, kind: number, belief: Float64Array): void =>
  groups.note(kind, first(belief), second(belief));

/** What is believed of a SKU that sold at a rate for some days, begun with a prior. */
function taught(prior: Float64Array, rate: number, days: number): Float64Array {
  const sales = Math.round(rate * days);
  const belief = prior.map((weight, k) => {
    const expected = (rates[k] as number) * days;
    return (
      weight * Math.exp(sales * Math.log(expected) - expected - sales * Math.log(Math.max(1, sales)) + sales)
    );
  });
  const total = belief.reduce((a, b) => a + b);
  return belief.map((weight) => weight / total);
}

const corrected = (belief: Float64Array, ratio: Float64Array | undefined): Float64Array => {
  const product = belief.map((weight, k) => weight * (ratio?.[k] ?? 1));
  const total = product.reduce((a, b) => a + b);
  return product.map((weight) => weight / total);
};

/** Stocks that a store keeps, and the demand that goes with them. */
const stocks = Array.from({ length: 60 }, (_, n) => 2 + ((n * 7) % 60));

describe('the prior of a group', () => {
  it('learns that more is kept of what sells more, and expects it of a SKU of which it has seen nothing', () => {
    const groups = new RateGroups(START, STILL);
    let beliefs = stocks.map((stock) => ({
      kind: kindOf(DAIRY, levelOfStock(stock)),
      prior: groups.gridOf(kindOf(DAIRY, levelOfStock(stock))),
      rate: stock / 20,
    }));
    for (let fits = 0; fits < 5; fits++) {
      for (const { kind, prior, rate } of beliefs) note(groups, kind, taught(prior, rate, 12));
      const corrections = groups.fit();
      beliefs = beliefs.map((one) => ({ ...one, prior: corrected(one.prior, corrections(one.kind)) }));
    }
    expect(groups.priorOf(DAIRY).slope).toBeGreaterThan(0.8);
    const expected = (stock: number): number => meanRate(groups.gridOf(kindOf(DAIRY, levelOfStock(stock))));
    for (const stock of [4, 15, 50]) {
      expect(expected(stock)).toBeGreaterThan((0.6 * stock) / 20);
      expect(expected(stock)).toBeLessThan((1.8 * stock) / 20);
    }
  });

  it('keeps its mean for all stocks where stock says nothing about demand', () => {
    const groups = new RateGroups(START, STILL);
    for (const [n, stock] of stocks.entries())
      note(
        groups,
        kindOf(DAIRY, levelOfStock(stock)),
        taught(logNormalRates(0.5, 1.5), n % 2 === 0 ? 0.3 : 1.2, 40),
      );
    groups.fit();
    const means = [3, 60].map((stock) => meanRate(groups.gridOf(kindOf(DAIRY, levelOfStock(stock)))));
    expect((means[1] as number) / (means[0] as number)).toBeLessThan(1.4);
  });

  it('does not believe a slip of the keyboard', () => {
    const groups = new RateGroups(START, STILL);
    for (const stock of stocks)
      note(groups, kindOf(DAIRY, levelOfStock(stock)), taught(logNormalRates(0.5, 1.5), stock / 20, 40));
    groups.fit();
    const slip = groups.gridOf(kindOf(DAIRY, levelOfStock(100_000)));
    const asOthers = slip.reduce((sum, weight, k) => sum + ((rates[k] as number) < 5 ? weight : 0), 0);
    expect(asOthers).toBeGreaterThan(0.01);
  });

  it('corrects nobody for what drifted by itself', () => {
    const groups = new RateGroups(START, driftMoments(STEP));
    const kinds = stocks.map((stock) => kindOf(DAIRY, levelOfStock(stock)));
    for (const [n, kind] of kinds.entries())
      note(groups, kind, taught(logNormalRates(0.5, 1.5), (stocks[n] as number) / 20, 12));
    groups.fit();
    const beliefs = kinds.map((kind) => groups.gridOf(kind).slice());
    for (let steps = 0; steps < 3; steps++) {
      groups.drift();
      for (const belief of beliefs) drift(belief, STEP);
    }
    const told = groups.priorOf(DAIRY);
    kinds.forEach((kind, n) => note(groups, kind, beliefs[n] as Float64Array));
    groups.fit();
    const fitted = groups.priorOf(DAIRY);
    expect(Math.abs(fitted.mean - told.mean)).toBeLessThan(0.1);
    expect(Math.abs(fitted.spread - told.spread)).toBeLessThan(0.1);
    expect(Math.abs(fitted.slope - told.slope)).toBeLessThan(0.1);
  });

  it('is the same whatever order its SKUs come in, and after a snapshot', () => {
    const sku = fc.record({
      group: fc.constantFrom(0, 3, DAIRY),
      stock: fc.constantFrom(0, 1, 4, 30, 900),
      rate: fc.double({ min: 0.02, max: 20, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(sku, { minLength: 9, maxLength: 60 }), fc.integer(), (skus, seed) => {
        const fittedTo = (all: typeof skus): RateGroups => {
          const groups = new RateGroups(START, STILL);
          for (const { group, stock, rate } of all)
            note(groups, kindOf(group, levelOfStock(stock)), taught(logNormalRates(0.5, 1.5), rate, 6));
          groups.fit();
          return groups;
        };
        const shuffled = skus
          .map((one, n) => ({ one, key: Math.sin(seed + n) }))
          .sort((a, b) => a.key - b.key)
          .map(({ one }) => one);
        const groups = fittedTo(skus);
        expect(fittedTo(shuffled).entries()).toEqual(groups.entries());
        const restored = new RateGroups(START, STILL);
        restored.restore(groups.entries());
        for (const { group, stock } of skus) {
          const kind = kindOf(group, levelOfStock(stock));
          expect(restored.gridOf(kind)).toEqual(groups.gridOf(kind));
          const total = groups.gridOf(kind).reduce((a, b) => a + b);
          expect(total).toBeCloseTo(1, 9);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('levels of stock', () => {
  it('grow with the stock, by its logarithm, and none is no level', () => {
    expect([0, -3].map(levelOfStock)).toEqual([0, 0]);
    expect(levelOfStock(Number.NaN)).toBe(0);
    let before = 0;
    for (const stock of [0.4, 1, 3, 12, 80, 1000, 1e6]) {
      const level = levelOfStock(stock);
      expect(level).toBeGreaterThan(before);
      expect(Math.abs(stockAt(level) - Math.log1p(stock))).toBeLessThanOrEqual(0.125 + 1e-9);
      before = level;
    }
    expect(levelOfStock(1e12)).toBeLessThan(64);
  });
});

describe('a log-normal belief', () => {
  it('is the one of the formula, wherever its median lies', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 1e-4, max: 2000, noNaN: true }),
        fc.double({ min: 0.2, max: 4, noNaN: true }),
        (median, spread) => {
          const logs = logRates.map((log) => -0.5 * ((log - Math.log(median)) / spread) ** 2);
          const most = Math.max(...logs);
          const weights = logs.map((log) => Math.exp(log - most));
          const total = weights.reduce((a, b) => a + b);
          logNormalRates(median, spread).forEach((weight, k) =>
            expect(weight).toBeCloseTo((weights[k] as number) / total, 10),
          );
        },
      ),
      { numRuns: 100 },
    );
  });
});
