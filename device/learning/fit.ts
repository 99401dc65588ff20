/**
 * Fits the store's error rates: maximum a posteriori over log parameters by Levenberg-Marquardt steps, in which
 * the sum of outer products of the SKUs' scores stands for the Fisher information (Berndt, Hall, Hall & Hausman
 * 1974): a step needs only first derivatives. Most of the way is gone with a sample of the SKUs, the rest with all.
 *
 * A step that does not climb is taken back. Resumable: the state after any step is plain JSON and goes on from
 * where it stopped; one step is one pass over the tape.
 */
import type { BeliefParameters } from '@truecount/device/belief';
import { Type, type Static } from 'typebox';
import { type ChainPrior, clampLogs, fromLogs, LEARNED, toLogs } from './learned-parameters.ts';
import { solvePositive } from './linear-solve.ts';
import { likelihoods, passTape } from './tape-pass.ts';
import type { StoreTape } from './tape.ts';

const numbers = Type.Array(Type.Number(), { maxItems: 4096 });

/** Best place found so far, and the one to try next. */
export const FitState = Type.Object({
  step: Type.Integer({ minimum: 0 }),
  /** Which of the samples teaches: 0 the small one, 1 all SKUs. */
  stage: Type.Integer({ minimum: 0, maximum: 1 }),
  isDone: Type.Boolean(),
  logs: numbers,
  next: numbers,
  damping: Type.Number(),
  failed: Type.Integer({ minimum: 0 }),
  /** At `logs`, of the present sample; absent until it was evaluated there. */
  best: Type.Optional(
    Type.Object({
      objective: Type.Number(),
      logLikelihood: Type.Number(),
      gradient: numbers,
      information: numbers,
    }),
  ),
});
export type FitState = Static<typeof FitState>;

export interface FitOptions {
  readonly tape: StoreTape;
  readonly start: BeliefParameters;
  readonly prior: ChainPrior;
  readonly maxSteps?: number;
  readonly state?: FitState;
  readonly signal?: AbortSignal;
}

export interface FitProgress {
  readonly state: FitState;
  readonly parameters: BeliefParameters;
  /** Largest change of a log parameter that was accepted in this step. */
  readonly moved: number;
}

const MAX_STEPS = 40;
const SAMPLE_SKUS = 250;
/** Longest move of a log parameter in one step: a factor of 3. */
const LONGEST_MOVE = 1.1;
/** A step that promises less than this many nats, per stage, is not worth a pass. */
const NOT_WORTH = [3, 0.5] as const;
const FIRST_DAMPING = 0.3;
/** Steps in a row that did not climb. */
const MOST_FAILED = 2;

export async function* fit(options: FitOptions): AsyncGenerator<FitProgress> {
  const { tape, start, prior, signal } = options;
  const parametersAt = (logs: ArrayLike<number>): BeliefParameters => fromLogs(logs, start, start.version);
  let state = options.state ?? beginning([...toLogs(start)], tape.skus.length);
  let atStart: ReadonlyMap<string, number> = new Map();
  for (let i = 0; i < (options.maxSteps ?? MAX_STEPS) && !state.isDone; i++) {
    const skus = sampleOf(tape, state.stage);
    atStart = await likelihoods({ skus, dayEnds: tape.dayEnds, parameters: start, signal }, atStart);
    const pass = await passTape({
      skus,
      before: atStart,
      dayEnds: tape.dayEnds,
      parameters: parametersAt(state.next),
      signal,
    });
    const tried = {
      objective: pass.logLikelihood + logPrior(state.next, prior),
      logLikelihood: pass.logLikelihood,
      gradient: [...pass.gradient],
      information: [...pass.information],
    };
    const before = state.logs;
    state = stepFrom(state, tried, prior);
    yield { state, parameters: parametersAt(state.logs), moved: furthest(before, state.logs) };
  }
}

const beginning = (logs: readonly number[], skus: number): FitState => ({
  step: 0,
  stage: skus > 2 * SAMPLE_SKUS ? 0 : 1,
  isDone: false,
  logs: [...logs],
  next: [...logs],
  damping: FIRST_DAMPING,
  failed: 0,
});

/** Every n-th SKU: all categories and rates stay represented. */
function sampleOf(tape: StoreTape, stage: number): StoreTape['skus'] {
  if (stage > 0) return tape.skus;
  const stride = Math.max(1, Math.floor(tape.skus.length / SAMPLE_SKUS));
  return tape.skus.filter((_, i) => i % stride === 0);
}

type Evaluated = NonNullable<FitState['best']>;

function stepFrom(state: FitState, tried: Evaluated, prior: ChainPrior): FitState {
  const enough = NOT_WORTH[state.stage] ?? NOT_WORTH[1];
  const climb = state.best === undefined ? Number.POSITIVE_INFINITY : tried.objective - state.best.objective;
  const climbed = climb > 0;
  const best = climbed ? tried : (state.best as Evaluated);
  const logs = climbed ? state.next : state.logs;
  const failed = climbed ? 0 : state.failed + 1;
  const damping = climbed ? state.damping / 3 : state.damping * 8;
  const move = moveFrom(logs, best, prior, damping);
  const common = { step: state.step + 1, logs, best, damping, failed };
  const isOver =
    move === undefined || failed > MOST_FAILED || move.gain < enough || (climbed && climb < enough);
  if (!isOver) return { ...common, stage: state.stage, isDone: false, next: move.logs };
  if (state.stage > 0) return { ...common, stage: state.stage, isDone: true, next: logs };
  const { best: _sample, ...rest } = common;
  return { ...rest, damping: FIRST_DAMPING / 3, failed: 0, stage: 1, isDone: false, next: logs };
}

function moveFrom(
  logs: readonly number[],
  at: Evaluated,
  prior: ChainPrior,
  damping: number,
): { readonly logs: number[]; readonly gain: number } | undefined {
  const count = logs.length;
  const slope = logs.map((log, j) => {
    const { weight, middle } = pullOf(prior, j);
    return (at.gradient[j] as number) - weight * (log - middle);
  });
  const matrix = at.information.slice();
  for (let j = 0; j < count; j++) {
    const own = (matrix[j * count + j] as number) + pullOf(prior, j).weight;
    matrix[j * count + j] = own * (1 + damping);
  }
  const direction = solvePositive(matrix, slope);
  if (direction === undefined) return undefined;
  const longest = direction.reduce((most, d) => Math.max(most, Math.abs(d)), 0);
  const scale = Math.min(1, LONGEST_MOVE / longest);
  const next = clampLogs(logs.map((log, j) => log + scale * (direction[j] as number)));
  const gain = slope.reduce((sum, s, j) => sum + s * ((next[j] as number) - (logs[j] as number)), 0) / 2;
  return { logs: next, gain };
}

function pullOf(prior: ChainPrior, j: number): { readonly weight: number; readonly middle: number } {
  const known = prior[LEARNED[j] as string];
  return known === undefined
    ? { weight: 0.01, middle: 0 }
    : { weight: 1 / known.spread ** 2, middle: Math.log(known.median) };
}

const logPrior = (logs: readonly number[], prior: ChainPrior): number =>
  logs.reduce((sum, log, j) => {
    const { weight, middle } = pullOf(prior, j);
    return sum - 0.5 * weight * (log - middle) ** 2;
  }, 0);

const furthest = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((most, value, j) => Math.max(most, Math.abs(value - (b[j] as number))), 0);
