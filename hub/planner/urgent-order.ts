/**
 * One urgent order beside a plan that already stands: a small problem of its own, exact in milliseconds. What was
 * committed before stays: its units are gone from donors, its lanes are paid for, its room on lanes is taken.
 */
import type { PlannedUnits, PlanningNeed, PlanningPosition, PlanningProblem } from '../../protocol/index.ts';
import { evaluatePlan } from './evaluate-plan.ts';
import { freeStock } from './on-hand.ts';

export function urgentProblem(
  problem: PlanningProblem,
  need: PlanningNeed,
  committed: readonly PlannedUnits[],
): PlanningProblem {
  const { store, sku } = need;
  const mine = committed.filter((move) => move.sku === sku);
  const given = sumBy(mine, (move) => move.from);
  const received = sumBy(mine, (move) => move.to);
  const onLane = sumBy(
    committed.filter(({ to }) => to === store),
    (move) => move.from,
  );
  const { maxUnits } = problem.policy;
  const limit = maxUnits ?? Number.POSITIVE_INFINITY;
  const lanes = problem.lanes
    .filter(({ from, to }) => to === store && !received.has(from) && !given.has(store))
    .map((lane) => {
      const used = onLane.get(lane.from) ?? 0;
      const room = Math.min((lane.capacity ?? limit) - used, limit - (given.get(lane.from) ?? 0));
      const capacity = Number.isFinite(room) ? { capacity: Math.max(0, room) } : {};
      return { ...lane, fixed: used > 0 ? 0 : lane.fixed, ...capacity };
    });
  const near = new Set([store, ...lanes.map(({ from }) => from)]);
  const onShelf = shelvedUnits(problem, mine, need);
  const positions = problem.positions
    .filter((position) => position.sku === sku && near.has(position.store))
    .map((position) =>
      position.store === store
        ? withMore(position, onShelf)
        : { ...position, reserved: position.reserved + (given.get(position.store) ?? 0) },
    );
  const policy =
    maxUnits === undefined
      ? problem.policy
      : { ...problem.policy, maxUnits: Math.max(0, maxUnits - (received.get(store) ?? 0)) };
  return { stores: problem.stores.filter(({ id }) => near.has(id)), lanes, positions, needs: [need], policy };
}

/** Units of the SKU that committed moves bring to the order's store for its shelf. */
function shelvedUnits(
  problem: PlanningProblem,
  mine: readonly PlannedUnits[],
  { store, sku }: PlanningNeed,
): number {
  const arriving = mine.filter(({ to }) => to === store);
  if (arriving.length === 0) return 0;
  const needs = problem.needs.filter((need) => need.store === store && need.sku === sku);
  const positions = problem.positions.filter((position) => position.sku === sku);
  const worth = evaluatePlan({ ...problem, needs, positions }, arriving);
  return worth.moves.reduce((sum, move) => sum + move.stockUnits, 0);
}

function withMore(position: PlanningPosition, units: number): PlanningPosition {
  if (units === 0) return position;
  const pmf = [...Array.from({ length: units }, () => 0), ...freeStock(position)];
  return { ...position, pmf, reserved: 0 };
}

function sumBy(moves: readonly PlannedUnits[], key: (move: PlannedUnits) => string): Map<string, number> {
  const sums = new Map<string, number>();
  for (const move of moves) sums.set(key(move), (sums.get(key(move)) ?? 0) + move.qty);
  return sums;
}
