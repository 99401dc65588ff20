/**
 * The nightly run: tape, fit on all but the last weeks, challenge on those, and a verdict. Versions are kept
 * by the caller: the result names its parent, so going back is choosing the parent again.
 */
import { type BeliefParameters, defaultParameters } from '@truecount/device/belief';
import type { FittedStatistics, Observation } from '@truecount/protocol';
import { statisticsOf } from './chain-statistics.ts';
import { type HeldOutScore, judge, scoreHeldOut, type Verdict } from './challenge.ts';
import { type FitProgress, type FitState, fit } from './fit.ts';
import { type ChainPrior, fromLogs, priorFromDefaults, toLogs } from './learned-parameters.ts';
import { evenly, recordTape, type StoreTape } from './tape.ts';

/** A store's observations in order of `t`; read several times. */
export type History = () => Iterable<Observation>;

export type LearnProgress =
  | { readonly phase: 'reading' | 'judging' }
  | { readonly phase: 'fitting'; readonly fit: FitProgress };

export interface LearnOptions {
  readonly champion?: BeliefParameters;
  readonly prior?: ChainPrior;
  /** Days at the end that judge instead of teaching. */
  readonly heldOutDays?: number;
  /** SKUs that teach; all vote in the challenge. Bounds the night's work. */
  readonly maxSkus?: number;
  readonly maxSteps?: number;
  readonly resume?: FitState;
  /** Name of what is learned; the date and steps without it. */
  readonly version?: string;
  readonly onProgress?: (progress: LearnProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface LearnResult {
  readonly parent: string;
  readonly challenger: BeliefParameters;
  readonly verdict: Verdict;
  /** The parameters to use from now on. */
  readonly parameters: BeliefParameters;
  readonly champion: HeldOutScore;
  readonly heldOut: HeldOutScore;
  readonly statistics: FittedStatistics;
  readonly taughtBy: number;
}

const DAY_MS = 86_400_000;
const TEACHING_SKUS = 1500;
const FEWEST_DAYS = 7;
/** A few weeks may doubt the whole way and still welcome half of it; the next nights go on from there. */
const SHARES_OF_THE_WAY = [1, 0.5] as const;

export class LearnError extends Error {
  readonly code = 'LEARN_HISTORY';
}

export async function learn(history: History, options: LearnOptions = {}): Promise<LearnResult> {
  const { signal, onProgress } = options;
  const champion = options.champion ?? defaultParameters;
  onProgress?.({ phase: 'reading' });
  const { last, skus } = extentOf(history());
  if (last === undefined) throw new LearnError('no observations to learn from: give a history of some weeks');
  const from = new Date(Date.parse(last) - (options.heldOutDays ?? 14) * DAY_MS).toISOString();
  const keep = evenly(skus, options.maxSkus ?? TEACHING_SKUS);
  const tape = await recordTape(until(history(), from), { parameters: champion, keep, signal });
  if (tape.skus.length === 0 || tape.dayEnds.length < FEWEST_DAYS)
    throw new LearnError(
      `history too short: ${tape.dayEnds.length} whole days before the held-out weeks, ${FEWEST_DAYS} are needed`,
    );
  const { state } = await lastOf(options, champion, tape);
  onProgress?.({ phase: 'judging' });
  const score = (parameters: BeliefParameters): Promise<HeldOutScore> =>
    scoreHeldOut(history(), from, { parameters }, signal);
  const old = await score(champion);
  const version = options.version ?? `learned-${last.slice(0, 10)}-${state.step}`;
  let challenged: Pick<LearnResult, 'challenger' | 'heldOut' | 'verdict'> | undefined;
  for (const share of SHARES_OF_THE_WAY) {
    const challenger = between(champion, state.logs, share, share === 1 ? version : `${version}-half`);
    const heldOut = await score(challenger);
    const verdict = judge(old, heldOut);
    if (challenged === undefined || verdict.winner === 'challenger')
      challenged = { challenger, heldOut, verdict };
    if (verdict.winner === 'challenger') break;
  }
  const { challenger, heldOut, verdict } = challenged as NonNullable<typeof challenged>;
  return {
    parent: champion.version,
    challenger,
    verdict,
    parameters: verdict.winner === 'challenger' ? challenger : champion,
    champion: old,
    heldOut,
    statistics: statisticsOf(state, version),
    taughtBy: tape.skus.length,
  };
}

/** Parameters on the way (in logs) from the champion's to the fitted ones. */
function between(
  champion: BeliefParameters,
  fitted: readonly number[],
  share: number,
  version: string,
): BeliefParameters {
  const start = toLogs(champion);
  const logs = fitted.map((log, j) => (start[j] as number) + share * (log - (start[j] as number)));
  return fromLogs(logs, champion, version);
}

function extentOf(observations: Iterable<Observation>): {
  readonly last: string | undefined;
  readonly skus: ReadonlySet<string>;
} {
  const skus = new Set<string>();
  let last: string | undefined;
  for (const observation of observations) {
    last = observation.t;
    if ('sku' in observation) skus.add(observation.sku);
  }
  return { last, skus };
}

function* until(observations: Iterable<Observation>, from: string): Generator<Observation> {
  for (const observation of observations) {
    if (observation.t >= from) return;
    yield observation;
  }
}

async function lastOf(options: LearnOptions, start: BeliefParameters, tape: StoreTape): Promise<FitProgress> {
  let progress: FitProgress | undefined;
  const { resume, maxSteps, signal } = options;
  for await (const step of fit({
    tape,
    start,
    prior: options.prior ?? priorFromDefaults(defaultParameters),
    ...(resume === undefined ? {} : { state: resume }),
    ...(maxSteps === undefined ? {} : { maxSteps }),
    ...(signal === undefined ? {} : { signal }),
  })) {
    progress = step;
    options.onProgress?.({ phase: 'fitting', fit: step });
  }
  if (progress !== undefined) return progress;
  if (resume?.isDone === true)
    return { state: resume, parameters: fromLogs(resume.logs, start, start.version), moved: 0 };
  throw new LearnError('no step was allowed: maxSteps must be at least 1');
}
