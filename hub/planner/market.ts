/**
 * One SKU's market: every store that could give or take it, with the value of each unit. This is all the
 * solvers see. Markets meet only in the lanes they share.
 */
import { type PackedProblem, UNLIMITED } from './packed-problem.ts';
import { groupRows } from './columns.ts';
import { freeStock, sureUnits } from './on-hand.ts';
import { unitValuesOf } from './position-value.ts';

export interface Market {
  readonly sku: number;
  /** Store of each node, ascending. */
  readonly stores: Int32Array;
  /** Marginal losses of node i: giveLoss[giveStart[i] .. giveStart[i + 1]), in the order units leave. */
  readonly giveStart: Int32Array;
  readonly giveLoss: Float64Array;
  /** Marginal stock values of node i, never rising. */
  readonly takeStart: Int32Array;
  readonly takeValue: Float64Array;
  /** Most units that may enter node i. */
  readonly takeLimit: Int32Array;
  /** Needs of node i: rows needStart[i] .. needStart[i + 1) of `needs`. */
  readonly needStart: Int32Array;
  readonly needs: readonly MarketNeed[];
}

export interface MarketNeed {
  readonly qty: number;
  readonly value: number;
  readonly dueHours: number;
}

/** Lanes of the problem; those that policy blocks have no room. */
export type Lanes = Omit<PackedProblem['lanes'], 'isBlocked'>;

export function openLanes({ lanes }: PackedProblem): Lanes {
  const capacity = lanes.capacity.map((units, lane) => (lanes.isBlocked[lane] === 1 ? 0 : units));
  return { ...lanes, capacity };
}

/** Builds the market of every SKU that somebody could give and somebody else could take. */
export function* markets(packed: PackedProblem, lanes: Lanes): Generator<Market> {
  const skuCount = packed.skus.length;
  const rowsOf = groupRows(packed.positions.sku, skuCount);
  const needsOf = groupRows(packed.needs.sku, skuCount);
  const reach = laneReach(lanes, packed.stores.length);
  for (let sku = 0; sku < skuCount; sku += 1) {
    if (packed.isSkuBlocked[sku] === 1) continue;
    const market = buildMarket(packed, { sku, lanes, rows: rowsOf(sku), needRows: needsOf(sku), reach });
    if (market) yield market;
  }
}

interface LaneReach {
  /** Lanes into each store. */
  readonly into: readonly (readonly number[])[];
  readonly hasWayOut: Uint8Array;
}

function laneReach(lanes: Lanes, storeCount: number): LaneReach {
  const into: number[][] = Array.from({ length: storeCount }, () => []);
  const hasWayOut = new Uint8Array(storeCount);
  for (let lane = 0; lane < lanes.from.length; lane += 1) {
    if (lanes.capacity[lane] === 0) continue;
    into[lanes.to[lane] ?? 0]?.push(lane);
    hasWayOut[lanes.from[lane] ?? 0] = 1;
  }
  return { into, hasWayOut };
}

interface MarketRows {
  readonly sku: number;
  readonly lanes: Lanes;
  readonly rows: Int32Array;
  readonly needRows: Int32Array;
  readonly reach: LaneReach;
}

