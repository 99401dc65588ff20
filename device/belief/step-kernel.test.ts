import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { assemble } from './assemble-kernels.ts';
import { openWith } from './look-steps.ts';
import { sell } from './movement-steps.ts';
import { defaultParameters } from './parameters.ts';
import { DayDemand, logNormalRates } from './rate-grid.ts';
import { stepBytes } from './step-bytes.ts';
import { atHand } from './step-kernel.ts';
import { endDay, passTime } from './time-step.ts';
import { WorkingState } from './working-state.ts';

const share = fc.nat(1000).map((n) => n / 1000);
/** A day of one SKU: what share of it passes before each sale. */
const day = fc.array(fc.tuple(share, fc.nat(5)), { maxLength: 6 });

describe('time passing for the SKU at hand', () => {
  it('does what it does for any other', () => {
    fc.assert(
      fc.property(
        fc.record({ record: fc.nat(900), brisk: share, sure: share, absent: share }),
        fc.array(day, { minLength: 1, maxLength: 5 }),
        fc.constantFrom(0.5, 4.5, 40),
        ({ record, brisk, sure, absent }, days, dispersion) => {
          const parameters = { ...defaultParameters, dispersion };
          const model = { parameters, demand: new DayDemand(dispersion) };
          const other = new WorkingState();
          for (const w of [atHand, other]) {
            w.live.set(logNormalRates(0.01 * 5000 ** brisk, 0.4 + sure));
            w.idle.set(logNormalRates(0.02 * 3000 ** brisk, 0.8 + sure));
            w.units = 0;
            w.purchases = 0;
            w.logLikelihood = 0;
            w.dayUsed = 0;
            w.daySales = 0;
            w.clock = 0;
            openWith(w, record, parameters);
            w.absent = 1e-6 + 0.95 * absent;
            w.hidden = 0.03;
            w.selling = 1 - w.absent - w.hidden;
            days.forEach((sales, number) => {
              for (const [before, quantity] of sales) {
                passTime(w, before / 2, model);
                if (quantity > 0) sell(w, quantity, model);
              }
              passTime(w, 0.4, model);
              endDay(w, parameters, number % 2 === 1);
            });
          }
          expect(atHand.cells).toBe(other.cells);
          for (const name of ['absent', 'hidden', 'selling', 'logLikelihood', 'clock', 'dayUsed'] as const)
            expect(atHand[name]).toBeCloseTo(other[name], 10);
          for (const [found, expected] of [
            [atHand.live, other.live],
            [atHand.idle, other.idle],
            [atHand.p.subarray(1, other.cells + 1), other.p.subarray(1, other.cells + 1)],
          ] as const)
            for (const [i, value] of expected.entries()) expect(found[i]).toBeCloseTo(value, 10);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('runs the bytes that its text says', async () => {
    expect(stepBytes).toBe(await assemble('step'));
  });
});
