/**
 * All markets laid out flat for the decomposition: one slot per unit that a node could give or take, one pair
 * per lane and SKU that could gain anything at all.
 *
 * Two simplifications keep every bound computed here valid (they only ever flatter a plan): losses of a donor are
 * replaced by their largest convex minorant, and a need may be passed over for stock.
 */
import { integers } from './columns.ts';
import type { Lanes, Market } from './market.ts';
import { UNLIMITED } from './packed-problem.ts';
import { PlanningError } from './planning-error.ts';

/** Some 1.5 GB with everything that is kept per pair. */
const MAX_PAIRS = 8_000_000;

export interface Network {
  readonly lanes: Lanes;
  readonly laneCount: number;
  readonly markets: readonly Market[];
  readonly nodeCount: number;
  /** Nodes of market k: nodeStart[k] .. nodeStart[k + 1). */
  readonly nodeStart: Int32Array;
  /** Give slots of a node, losses rising. */
  readonly giveStart: Int32Array;
  readonly giveLoss: Float64Array;
  /** Take slots of a node, values falling; stock and needs together. */
  readonly takeStart: Int32Array;
  readonly takeValue: Float64Array;
  /** A take slot accepts lanes of at most this many hours; infinite for stock. */
  readonly takeDue: Float64Array;
  /** 1 where some take slot of the node has a deadline. */
  readonly hasDeadline: Uint8Array;
  /** Most units that may enter a node. */
  readonly takeLimit: Int32Array;
  /**
   * Take slots again, by deadline: classes of a node from the tightest deadline to stock. Units that arrive in
   * time for a class may pass on to the next one. Only the most valuable `takeLimit` slots of a node are here.
   */
  readonly classStart: Int32Array;
  readonly classNode: Int32Array;
  readonly classDue: Float64Array;
  readonly classSlotStart: Int32Array;
  readonly classValue: Float64Array;
  /** Pairs of market k: pairStart[k] .. pairStart[k + 1). */
  readonly pairStart: Int32Array;
  readonly pairLane: Int32Array;
  readonly pairFrom: Int32Array;
  readonly pairTo: Int32Array;
  /** Tightest class that a unit of the pair is in time for; -1 if all of the node's classes are tighter. */
  readonly pairClass: Int32Array;
  /** Pairs of a lane, of a donor, and of a class: rows of one list each. */
  readonly byLane: Grouping;
  readonly byFrom: Grouping;
  readonly byClass: Grouping;
  /** Lanes with a capacity, each with its pairs. */
  readonly limitedLanes: readonly { readonly lane: number; readonly pairs: readonly number[] }[];
}

/** Members of group g: item[start[g] .. start[g + 1]). */
export interface Grouping {
  readonly start: Int32Array;
  readonly item: Int32Array;
}

/** @throws PlanningError `plan-too-large` where more than `mostPairs` lane-SKU pairs could pay */
export function buildNetwork(lanes: Lanes, markets: readonly Market[], mostPairs = MAX_PAIRS): Network {
  const laneCount = lanes.from.length;
  const nodeStart = new Int32Array(markets.length + 1);
  for (const [k, market] of markets.entries()) nodeStart[k + 1] = (nodeStart[k] ?? 0) + market.stores.length;
  const nodeCount = nodeStart[markets.length] ?? 0;
  const give = layGives(markets, nodeCount);
  const take = layTakes(markets, nodeCount);
  const takeLimit = new Int32Array(nodeCount);
  for (const [k, market] of markets.entries()) takeLimit.set(market.takeLimit, nodeStart[k]);
  const classes = layClasses({ ...take, takeLimit }, nodeCount);
  const slots = { ...give, ...take, ...classes, nodeStart };
  const pairs = layPairs(lanes, markets, slots, mostPairs);
  const groups = {
    byLane: groupItems(pairs.pairLane, laneCount),
    byFrom: groupItems(pairs.pairFrom, nodeCount),
    byClass: groupItems(pairs.pairClass, classes.classNode.length),
  };
  return { lanes, laneCount, markets, nodeCount, takeLimit, ...slots, ...pairs, ...groups };
}

