/** One pass over a tape: its log-likelihood with gradient and information, SKU by SKU. */
import type { BeliefParameters } from '@truecount/device/belief';
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
  readonly skus: readonly SkuTape[];
  readonly dayEnds: readonly number[];
  readonly parameters: BeliefParameters;
  readonly signal?: AbortSignal | undefined;
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
    logLikelihood += score.logLikelihood;
    for (let j = 0; j < count; j++) {
      slope[j] = (score.gradient[j] as number) * parameters[LEARNED[j] as (typeof LEARNED)[number]];
      gradient[j] = (gradient[j] as number) + (slope[j] as number);
    }
    for (let i = 0; i < count; i++)
      for (let j = 0; j < count; j++)
        information[i * count + j] =
          (information[i * count + j] as number) + (slope[i] as number) * (slope[j] as number);
    if (turns.isOver) await turns.next();
  }
  return { logLikelihood, gradient, information };
}