function buildMarket(packed: PackedProblem, found: MarketRows): Market | undefined {
  const { sku, lanes, rows, needRows, reach } = found;
  const { positions } = packed;
  const rowOf = new Map<number, number>();
  for (const row of rows) rowOf.set(positions.store[row] ?? 0, row);
  const needsAt = new Map<number, MarketNeed[]>();
  for (const row of needRows) {
    const store = packed.needs.store[row] ?? 0;
    needsAt.set(store, [...(needsAt.get(store) ?? []), needAt(packed, row)]);
  }
  const stores = Int32Array.from(new Set([...rowOf.keys(), ...needsAt.keys()])).sort();
  const giveOf = new Map<number, number>();
  const freeOf = new Map<number, Float64Array>();
  for (const [store, row] of rowOf) {
    const free = freeStock(onHandAt(packed, row));
    freeOf.set(store, free);
    if (!reach.hasWayOut[store]) continue;
    const sure = sureUnits(free, packed.alpha) - (positions.minimum[row] ?? 0);
    const give = Math.min(sure, packed.maxUnits);
    if (give > 0) giveOf.set(store, give);
  }
  if (giveOf.size === 0) return undefined;
  const gives: Float64Array[] = [];
  const takes: Float64Array[] = [];
  const limits: number[] = [];
  const needs: MarketNeed[][] = [];
  for (const store of stores) {
    let supply = 0;
    let cheapest = Number.POSITIVE_INFINITY;
    for (const lane of reach.into[store] ?? []) {
      const units = Math.min(giveOf.get(lanes.from[lane] ?? 0) ?? 0, lanes.capacity[lane] ?? 0);
      supply += units;
      if (units > 0) cheapest = Math.min(cheapest, lanes.perUnit[lane] ?? 0);
    }
    const limit = Math.min(supply, packed.maxUnits);
    const row = rowOf.get(store);
    const units =
      row === undefined
        ? { giveLosses: new Float64Array(0), takeValues: new Float64Array(0) }
        : unitValuesOf(freeOf.get(store) ?? new Float64Array(1), worthAt(packed, row), {
            alpha: packed.alpha,
            maxGive: giveOf.get(store) ?? 0,
            maxTake: limit,
            // A unit worth no more than its cheapest way in never pays.
            leastValue: cheapest,
          });
    gives.push(units.giveLosses);
    takes.push(units.takeValues);
    limits.push(limit);
    needs.push(limit > 0 ? (needsAt.get(store) ?? []) : []);
  }
  if (takes.every((t) => t.length === 0) && needs.every((n) => n.length === 0)) return undefined;
  return {
    sku,
    stores,
    ...flatten(gives, 'give'),
    ...flatten(takes, 'take'),
    takeLimit: Int32Array.from(limits, (limit) => Math.min(limit, UNLIMITED)),
    needStart: starts(needs.map((n) => n.length)),
    needs: needs.flat(),
  };
}

function needAt({ needs }: PackedProblem, row: number): MarketNeed {
  return {
    qty: needs.qty[row] ?? 0,
    value: needs.value[row] ?? 0,
    dueHours: needs.dueHours[row] ?? 0,
  };
}

function onHandAt({ positions }: PackedProblem, row: number) {
  const from = positions.pmfStart[row] ?? 0;
  const to = positions.pmfStart[row + 1] ?? 0;
  return {
    pmf: to > from ? positions.pmf.subarray(from, to) : undefined,
    mean: positions.mean[row],
    p0: positions.p0[row],
    reserved: positions.reserved[row] ?? 0,
  };
}

function worthAt({ positions }: PackedProblem, row: number) {
  const dispersion = positions.dispersion[row] ?? Number.NaN;
  const lossValue = positions.lossValue[row] ?? Number.NaN;
  return {
    rate: positions.rate[row] ?? 0,
    coverDays: positions.coverDays[row] ?? 0,
    dispersion: Number.isNaN(dispersion) ? undefined : dispersion,
    margin: positions.margin[row] ?? 0,
    lossValue: Number.isNaN(lossValue) ? undefined : lossValue,
    minimum: positions.minimum[row] ?? 0,
  };
}

function flatten<Name extends 'give' | 'take'>(lists: readonly Float64Array[], name: Name) {
  const start = starts(lists.map((list) => list.length));
  const all = new Float64Array(start[lists.length] ?? 0);
  for (const [i, list] of lists.entries()) all.set(list, start[i]);
  return (
    name === 'give' ? { giveStart: start, giveLoss: all } : { takeStart: start, takeValue: all }
  ) as Name extends 'give' ? Pick<Market, 'giveStart' | 'giveLoss'> : Pick<Market, 'takeStart' | 'takeValue'>;
}

function starts(lengths: readonly number[]): Int32Array {
  const start = new Int32Array(lengths.length + 1);
  for (const [i, length] of lengths.entries()) start[i + 1] = (start[i] ?? 0) + length;
  return start;
}
