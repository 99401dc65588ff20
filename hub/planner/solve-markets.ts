/** Chooses how to solve: one exact model when it is small, decomposed with a proven bound when it is not. */
import { solveDecomposed } from './decomposed.ts';
import { exactModel, type Flow } from './exact-model.ts';
import type { LinearSolver } from './highs-solver.ts';
import type { Lanes, Market } from './market.ts';

/** Models beyond this many lane-SKU pairs are decomposed; below, HiGHS proves the optimum in seconds. */
const MAX_EXACT_PAIRS = 400;

export interface SolveOptions {
  readonly timeLimitSeconds: number;
  /** Proven relative gap at which to stop. */
  readonly gap: number;
  readonly shouldStop: () => boolean;
  /** Seconds since the plan was asked for. */
  readonly elapsedSeconds: () => number;
  readonly report?: (values: { readonly objective: number; readonly bound: number }) => void;
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
  if (pairCount(problem) > MAX_EXACT_PAIRS) {
    const plan = solveDecomposed(problem.lanes, problem.markets, options);
    return { ...plan, method: 'decomposed' };
  }
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

function pairCount({
  lanes,
  markets,
}: {
  readonly lanes: Lanes;
  readonly markets: readonly Market[];
}): number {
  let count = 0;
  for (const market of markets) {
    const stores = new Set(market.stores);
    for (let lane = 0; lane < lanes.from.length; lane += 1)
      if (stores.has(lanes.from[lane] ?? -1) && stores.has(lanes.to[lane] ?? -1)) count += 1;
    if (count > MAX_EXACT_PAIRS) return count;
  }
  return count;
}
