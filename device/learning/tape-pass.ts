/** One pass over a tape: its log-likelihood with gradient and information, SKU by SKU. */
import type { BeliefParameters } from '@truecount/device/belief';
import { codeOf } from '../belief/filter-steps.ts';
import { LEARNED } from './learned-parameters.ts';
import { TangentFilter } from './tangent-filter.ts';
import type { SkuTape } from './tape.ts';
import { Turns } from './turns.ts';

export interface TapePass {
  readonly logLikelihood: number;
  /** With respect to log parameters. */
  readonly gradient: Float64Array;
  /** Sum over SKUs of the outer products of their gradients, row by row: it stands for the Fisher information. */
  readonly information: Float64Array;
}

export interface PassOptions {
  /** Log-likelihood of a SKU with the parameters that the fit began with. */
  readonly before: ReadonlyMap<string, number>;
  readonly skus: readonly SkuTape[];
  readonly dayEnds: readonly number[];
  readonly parameters: BeliefParameters;
  readonly signal?: AbortSignal | undefined;
}

/** Nats that a SKU can gain in all: for itself, and for each time that somebody, or twenty frames, looked at it. */
const MOST_GAIN = 1.5;
const FRAMES_PER_LOOK = 20;

/**
 * What a SKU's gain over the start counts for, and its slope. A SKU with a trouble of its own (swapped at the till, a
 * carton never booked) would have every other SKU's rates bent to explain it: its gain levels off.
 */
function bounded(gain: number, looks: number): { readonly value: number; readonly slope: number } {
  if (gain <= 0) return { value: gain, slope: 1 };
  const most = MOST_GAIN * (1 + looks);
  const slope = Math.exp(-gain / most);
  return { value: most * (1 - slope), slope };
}

function looksAt({ code }: SkuTape): number {
  let looks = 0;
  for (const one of code)
    if (one === codeOf.count || one === codeOf.pick) looks++;
    else if (one === codeOf.shelf) looks += 1 / FRAMES_PER_LOOK;
  return looks;
}

/** How likely each SKU's tape is; gives the event loop back between SKUs. */
export async function likelihoods(
  { skus, dayEnds, parameters, signal }: Omit<PassOptions, 'before'>,
  known: ReadonlyMap<string, number>,
): Promise<ReadonlyMap<string, number>> {
  const filter = new TangentFilter(parameters);
  const all = new Map(known);
  const turns = new Turns(signal);
  for (const sku of skus) {
    if (!all.has(sku.sku)) all.set(sku.sku, filter.score(sku, dayEnds).logLikelihood);
    if (turns.isOver) await turns.next();
  }
  return all;
}

/** Gives the event loop back between SKUs, so that an abort is heard. */
export async function passTape(options: PassOptions): Promise<TapePass> {
  const { parameters, signal } = options;
  const filter = new TangentFilter(parameters);
  const count = LEARNED.length;
  const gradient = new Float64Array(count);
  const information = new Float64Array(count * count);
  const slope = new Float64Array(count);
  let logLikelihood = 0;
  const turns = new Turns(signal);
  for (const sku of options.skus) {
    const score = filter.score(sku, options.dayEnds);
    const before = options.before.get(sku.sku) ?? score.logLikelihood;
    const counts = bounded(score.logLikelihood - before, looksAt(sku));
    logLikelihood += before + counts.value;
    for (let j = 0; j < count; j++) {
      slope[j] = (score.gradient[j] as number) * parameters[LEARNED[j] as (typeof LEARNED)[number]];
      gradient[j] = (gradient[j] as number) + counts.slope * (slope[j] as number);
    }
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++)
        information[i * count + j] =
          (information[i * count + j] as number) + counts.slope * (slope[i] as number) * (slope[j] as number);
    if (turns.isOver) await turns.next();
  }
  return { logLikelihood, gradient, information };
}
