/**
 * What a set of moves is worth by the formula of the problem, recomputed from the problem itself and sharing no
 * code with the solvers beyond the value of a unit. Also says how each move earns its part, so that the parts
 * add up to the whole. One SKU after the other, so that a chain's plan needs little beside it.
 */
import type { PlanningPosition, PlanningProblem, PlannedUnits } from '../../protocol/index.ts';
import { LaneLoads } from './lane-loads.ts';
import { type MoveWorth, type NeedAt, priceMoves } from './price-moves.ts';

export interface PlanWorth {
  readonly objective: number;
  readonly orderValue: number;
  readonly stockValue: number;
  readonly donorLoss: number;
  readonly laneCost: number;
  /** Same order as the moves. */
  readonly moves: readonly MoveWorth[];
  /** Units served of each need, same order as the problem's needs. */
  readonly servedUnits: readonly number[];
}

/** @throws PlanningError `plan-bad-move` where a move uses a lane or a donor that does not exist */
export function evaluatePlan(problem: PlanningProblem, moves: readonly PlannedUnits[]): PlanWorth {
  const loads = new LaneLoads(problem.lanes);
  for (const { from, to, qty } of moves) loads.add(from, to, qty);
  const rowsOf = Map.groupBy(moves.keys(), (at) => (moves[at] as PlannedUnits).sku);
  const positionsOf = new Map<string, PlanningPosition[]>();
  for (const position of problem.positions) {
    if (!rowsOf.has(position.sku)) continue;
    const positions = positionsOf.get(position.sku);
    if (positions) positions.push(position);
    else positionsOf.set(position.sku, [position]);
  }
  const needsOf = Map.groupBy(
    problem.needs.map((need, at): NeedAt => ({ at, need })),
    ({ need }) => need.sku,
  );
  const worths = Array.from<MoveWorth>({ length: moves.length });
  const servedUnits = problem.needs.map(() => 0);
  for (const [sku, rows] of rowsOf) {
    const scene = {
      loads,
      positions: new Map((positionsOf.get(sku) ?? []).map((position) => [position.store, position])),
      needs: Map.groupBy(needsOf.get(sku) ?? [], ({ need }) => need.store),
    };
    const some = rows.map((at) => moves[at] as PlannedUnits);
    for (const [i, worth] of priceMoves(scene, some).entries()) {
      worths[rows[i] as number] = worth;
      for (const { need, units } of worth.served) servedUnits[need] = (servedUnits[need] ?? 0) + units;
    }
  }
  return { ...sumWorth(worths), moves: worths, servedUnits };
}

function sumWorth(worths: readonly MoveWorth[]) {
  const sums = { orderValue: 0, stockValue: 0, donorLoss: 0, laneCost: 0 };
  for (const { value, stockValue, donorLoss, cost } of worths) {
    sums.orderValue += value - stockValue;
    sums.stockValue += stockValue;
    sums.donorLoss += donorLoss;
    sums.laneCost += cost;
  }
  const { orderValue, stockValue, donorLoss, laneCost } = sums;
  return { objective: orderValue + stockValue - donorLoss - laneCost, ...sums };
}
