/**
 * The nightly run: tape, fit on all but the last weeks, challenge on those, and a verdict. Versions are kept
 * by the caller: the result names its parent, so going back is choosing the parent again.
 */
import { type BeliefParameters, defaultParameters } from '@truecount/device/belief';
import type { Observation } from '@truecount/protocol';
import { type StoreStatistics, statisticsOf } from './chain-statistics.ts';
import { type HeldOutScore, judge, scoreHeldOut, type Verdict } from './challenge.ts';
import { type FitProgress, type FitState, fit } from './fit.ts';
import { type ChainPrior, priorFromDefaults } from './learned-parameters.ts';
import { recordTape, type StoreTape } from './tape.ts';

export interface LearnOptions {
  readonly champion?: BeliefParameters;
  readonly prior?: ChainPrior;
  /** Days at the end that judge instead of teaching. */
  readonly heldOutDays?: number;
  /** SKUs that teach; all vote in the challenge. Bounds the night's work. */
  readonly maxSkus?: number;
  readonly maxSteps?: number;
  readonly resume?: FitState;
  readonly onProgress?: (progress: FitProgress) => void;
  readonly signal?: AbortSignal;
}

export interface LearnResult {
  readonly parent: string;
  readonly challenger: BeliefParameters;
  readonly verdict: Verdict;
  /** The parameters to use from now on. */
  readonly parameters: BeliefParameters;
  readonly champion: HeldOutScore;
  readonly heldOut: HeldOutScore;
  readonly statistics: StoreStatistics;
  readonly taughtBy: number;
}

const DAY_MS = 86_400_000;

class LearnError extends Error {
  readonly code = 'LEARN_HISTORY';
}

export async function learn(
  observations: readonly Observation[],
  options: LearnOptions = {},
): Promise<LearnResult> {
  const champion = options.champion ?? defaultParameters;
  const ordered = observations.toSorted((a, b) => (a.t < b.t ? -1 : a.t > b.t ? 1 : 0));
  const last = ordered.at(-1);
  if (last === undefined) throw new LearnError('no observations to learn from: give a history of some weeks');
  const heldOutDays = options.heldOutDays ?? 14;
  const from = new Date(Date.parse(last.t) - heldOutDays * DAY_MS).toISOString();
  const teaching = ordered.filter((observation) => observation.t < from);
  const tape = thin(recordTape(teaching, champion), options.maxSkus ?? 1500);
  if (tape.skus.length === 0 || tape.dayEnds.length < 7)
    throw new LearnError(
      `history too short: ${tape.dayEnds.length} whole days before the held-out weeks, 7 are needed`,
    );
  const state = await lastOf(options, champion, tape);
  const version = `learned-${last.t.slice(0, 10)}-${state.state.step}`;
  const challenger: BeliefParameters = { ...state.parameters, version };
  const scores = [champion, challenger].map((parameters) => scoreHeldOut(ordered, from, parameters));
  const [old, fresh] = scores as [HeldOutScore, HeldOutScore];
  const verdict = judge(old, fresh);
  return {
    parent: champion.version,
    challenger,
    verdict,
    parameters: verdict.winner === 'challenger' ? challenger : champion,
    champion: old,
    heldOut: fresh,
    statistics: statisticsOf(state.state, version),
    taughtBy: tape.skus.length,
  };
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
    options.onProgress?.(step);
  }
  if (progress === undefined) throw new LearnError('no step was allowed: maxSteps must be at least 1');
  return progress;
}

/** Every n-th SKU: all categories and rates stay represented. */
function thin(tape: StoreTape, maxSkus: number): StoreTape {
  if (tape.skus.length <= maxSkus) return tape;
  const stride = tape.skus.length / maxSkus;
  return {
    ...tape,
    skus: Array.from(
      { length: maxSkus },
      (_, i) => tape.skus[Math.floor(i * stride)] as (typeof tape.skus)[number],
    ),
  };
}
