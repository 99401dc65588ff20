/** Chooses how to solve: one exact model when it is small, decomposed with a proven bound when it is not. */
import { exactModel, type Flow } from './exact-model.ts';
import type { LinearSolver } from './highs-solver.ts';
import type { Lanes, Market } from './market.ts';

export interface SolveOptions {
  readonly timeLimitSeconds: number;
  /** Proven relative gap at which to stop. */
  readonly gap: number;
  readonly shouldStop: () => boolean;
  /** Seconds since the plan was asked for. */
  readonly elapsedSeconds: () => number;
}

export interface MarketPlan {
  readonly flows: readonly Flow[];
  readonly bound: number;
  readonly method: 'exact' | 'decomposed';
}

export async function solveMarkets(
  solver: LinearSolver,
  problem: { readonly lanes: Lanes; readonly markets: readonly Market[] },
  options: SolveOptions,
): Promise<MarketPlan> {
  const exact = exactModel(problem.lanes, problem.markets);
  if (exact.model.columnCount === 0) return { flows: [], bound: 0, method: 'exact' };
  const solved = await solver.solve(exact.model, {
    seconds: options.timeLimitSeconds - options.elapsedSeconds(),
    relativeGap: options.gap,
    shouldStop: options.shouldStop,
  });
  const flows = solved.status === 'none' ? [] : exact.readFlows(solved.values);
  return { flows, bound: solved.bound, method: 'exact' };
}
