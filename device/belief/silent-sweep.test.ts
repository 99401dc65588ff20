import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from './assemble-kernels.ts';
import { openWith } from './look-steps.ts';
import { defaultParameters } from './parameters.ts';
import { DayDemand, logNormalRates } from './rate-grid.ts';
import { RateGroups } from './rate-groups.ts';
import { kindOf, levelOfStock } from './sku-kind.ts';
import { SilentSweep } from './silent-sweep.ts';
import { StateSlab } from './state-slab.ts';
import { sweepBytes } from './sweep-bytes.ts';
import { endDay, passTime } from './time-step.ts';
import { WorkingState } from './working-state.ts';

const demand = new DayDemand(defaultParameters.dispersion);

/** Beliefs of all kinds: empty and full, slow and brisk, sure of their demand or not. */
const kind = fc.record({
  record: fc.nat(250),
  median: fc.double({ min: 0.01, max: 80, noNaN: true }),
  spread: fc.double({ min: 0.35, max: 2, noNaN: true }),
  absent: fc.double({ min: 1e-6, max: 0.9, noNaN: true }),
  hidden: fc.double({ min: 0, max: 0.05, noNaN: true }),
});

type Kind = typeof kind extends fc.Arbitrary<infer K> ? K : never;

function beliefOf({ record, median, spread, absent, hidden }: Kind): WorkingState {
  const w = new WorkingState();
  w.live.set(logNormalRates(median, spread));
  w.idle.set(logNormalRates(median * 1.5, spread + 0.3));
  openWith(w, record, defaultParameters);
  w.absent = absent;
  w.hidden = hidden;
  w.selling = 1 - absent - hidden;
  w.clock = 0;
  return w;
}

const worth = fc.oneof(fc.constant(0), fc.double({ min: 1 / 64, max: 2, noNaN: true }));
const noGroups = { isApart: undefined, groups: undefined };

/** Equal as far as 32-bit floats tell, after some days. */
function expectAlike(found: number, expected: number): void {
  expect(Math.abs(found - expected)).toBeLessThan(2e-6 + 2e-5 * Math.abs(expected));
}

describe('the sweep over silent SKUs', () => {
  it('lives a day as each SKU alone would', () => {
    fc.assert(
      fc.property(
        fc.array(kind, { minLength: 1, maxLength: 12 }),
        fc.array(worth, { minLength: 1, maxLength: 12 }),
        (kinds, days) => {
          const alone = kinds.map(beliefOf);
          let slab = new StateSlab();
          alone.forEach((w, sku) => slab.store(sku, w));
          const sweep = new SilentSweep();
          let elapsed = 0;
          days.forEach((u, number) => {
            const drifts = number % 3 === 1;
            elapsed += u;
            sweep.begin({ u, elapsed, drifts, teaches: false }, defaultParameters, demand);
            const next = slab.follow();
            const passOver = (sku: number): void => {
              throw new Error(`SKU ${sku} was passed over`);
            };
            slab.passSilently(next, sweep, { ...noGroups, isSilent: () => true, passOver });
            slab = next;
            for (const w of alone) {
              passTime(w, u, { parameters: defaultParameters, demand });
              w.clock = elapsed;
              endDay(w, defaultParameters, drifts);
            }
          });
          const swept = new WorkingState();
          alone.forEach((w, sku) => {
            slab.load(sku, swept);
            expect(swept.clock).toBe(w.clock);
            for (const name of ['absent', 'hidden', 'selling', 'logLikelihood'] as const)
              expectAlike(swept[name], w[name]);
            for (let k = 0; k < w.live.length; k++) {
              expectAlike(swept.live[k] as number, w.live[k] as number);
              expectAlike(swept.idle[k] as number, w.idle[k] as number);
            }
            for (let i = 1; i <= Math.max(swept.cells, w.cells); i++)
              expectAlike(
                i <= swept.cells ? (swept.p[i] as number) : 0,
                i <= w.cells ? (w.p[i] as number) : 0,
              );
          });
        },
      ),
      { numRuns: 60 },
    );
  });

  it('says the same of a SKU whoever else is in the store', () => {
    fc.assert(
      fc.property(fc.array(kind, { minLength: 1, maxLength: 20 }), fc.nat(299), (kinds, chosen) => {
        // More than fit into one block.
        const all = Array.from({ length: 300 }, (_, sku) => beliefOf(kinds[sku % kinds.length] as Kind));
        const one = chosen % all.length;
        const after = (skus: readonly number[]): WorkingState => {
          const slab = new StateSlab();
          for (const sku of skus) slab.store(sku, all[sku] as WorkingState);
          const sweep = new SilentSweep();
          sweep.begin({ u: 1, elapsed: 1, drifts: true, teaches: false }, defaultParameters, demand);
          const passOver = (): void => undefined;
          slab.passSilently(slab, sweep, { ...noGroups, isSilent: (sku) => sku % 3 === one % 3, passOver });
          const w = new WorkingState();
          slab.load(one, w);
          return w;
        };
        expect(after([one])).toEqual(after([...all.keys()]));
      }),
      { numRuns: 40 },
    );
  });

  it('teaches categories and corrects their SKUs as one by one', () => {
    fc.assert(
      fc.property(fc.array(kind, { minLength: 16, maxLength: 40 }), (kinds) => {
        const all = kinds.map(beliefOf);
        const slab = new StateSlab();
        const kindAt = (sku: number): number => kindOf(1 + (sku % 2), levelOfStock(sku % 5));
        all.forEach((w, sku) => {
          slab.setKind(sku, kindAt(sku));
          slab.store(sku, w);
        });
        const sweep = new SilentSweep();
        const start = { mean: Math.log(0.5), spread: 1.5 };
        const drift = { mean: -0.01, variance: 0.02 };
        const [swept, single] = [new RateGroups(start, drift), new RateGroups(start, drift)];
        sweep.begin({ u: 1, elapsed: 1, drifts: false, teaches: true }, defaultParameters, demand);
        slab.passSilently(slab, sweep, {
          isSilent: () => true,
          isApart: undefined,
          passOver: () => undefined,
          groups: swept,
        });
        all.forEach((_, sku) => slab.teach(sku, single));
        const corrections = swept.fit();
        single.fit();
        for (const [i, [group, prior]] of swept.entries().entries()) {
          const other = single.entries()[i];
          expect(other?.[0]).toBe(group);
          for (const name of ['mean', 'spread', 'slope', 'stock', 'reach'] as const)
            expectAlike(prior[name], other?.[1][name] ?? Number.NaN);
        }
        const before = all.map((_, sku) => {
          const w = new WorkingState();
          slab.load(sku, w);
          return w;
        });
        slab.reweigh(sweep, corrections, 0);
        const after = new WorkingState();
        before.forEach((w, sku) => {
          slab.load(sku, after);
          const ratio = corrections(kindAt(sku)) ?? new Float64Array(w.live.length).fill(1);
          const total = (belief: Float64Array): number =>
            belief.reduce((sum, weight, k) => sum + weight * (ratio[k] as number), 0);
          const live = total(w.live);
          const idle = total(w.idle);
          expectAlike(after.live[9] as number, ((w.live[9] as number) * (ratio[9] as number)) / live);
          expectAlike(after.idle[9] as number, ((w.idle[9] as number) * (ratio[9] as number)) / idle);
          const odds = (w.selling * live) / ((w.absent + w.hidden) * idle);
          expectAlike(after.selling / (after.absent + after.hidden), odds);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('runs the bytes that its text says', async () => {
    expect(sweepBytes).toBe(await assemble('sweep'));
  });
});
