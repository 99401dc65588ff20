/**
 * A store's history as the filter folded it: per SKU what happened and after how many trading days, with the
 * days' ends. Built once, then read as often as the fit needs.
 */
import { type BeliefParameters, createBelief } from '@truecount/device/belief';
import type { Observation } from '@truecount/protocol';
import { codeOf } from '../belief/filter-steps.ts';

export interface SkuTape {
  readonly sku: string;
  readonly elapsed: number[];
  readonly code: number[];
  readonly x: number[];
  readonly y: number[];
  /** How many day ends had passed before each event. */
  readonly daysBefore: number[];
}

export interface StoreTape {
  readonly dayEnds: readonly number[];
  readonly skus: readonly SkuTape[];
  /** What the filter itself said of the whole history, unusable SKUs included. */
  readonly logLikelihood: number;
}

/** Steps that have no derivatives here: SKUs that have them are left to the others' parameters. */
const isUnlearnable = (code: number, x: number): boolean =>
  (code === codeOf.receipt && Number.isNaN(x)) ||
  Math.abs(x) > 120 ||
  !Number.isInteger(Number.isNaN(x) ? 0 : x);

export function recordTape(observations: Iterable<Observation>, parameters: BeliefParameters): StoreTape {
  const dayEnds: number[] = [];
  const skus: ((SkuTape & { usable: boolean }) | undefined)[] = [];
  const belief = createBelief({
    parameters,
    tape: (index, elapsed, code, x, y) => {
      if (index < 0) {
        dayEnds.push(elapsed);
        return;
      }
      const sku = belief.skus()[index] as string;
      const tape = (skus[index] ??= {
        sku,
        elapsed: [],
        code: [],
        x: [],
        y: [],
        daysBefore: [],
        usable: true,
      });
      if (isUnlearnable(code, x)) tape.usable = false;
      if (code === codeOf.record && tape.code.length > 0) tape.usable = false;
      tape.elapsed.push(elapsed);
      tape.code.push(code);
      tape.x.push(x);
      tape.y.push(y);
      tape.daysBefore.push(dayEnds.length);
    },
  });
  for (const observation of inOrder(observations)) belief.observe(observation);
  const opensWithRecord = (tape: SkuTape): boolean => tape.code[0] === codeOf.record;
  const usable = skus
    .filter((tape) => tape !== undefined)
    .filter((tape) => tape.usable && opensWithRecord(tape));
  return { dayEnds, skus: usable, logLikelihood: belief.logLikelihood() };
}

function inOrder(observations: Iterable<Observation>): Observation[] {
  return [...observations].sort((a, b) => (a.t < b.t ? -1 : a.t > b.t ? 1 : 0));
}
