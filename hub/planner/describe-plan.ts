/** Prices and explains moves; the objective is recomputed from them, never taken from the solver. */
import type { Plan, PlannedUnits } from '../../protocol/index.ts';
import { evaluatePlan } from './evaluate-plan.ts';
import { explainMove } from './explain-moves.ts';
import { explainUnmet } from './explain-unmet.ts';
import { type PackedProblem, unpack } from './packed-problem.ts';
import type { MarketPlan } from './solve-markets.ts';

export type DescribedPlan = Omit<Plan, 'seconds'>;

export function describePlan(packed: PackedProblem, solved: MarketPlan): DescribedPlan {
  const { problem, moves } = movesOf(packed, solved);
  const worth = evaluatePlan(problem, moves);
  const { objective } = worth;
  // The solver's bound carries its own rounding; an optimum must not end up above it.
  const bound = Math.max(solved.bound, objective);
  return {
    moves: worth.moves.map((part, at) => {
      const move = moves[at] as PlannedUnits;
      const { value, cost, donorLoss, confidence } = part;
      return { ...move, value, cost, donorLoss, confidence, because: explainMove(problem, move, part) };
    }),
    objective,
    bound,
    gap: relativeGap(objective, bound),
    method: solved.method,
    unmet: explainUnmet(problem, moves, worth.servedUnits),
  };
}

/** The moves by name, and the part of the problem that they and the needs are about. */
function movesOf(packed: PackedProblem, { flows }: MarketPlan) {
  const { stores, skus, lanes, positions, needs } = packed;
  const touched = new Set<number>();
  const key = (store: number, sku: number): number => sku * stores.length + store;
  for (const { lane, sku } of flows) {
    touched.add(key(lanes.from[lane] ?? 0, sku));
    touched.add(key(lanes.to[lane] ?? 0, sku));
  }
  const isNeeded = new Set(needs.sku);
  const problem = unpack(packed, (row) => {
    const sku = positions.sku[row] ?? 0;
    return isNeeded.has(sku) || touched.has(key(positions.store[row] ?? 0, sku));
  });
  const moves = flows.map(({ lane, sku, units }): PlannedUnits => {
    const from = stores[lanes.from[lane] ?? 0] ?? '';
    const to = stores[lanes.to[lane] ?? 0] ?? '';
    return { from, to, sku: skus[sku] ?? '', qty: units };
  });
  return { problem, moves };
}

/** (bound - objective) / objective; 0 when both are 0, 1 when only the objective is. */
export function relativeGap(objective: number, bound: number): number {
  const open = bound - objective;
  if (open <= 1e-9 * Math.max(1, Math.abs(objective))) return 0;
  return objective > 0 ? open / objective : 1;
}