function groupItems(keys: Int32Array, count: number): Grouping {
  const start = new Int32Array(count + 1);
  for (const key of keys) if (key >= 0) start[key + 1] = (start[key + 1] as number) + 1;
  for (let key = 0; key < count; key += 1)
    start[key + 1] = (start[key + 1] as number) + (start[key] as number);
  const next = start.slice();
  const item = new Int32Array(start[count] as number);
  for (let i = 0; i < keys.length; i += 1) {
    const key = keys[i] as number;
    if (key < 0) continue;
    item[next[key] as number] = i;
    next[key] = (next[key] as number) + 1;
  }
  return { start, item };
}

type Takes = Pick<Network, 'takeStart' | 'takeValue' | 'takeDue' | 'hasDeadline' | 'takeLimit'>;

function layClasses({ takeStart, takeValue, takeDue, hasDeadline, takeLimit }: Takes, nodeCount: number) {
  const classStart = new Int32Array(nodeCount + 1);
  const classNode: number[] = [];
  const classDue: number[] = [];
  const classSlotStart: number[] = [0];
  const classValue = takeValue.slice();
  let slot = 0;
  for (let node = 0; node < nodeCount; node += 1) {
    const first = takeStart[node] as number;
    const end = Math.min(takeStart[node + 1] as number, first + (takeLimit[node] as number));
    const dues =
      hasDeadline[node] === 1
        ? [...new Set(takeDue.subarray(first, end))].sort((a, b) => a - b)
        : first < end
          ? [Number.POSITIVE_INFINITY]
          : [];
    for (const due of dues) {
      for (let j = first; j < end; j += 1) {
        if (takeDue[j] !== due) continue;
        classValue[slot] = takeValue[j] as number;
        slot += 1;
      }
      classNode.push(node);
      classDue.push(due);
      classSlotStart.push(slot);
    }
    classStart[node + 1] = classNode.length;
  }
  return {
    classStart,
    classNode: Int32Array.from(classNode),
    classDue: Float64Array.from(classDue),
    classSlotStart: Int32Array.from(classSlotStart),
    classValue,
  };
}

function layGives(markets: readonly Market[], nodeCount: number) {
  const giveStart = new Int32Array(nodeCount + 1);
  const giveLoss = new Float64Array(markets.reduce((sum, market) => sum + market.giveLoss.length, 0));
  let node = 0;
  let slot = 0;
  for (const market of markets) {
    for (let i = 0; i < market.stores.length; i += 1) {
      const losses = market.giveLoss.subarray(market.giveStart[i], market.giveStart[i + 1]);
      giveLoss.set(convexMinorant(losses), slot);
      slot += losses.length;
      node += 1;
      giveStart[node] = slot;
    }
  }
  return { giveStart, giveLoss };
}

/** Marginals of the largest convex function below: neighbours out of order are pooled to their mean. */
export function convexMinorant(marginals: Float64Array): Float64Array {
  const isRising = marginals.every((m, i) => i === 0 || m >= (marginals[i - 1] ?? 0));
  if (isRising) return marginals;
  const pools: { mean: number; units: number }[] = [];
  for (const marginal of marginals) {
    let pool = { mean: marginal, units: 1 };
    for (let before = pools.at(-1); before && before.mean > pool.mean; before = pools.at(-1)) {
      pools.pop();
      const units = before.units + pool.units;
      pool = { mean: (before.mean * before.units + pool.mean * pool.units) / units, units };
    }
    pools.push(pool);
  }
  return Float64Array.from(pools.flatMap(({ mean, units }) => Array.from({ length: units }, () => mean)));
}

