/**
 * Fits the store's error rates: maximum a posteriori over log parameters by damped Fisher scoring. The sum
 * of squared per-SKU scores stands for the Fisher information, so a step needs only first derivatives.
 *
 * Resumable: `state` after any step is plain JSON and continues where it stopped. One step is one pass over
 * the tape, in slices that give the event loop back between SKUs.
 */
import type { BeliefParameters } from '@truecount/device/belief';
import { type ChainPrior, fromLogs, LEARNED, toLogs } from './learned-parameters.ts';
import { TangentFilter } from './tangent-filter.ts';
import type { StoreTape } from './tape.ts';

export interface FitState {
  readonly step: number;
  readonly logs: readonly number[];
  /** Of the last full pass: log-likelihood and information per parameter (in logs). */
  readonly logLikelihood: number;
  readonly information: readonly number[];
  /** Longest move allowed per parameter: halved when its direction turns. */
  readonly reach: readonly number[];
  readonly direction: readonly number[];
}

export interface FitOptions {
  readonly tape: StoreTape;
  readonly start: BeliefParameters;
  readonly prior: ChainPrior;
  /** Only day ends before this one teach; later ones are held out. */
  readonly untilDay?: number;
  readonly maxSteps?: number;
  readonly state?: FitState;
  readonly signal?: AbortSignal;
}

export interface FitProgress {
  readonly state: FitState;
  readonly parameters: BeliefParameters;
  /** Largest change of a log parameter in this step. */
  readonly moved: number;
}

const MAX_STEPS = 14;
const LONGEST_MOVE = 0.8;
const SETTLED = 0.01;
const SLICE_MS = 25;

export async function* fit(options: FitOptions): AsyncGenerator<FitProgress> {
  const tape = options.untilDay === undefined ? options.tape : cutTape(options.tape, options.untilDay);
  let logs: Float64Array = Float64Array.from(options.state?.logs ?? toLogs(options.start));
  let reach: readonly number[] = options.state?.reach ?? LEARNED.map(() => LONGEST_MOVE);
  let direction: readonly number[] = options.state?.direction ?? LEARNED.map(() => 0);
  const first = options.state?.step ?? 0;
  for (let step = first; step < first + (options.maxSteps ?? MAX_STEPS); step++) {
    const pass = await scoreTape(tape, fromLogs(logs, options.start, options.start.version), options.signal);
    const stepped = fisherStep({ logs, reach, direction }, pass, options.prior);
    ({ logs, reach, direction } = stepped);
    const { moved } = stepped;
    const state: FitState = {
      step: step + 1,
      logs: [...logs],
      logLikelihood: pass.logLikelihood,
      information: [...pass.information],
      reach,
      direction,
    };
    yield { state, parameters: fromLogs(logs, options.start, options.start.version), moved };
    if (moved < SETTLED) return;
  }
}

interface TapePass {
  readonly logLikelihood: number;
  /** With respect to log parameters. */
  readonly gradient: Float64Array;
  readonly information: Float64Array;
}

/** One pass over all SKUs; `fromDay` judges only what happens after that many day ends. */
export async function scoreTape(
  tape: StoreTape,
  parameters: BeliefParameters,
  signal?: AbortSignal,
  fromDay = 0,
): Promise<TapePass> {
  const filter = new TangentFilter(parameters);
  const gradient = new Float64Array(LEARNED.length);
  const information = new Float64Array(LEARNED.length);
  let logLikelihood = 0;
  let sliceEnds = performance.now() + SLICE_MS;
  for (const sku of tape.skus) {
    const score = filter.score(sku, tape.dayEnds, fromDay);
    logLikelihood += score.logLikelihood;
    LEARNED.forEach((name, j) => {
      const slope = (score.gradient[j] as number) * parameters[name];
      gradient[j] = (gradient[j] as number) + slope;
      information[j] = (information[j] as number) + slope * slope;
    });
    if (performance.now() < sliceEnds) continue;
    signal?.throwIfAborted();
    await new Promise<void>((resolve) => setImmediate(resolve));
    sliceEnds = performance.now() + SLICE_MS;
  }
  return { logLikelihood, gradient, information };
}

interface Place {
  readonly logs: Float64Array;
  readonly reach: readonly number[];
  readonly direction: readonly number[];
}

function fisherStep(from: Place, pass: TapePass, prior: ChainPrior): Place & { readonly moved: number } {
  let moved = 0;
  const direction: number[] = [];
  const reach: number[] = [];
  const logs = from.logs.map((log, j) => {
    const { median, spread } = prior[LEARNED[j] as string] ?? { median: Math.exp(log), spread: 1 };
    const weight = 1 / (spread * spread);
    const slope = (pass.gradient[j] as number) - weight * (log - Math.log(median));
    direction[j] = Math.sign(slope);
    const turned = direction[j] === -(from.direction[j] as number);
    reach[j] = Math.min(LONGEST_MOVE, (from.reach[j] as number) * (turned ? 0.4 : 1.2));
    const move = (0.7 * slope) / ((pass.information[j] as number) + weight);
    const bounded = Math.max(-reach[j], Math.min(reach[j], move));
    moved = Math.max(moved, Math.abs(bounded));
    return log + bounded;
  });
  return { logs, reach, direction, moved };
}

/** The part of a tape before a day's end. */
function cutTape(tape: StoreTape, untilDay: number): StoreTape {
  const skus = tape.skus.map((sku) => {
    const count = sku.daysBefore.findIndex((day) => day >= untilDay);
    const end = count < 0 ? sku.code.length : count;
    return {
      sku: sku.sku,
      elapsed: sku.elapsed.slice(0, end),
      code: sku.code.slice(0, end),
      x: sku.x.slice(0, end),
      y: sku.y.slice(0, end),
      daysBefore: sku.daysBefore.slice(0, end),
    };
  });
  return {
    dayEnds: tape.dayEnds.slice(0, untilDay),
    skus: skus.filter((sku) => sku.code.length > 0),
    logLikelihood: tape.logLikelihood,
  };
}
