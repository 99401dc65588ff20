/**
 * A store's history as the filter folded it: per SKU what happened and after how many trading days, with the
 * days' ends. Built once, then read as often as the fit needs.
 */
import { type BeliefParameters, createBelief } from '@truecount/device/belief';
import type { Observation } from '@truecount/protocol';
import { codeOf } from '../belief/filter-steps.ts';
import { Turns } from './turns.ts';

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
  /** What the filter itself said of the whole history, SKUs that are not on the tape included. */
  readonly logLikelihood: number;
}

export interface TapeOptions {
  readonly parameters: BeliefParameters;
  /** SKUs to keep, evenly drawn; all are folded, because together they are the store's clock. */
  readonly keep?: ReadonlySet<string>;
  readonly signal?: AbortSignal | undefined;
}

/** Steps that have no derivatives here: SKUs that have them are left to the others' parameters. */
const isUnlearnable = (code: number, x: number): boolean =>
  (code === codeOf.receipt && Number.isNaN(x)) ||
  Math.abs(x) > 120 ||
  !Number.isInteger(Number.isNaN(x) ? 0 : x);

interface Recorded extends SkuTape {
  usable: boolean;
}

/** @param observations in order of `t` */
export async function recordTape(
  observations: Iterable<Observation>,
  { parameters, keep, signal }: TapeOptions,
): Promise<StoreTape> {
  const dayEnds: number[] = [];
  const skus: (Recorded | undefined)[] = [];
  const belief = createBelief({
    parameters,
    historyLimit: 1,
    tape: (index, elapsed, code, x, y) => {
      if (index < 0) {
        dayEnds.push(elapsed);
        return;
      }
      const sku = belief.skus()[index] as string;
      if (keep?.has(sku) === false) return;
      const tape = (skus[index] ??= emptyTape(sku));
      // A record after the first is a correction, and the filter's answer to it has no derivative.
      if (isUnlearnable(code, x) || (code === codeOf.record && tape.code.length > 0)) tape.usable = false;
      tape.elapsed.push(elapsed);
      tape.code.push(code);
      tape.x.push(x);
      tape.y.push(y);
      tape.daysBefore.push(dayEnds.length);
    },
  });
  const turns = new Turns(signal);
  for (const observation of observations) {
    belief.observe(observation);
    if (turns.isOver) await turns.next();
  }
  const usable = skus.filter((tape) => tape?.usable === true && tape.code[0] === codeOf.record);
  return { dayEnds, skus: usable as SkuTape[], logLikelihood: belief.logLikelihood() };
}

const emptyTape = (sku: string): Recorded => ({
  sku,
  elapsed: [],
  code: [],
  x: [],
  y: [],
  daysBefore: [],
  usable: true,
});

/** Every n-th SKU by name: all categories and rates stay represented. */
export function evenly(skus: Iterable<string>, most: number): ReadonlySet<string> {
  const all = [...skus].sort();
  if (all.length <= most) return new Set(all);
  const stride = all.length / most;
  return new Set(Array.from({ length: most }, (_, i) => all[Math.floor(i * stride)] as string));
}

/** Observations in order of `t`, as a history that can be read again and again. */
export function inOrder(observations: Iterable<Observation>): () => readonly Observation[] {
  const ordered = [...observations].sort((a, b) => (a.t < b.t ? -1 : a.t > b.t ? 1 : 0));
  return () => ordered;
}
