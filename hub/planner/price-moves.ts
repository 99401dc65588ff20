/** What moves of one SKU are worth by the formula of the problem, and how each of them earns its part of it. */
import type { PlanningNeed, PlanningPosition, PlannedUnits } from '../../protocol/index.ts';
import type { LaneLoads } from './lane-loads.ts';
import { confidenceOf, freeStock } from './on-hand.ts';
import { PlanningError } from './planning-error.ts';
import { total, unitValues } from './position-value.ts';

export interface MoveWorth {
  /** Value of orders served in time plus value of stock. */
  readonly value: number;
  readonly cost: number;
  readonly donorLoss: number;
  /** P(the donor has all units that the plan takes from it). */
  readonly confidence: number;
  readonly stockUnits: number;
  readonly stockValue: number;
  readonly served: readonly { readonly need: number; readonly units: number }[];
}

/** A need and its row among the problem's needs. */
export interface NeedAt {
  readonly at: number;
  readonly need: PlanningNeed;
}

/** What there is to know of one SKU, by store. Lanes carry the units of the whole plan. */
export interface SkuScene {
  readonly positions: ReadonlyMap<string, PlanningPosition>;
  readonly needs: ReadonlyMap<string, readonly NeedAt[]>;
  readonly loads: LaneLoads;
}

interface Entry {
  readonly move: PlannedUnits;
  readonly hours: number;
  worth: MoveWorth;
}

const nothingServed: MoveWorth['served'] = [];

/** Same order as the moves. @throws PlanningError `plan-bad-move` where a lane or a donor does not exist */
export function priceMoves(scene: SkuScene, moves: readonly PlannedUnits[]): readonly MoveWorth[] {
  const entries = moves.map((move) => payLane(scene.loads, move));
  for (const [from, group] of Map.groupBy(entries, ({ move }) => move.from))
    shareDonorLoss(scene.positions.get(from), group);
  for (const [to, group] of Map.groupBy(entries, ({ move }) => move.to))
    shareValue(scene.positions.get(to), scene.needs.get(to) ?? [], group);
  return entries.map(({ worth }) => worth);
}

/** Each move pays its units and, by its share of the lane's units, the lane's fixed cost. */
function payLane(loads: LaneLoads, move: PlannedUnits): Entry {
  const load = loads.find(move.from, move.to);
  if (!load)
    throw new PlanningError(
      'plan-bad-move',
      `A move of SKU "${move.sku}" uses a lane from "${move.from}" to "${move.to}" that does not exist.`,
    );
  const { lane, units } = load;
  const cost = move.qty * lane.perUnit + (move.qty / Math.max(units, move.qty)) * lane.fixed;
  const worth = { value: 0, cost, donorLoss: 0, confidence: 0, stockUnits: 0, stockValue: 0 };
  return { move, hours: lane.hours, worth: { ...worth, served: nothingServed } };
}

function shareDonorLoss(position: PlanningPosition | undefined, group: readonly Entry[]): void {
  if (!position)
    throw new PlanningError(
      'plan-bad-move',
      `Nothing is known of SKU "${group[0]?.move.sku}" at donor "${group[0]?.move.from}".`,
    );
  const units = group.reduce((sum, { move }) => sum + move.qty, 0);
  // Whether the donor may give that many is not asked here: the loss is the formula's in any case.
  const { giveLosses } = unitValues({ ...position, minimum: 0 }, { alpha: 1, maxGive: units, maxTake: 0 });
  const donorLoss = total(giveLosses, units);
  const confidence = confidenceOf(freeStock(position), units);
  for (const entry of group)
    entry.worth = { ...entry.worth, confidence, donorLoss: (donorLoss * entry.move.qty) / units };
}

/** Needs are served first, as many as possible, the most valuable of those; what is left over goes to stock. */
function shareValue(
  position: PlanningPosition | undefined,
  needs: readonly NeedAt[],
  group: readonly Entry[],
): void {
  const arrivals = group.toSorted((a, b) => a.hours - b.hours);
  const served = assignNeeds(needs, arrivals);
  let before = 0;
  const units = arrivals.reduce((sum, { move }) => sum + move.qty, 0);
  const takeValues = position
    ? unitValues(position, { alpha: 0, maxGive: 0, maxTake: units }).takeValues
    : new Float64Array(0);
  for (const entry of arrivals) {
    const mine = served.get(entry) ?? [];
    let orderValue = 0;
    let servedHere = 0;
    for (const { need, units: count } of mine) {
      orderValue += need.need.value * count;
      servedHere += count;
    }
    const stockUnits = entry.move.qty - servedHere;
    const stockValue = total(takeValues, before + stockUnits) - total(takeValues, before);
    before += stockUnits;
    entry.worth = {
      ...entry.worth,
      value: orderValue + stockValue,
      stockUnits,
      stockValue,
      served:
        mine.length === 0
          ? nothingServed
          : mine.map(({ need, units: count }) => ({ need: need.at, units: count })),
    };
  }
}

type Served = { readonly need: NeedAt; readonly units: number };

/**
 * Matching units to needs is a transversal matroid: taking needs by falling value, each unit of need if the
 * units accepted so far can still all be served, gives the most units and among those the most value. Needs are
 * nested in time, so "can all be served" is: by every deadline, no more is promised than has arrived.
 */
function assignNeeds(
  needs: readonly NeedAt[],
  arrivals: readonly Entry[],
): ReadonlyMap<Entry, readonly Served[]> {
  const result = new Map<Entry, Served[]>();
  if (needs.length === 0) return result;
  const accepted = new Map<NeedAt, number>();
  const dues = [...new Set(needs.map(({ need }) => need.dueHours))];
  const arrivedBy = new Map(
    dues.map((due) => [
      due,
      arrivals.reduce((sum, { hours, move }) => sum + (hours <= due ? move.qty : 0), 0),
    ]),
  );
  const byValue = needs.toSorted((a, b) => b.need.value - a.need.value || a.need.dueHours - b.need.dueHours);
  for (const candidate of byValue) {
    const room = dues
      .filter((due) => due >= candidate.need.dueHours)
      .map((due) => {
        let promised = 0;
        for (const [{ need }, units] of accepted) if (need.dueHours <= due) promised += units;
        return (arrivedBy.get(due) ?? 0) - promised;
      });
    accepted.set(candidate, Math.max(0, Math.min(candidate.need.qty, ...room)));
  }
  const open = [...accepted]
    .filter(([, units]) => units > 0)
    .sort(([a], [b]) => a.need.dueHours - b.need.dueHours);
  const left = new Map(arrivals.map((entry) => [entry, entry.move.qty]));
  for (const [need, units] of open) {
    let missing = units;
    // Latest arrivals that still make it first: earlier ones are kept for earlier deadlines already served.
    for (const entry of arrivals.toReversed()) {
      const used = Math.min(missing, entry.hours <= need.need.dueHours ? (left.get(entry) ?? 0) : 0);
      if (used <= 0) continue;
      left.set(entry, (left.get(entry) ?? 0) - used);
      missing -= used;
      result.set(entry, [...(result.get(entry) ?? []), { need, units: used }]);
    }
  }
  return result;
}