function layTakes(markets: readonly Market[], nodeCount: number) {
  const takeStart = new Int32Array(nodeCount + 1);
  const values: number[] = [];
  const dues: number[] = [];
  const hasDeadline = new Uint8Array(nodeCount);
  let node = 0;
  for (const market of markets) {
    for (let i = 0; i < market.stores.length; i += 1) {
      const limit = market.takeLimit[i] ?? 0;
      const slots: { readonly value: number; readonly due: number }[] = [];
      for (let row = market.needStart[i] ?? 0; row < (market.needStart[i + 1] ?? 0); row += 1) {
        const need = market.needs[row];
        if (!need || need.value <= 0) continue;
        for (let unit = 0; unit < Math.min(need.qty, limit); unit += 1)
          slots.push({ value: need.value, due: need.dueHours });
      }
      const from = market.takeStart[i] ?? 0;
      const stock = Math.min((market.takeStart[i + 1] ?? 0) - from, limit);
      for (let unit = 0; unit < stock; unit += 1)
        slots.push({ value: market.takeValue[from + unit] ?? 0, due: Number.POSITIVE_INFINITY });
      const isMixed = slots.length > 0 && slots[0]?.due !== Number.POSITIVE_INFINITY;
      if (isMixed) slots.sort((a, b) => b.value - a.value);
      hasDeadline[node] = isMixed ? 1 : 0;
      for (const slot of slots) {
        values.push(slot.value);
        dues.push(slot.due);
      }
      node += 1;
      takeStart[node] = values.length;
    }
  }
  return { takeStart, takeValue: Float64Array.from(values), takeDue: Float64Array.from(dues), hasDeadline };
}

type Slots = Pick<
  Network,
  'nodeStart' | 'giveStart' | 'giveLoss' | 'takeStart' | 'takeValue' | 'takeDue' | 'classStart' | 'classDue'
>;

/**
 * Keeps a lane for a SKU only if its best take slot beats its cheapest give slot.
 * @throws PlanningError `plan-too-large` before memory runs out
 */
function layPairs(lanes: Lanes, markets: readonly Market[], slots: Slots, mostPairs: number) {
  const { nodeStart, giveStart, giveLoss, takeStart, takeValue, takeDue, classStart, classDue } = slots;
  const laneCount = lanes.from.length;
  const storeCount = 1 + Math.max(-1, ...lanes.from, ...lanes.to);
  const lane = integers();
  const from = integers();
  const to = integers();
  const entry = integers();
  const pairStart = new Int32Array(markets.length + 1);
  const nodeOf = new Int32Array(storeCount).fill(-1);
  for (const [k, market] of markets.entries()) {
    const base = nodeStart[k] ?? 0;
    for (const [i, store] of market.stores.entries()) if (store < storeCount) nodeOf[store] = base + i;
    for (let l = 0; l < laneCount; l += 1) {
      const donor = nodeOf[lanes.from[l] ?? 0] ?? -1;
      const receiver = nodeOf[lanes.to[l] ?? 0] ?? -1;
      if (donor < 0 || receiver < 0 || (lanes.capacity[l] ?? UNLIMITED) === 0) continue;
      const give = giveStart[donor] ?? 0;
      if (give === giveStart[donor + 1]) continue;
      const last = takeStart[receiver + 1] ?? 0;
      let slot = takeStart[receiver] ?? 0;
      while (slot < last && (takeDue[slot] ?? 0) < (lanes.hours[l] ?? 0)) slot += 1;
      if (slot === last) continue;
      if ((takeValue[slot] ?? 0) - (giveLoss[give] ?? 0) - (lanes.perUnit[l] ?? 0) <= 0) continue;
      let tightest = classStart[receiver] as number;
      const classEnd = classStart[receiver + 1] as number;
      while (tightest < classEnd && (classDue[tightest] as number) < (lanes.hours[l] ?? 0)) tightest += 1;
      lane.push(l);
      from.push(donor);
      to.push(receiver);
      entry.push(tightest < classEnd ? tightest : -1);
    }
    for (const store of market.stores) if (store < storeCount) nodeOf[store] = -1;
    pairStart[k + 1] = lane.length;
    if (lane.length > mostPairs)
      throw new PlanningError(
        'plan-too-large',
        `More than ${mostPairs} moves of one SKU over one lane could pay (${k + 1} of ${markets.length} SKUs looked at, ` +
          `${laneCount} lanes). Leave only the nearest lanes into each store, or plan by region.`,
      );
  }
  const pairLane = lane.take();
  const limited = new Map<number, number[]>();
  for (const [pair, l] of pairLane.entries()) {
    if ((lanes.capacity[l] ?? UNLIMITED) >= UNLIMITED) continue;
    const pairs = limited.get(l);
    if (pairs) pairs.push(pair);
    else limited.set(l, [pair]);
  }
  return {
    limitedLanes: [...limited].map(([l, pairs]) => ({ lane: l, pairs })),
    pairStart,
    pairLane,
    pairFrom: from.take(),
    pairTo: to.take(),
    pairClass: entry.take(),
  };
}
