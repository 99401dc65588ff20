/**
 * What a set of moves is worth by the formula of the problem, recomputed from the problem itself and sharing no
 * code with the solvers beyond the value of a unit. Also says how each move earns its part, so that the parts
 * add up to the whole.
 */
import type { PlanningNeed, PlanningPosition, PlanningProblem, PlannedUnits } from '../../protocol/index.ts';
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

interface Entry {
  readonly at: number;
  readonly move: PlannedUnits;
  readonly hours: number;
  worth: MoveWorth;
}

export function evaluatePlan(problem: PlanningProblem, moves: readonly PlannedUnits[]): PlanWorth {
  const entries = laneCosts(problem, moves);
  const keys = new Set(moves.flatMap((move) => [keyOf(move.from, move.sku), keyOf(move.to, move.sku)]));
  const positions = new Map<string, PlanningPosition>();
  for (const position of problem.positions) {
    const key = keyOf(position.store, position.sku);
    if (keys.has(key)) positions.set(key, position);
  }
  const needs = new Map<string, { readonly at: number; readonly need: PlanningNeed }[]>();
  for (const [at, need] of problem.needs.entries()) {
    const key = keyOf(need.store, need.sku);
    if (keys.has(key)) needs.set(key, [...(needs.get(key) ?? []), { at, need }]);
  }
  for (const [key, group] of groupEntries(entries, (move) => keyOf(move.from, move.sku)))
    shareDonorLoss(positions.get(key), group);
  const servedUnits = problem.needs.map(() => 0);
  for (const [key, group] of groupEntries(entries, (move) => keyOf(move.to, move.sku)))
    shareValue(positions.get(key), needs.get(key) ?? [], { group, servedUnits });
  const worths = entries.map((entry) => entry.worth);
  const sum = (part: (worth: MoveWorth) => number): number =>
    worths.reduce((all, worth) => all + part(worth), 0);
  const stockValue = sum((worth) => worth.stockValue);
  const orderValue = sum((worth) => worth.value) - stockValue;
  const donorLoss = sum((worth) => worth.donorLoss);
  const laneCost = sum((worth) => worth.cost);
  return {
    objective: orderValue + stockValue - donorLoss - laneCost,
    orderValue,
    stockValue,
    donorLoss,
    laneCost,
    moves: worths,
    servedUnits,
  };
}

const keyOf = (store: string, sku: string): string => JSON.stringify([store, sku]);

function groupEntries(entries: readonly Entry[], key: (move: PlannedUnits) => string): Map<string, Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const entry of entries) {
    const at = key(entry.move);
    const group = groups.get(at);
    if (group) group.push(entry);
    else groups.set(at, [entry]);
  }
  return groups;
}

/** Each move pays its units and, by its share of the lane's units, the lane's fixed cost. */
function laneCosts(problem: PlanningProblem, moves: readonly PlannedUnits[]): Entry[] {
  const lanes = new Map(problem.lanes.map((lane) => [keyOf(lane.from, lane.to), lane]));
  const onLane = new Map<string, number>();
  for (const move of moves) {
    const key = keyOf(move.from, move.to);
    onLane.set(key, (onLane.get(key) ?? 0) + move.qty);
  }
  return moves.map((move, at) => {
    const key = keyOf(move.from, move.to);
    const lane = lanes.get(key);
    if (!lane)
      throw new PlanningError(
        'plan-bad-move',
        `Move ${at} uses a lane from "${move.from}" to "${move.to}" that does not exist.`,
      );
    const share = move.qty / (onLane.get(key) ?? move.qty);
    const cost = move.qty * lane.perUnit + share * lane.fixed;
    const worth = { value: 0, cost, donorLoss: 0, confidence: 0, stockUnits: 0, stockValue: 0, served: [] };
    return { at, move, hours: lane.hours, worth };
  });
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

interface Arrival {
  readonly group: readonly Entry[];
  readonly servedUnits: number[];
}

/** Needs are served first, as many as possible, the most valuable of those; what is left over goes to stock. */
function shareValue(
  position: PlanningPosition | undefined,
  needs: readonly { readonly at: number; readonly need: PlanningNeed }[],
  { group, servedUnits }: Arrival,
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
    for (const { need, units } of mine) {
      servedUnits[need.at] = (servedUnits[need.at] ?? 0) + units;
      orderValue += need.need.value * units;
      servedHere += units;
    }
    const stockUnits = entry.move.qty - servedHere;
    const stockValue = total(takeValues, before + stockUnits) - total(takeValues, before);
    before += stockUnits;
    entry.worth = {
      ...entry.worth,
      value: orderValue + stockValue,
      stockUnits,
      stockValue,
      served: mine.map(({ need, units }) => ({ need: need.at, units })),
    };
  }
}

type NeedAt = { readonly at: number; readonly need: PlanningNeed };

/**
 * Matching units to needs is a transversal matroid: taking needs by falling value, each unit of need if the
 * units accepted so far can still all be served, gives the most units and among those the most value. Needs are
 * nested in time, so "can all be served" is: by every deadline, no more is promised than has arrived.
 */
function assignNeeds(
  needs: readonly NeedAt[],
  arrivals: readonly Entry[],
): Map<Entry, { readonly need: NeedAt; readonly units: number }[]> {
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
  const result = new Map<Entry, { need: NeedAt; units: number }[]>();
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
