/**
 * A proven upper bound from prices (Lagrangean relaxation).
 *
 * A give slot with loss l gets an asking price b >= l, a take slot with value v gets a bid a <= v. Slots may then
 * be used by any number of lanes at once, and everything falls apart into pieces that are solved by looking:
 *
 *   bound = sum over nodes of max(sum of (b - l), sum of (v - a))
 *         + sum over lanes of max(0, best gain of the lane at these prices - fixed)
 *
 * A lane gains, per SKU, the t-th best bid minus the t-th best ask minus its cost per unit, as long as that is
 * positive; with a capacity only the best units count, or units pay a toll for room, or both. A node's `max` is the rule that it never gives and
 * receives. Any prices prove a bound; good ones come from `price-search.ts`. At the best prices it equals the
 * linear relaxation in which every slot of every lane needs its own share of the lane's fixed cost, which is much
 * tighter than tying whole flows to lanes (facility location's "strong" formulation).
 */
import type { Network } from './network.ts';
import { UNLIMITED } from './packed-problem.ts';

export interface Prices {
  /** Asking price of each give slot; rising within a node. */
  readonly ask: Float64Array;
  /** Bid of each take slot; falling within a node. */
  readonly bid: Float64Array;
  /** Deadline of each take slot; moves with its bid when slots change order. */
  readonly due: Float64Array;
  /** True value of each take slot; moves likewise. */
  readonly value: Float64Array;
  /** What a unit pays for room on a lane that may be full; not below 0, and 0 on all other lanes. */
  readonly toll: Float64Array;
}

/**
 * A better treatment of some lanes than one by one: how it chooses among the lanes into a store is its own affair
 * (`receiver-bound.ts`).
 */
export interface JointChoice {
  /** Brings prices from elsewhere into the form it wants. */
  prepare(prices: Prices): void;
  /** Pairs that count lane by lane as described above. */
  readonly pricedPairs: Int32Array;
  /** 1 for lanes that it decides about. */
  readonly decides: Uint8Array;
  /**
   * Opens lanes it decides about in `out.isOpen`, given the gain of their priced pairs in `out.gain`; adds its part
   * of the slopes and returns its part of the bound.
   */
  choose(prices: Prices, out: LaneBound): number;
}

export interface LaneBound {
  bound: number;
  /** Gain of each lane at the prices, before its fixed cost. */
  readonly gain: Float64Array;
  readonly isOpen: Uint8Array;
  /** Units each pair would move. */
  readonly pairUnits: Uint16Array;
  /** Per lane with a capacity: the gain a unit needs to be among the best; 0 otherwise. */
  readonly threshold: Float64Array;
  /** Slope of the bound in each price. */
  readonly askSlope: Float32Array;
  readonly bidSlope: Float32Array;
  readonly tollSlope: Float32Array;
  /** What a unit on a lane costs with its toll, and a lane less the tolls for all its room. */
  readonly perUnit: Float64Array;
  readonly fixed: Float64Array;
}

export function startPrices({ giveLoss, takeValue, takeDue, laneCount }: Network): Prices {
  return {
    ask: giveLoss.slice(),
    bid: takeValue.slice(),
    due: takeDue.slice(),
    value: takeValue.slice(),
    toll: new Float64Array(laneCount),
  };
}

export function emptyBound(network: Network): LaneBound {
  return {
    bound: Number.POSITIVE_INFINITY,
    gain: new Float64Array(network.laneCount),
    isOpen: new Uint8Array(network.laneCount),
    pairUnits: new Uint16Array(network.pairLane.length),
    threshold: new Float64Array(network.laneCount),
    askSlope: new Float32Array(network.giveLoss.length),
    bidSlope: new Float32Array(network.takeValue.length),
    tollSlope: new Float32Array(network.laneCount),
    perUnit: network.lanes.perUnit.slice(),
    fixed: network.lanes.fixed.slice(),
  };
}

/** Evaluates the bound at `prices` into `out`, with its slopes and what each lane would carry. */
export function evaluateBound(network: Network, prices: Prices, out: LaneBound, joint?: JointChoice): number {
  let bound = nodeSurplus(network, prices, out);
  chargeTolls(network, prices, out);
  out.gain.fill(0);
  gatherGains(network, prices, { out, pairs: joint?.pricedPairs });
  trimToCapacity(network, prices, out);
  const { fixed } = out;
  for (let lane = 0; lane < network.laneCount; lane += 1) {
    out.isOpen[lane] = 0;
    if (joint?.decides[lane] === 1) continue;
    const net = (out.gain[lane] as number) - (fixed[lane] as number);
    if (net <= 0) continue;
    out.isOpen[lane] = 1;
    bound += net;
  }
  if (joint) bound += joint.choose(prices, out);
  addUse(network, prices, { out, pairs: joint?.pricedPairs });
  for (const { lane } of network.limitedLanes)
    if (out.isOpen[lane] === 1)
      out.tollSlope[lane] = (out.tollSlope[lane] as number) + (network.lanes.capacity[lane] as number);
  out.bound = bound;
  return bound;
}

interface PairPass {
  readonly out: LaneBound;
  /** All of them when left out. */
  readonly pairs: Int32Array | undefined;
}

/** Units pay the toll, and the lane earns it for all the room it has: no less than for the units it carries. */
function chargeTolls({ limitedLanes, lanes }: Network, { toll }: Prices, out: LaneBound): void {
  for (const { lane } of limitedLanes) {
    const paid = toll[lane] as number;
    out.perUnit[lane] = (lanes.perUnit[lane] as number) + paid;
    out.fixed[lane] = (lanes.fixed[lane] as number) - paid * (lanes.capacity[lane] as number);
    out.tollSlope[lane] = 0;
  }
}

/** What nodes earn by holding out for the prices: as giver or as taker, whichever is more. */
function nodeSurplus(network: Network, { ask, bid, value }: Prices, out: LaneBound): number {
  const { giveStart, giveLoss, takeStart, nodeCount } = network;
  const { askSlope, bidSlope } = out;
  let sum = 0;
  for (let node = 0; node < nodeCount; node += 1) {
    const g0 = giveStart[node] as number;
    const g1 = giveStart[node + 1] as number;
    const t0 = takeStart[node] as number;
    const t1 = takeStart[node + 1] as number;
    let giving = 0;
    for (let i = g0; i < g1; i += 1) giving += (ask[i] as number) - (giveLoss[i] as number);
    let taking = 0;
    for (let j = t0; j < t1; j += 1) taking += (value[j] as number) - (bid[j] as number);
    const gives = giving >= taking;
    sum += gives ? giving : taking;
    // Where both are zero either slope is right; both at once lets prices start to move.
    const askWay = gives ? 1 : 0;
    const bidWay = !gives || giving === taking ? -1 : 0;
    for (let i = g0; i < g1; i += 1) askSlope[i] = askWay;
    for (let j = t0; j < t1; j += 1) bidSlope[j] = bidWay;
  }
  return sum;
}

function gatherGains(network: Network, { ask, bid, due }: Prices, { out, pairs }: PairPass): void {
  const { gain, pairUnits, perUnit } = out;
  const { giveStart, takeStart, pairLane, pairFrom, pairTo, hasDeadline } = network;
  const { hours } = network.lanes;
  const count = pairs?.length ?? pairLane.length;
  for (let row = 0; row < count; row += 1) {
    const pair = pairs ? (pairs[row] as number) : row;
    const lane = pairLane[pair] as number;
    const cost = perUnit[lane] as number;
    const from = pairFrom[pair] as number;
    const to = pairTo[pair] as number;
    let i = giveStart[from] as number;
    let j = takeStart[to] as number;
    if ((bid[j] as number) - (ask[i] as number) - cost <= 0) {
      pairUnits[pair] = 0;
      continue;
    }
    const iEnd = giveStart[from + 1] as number;
    const jEnd = takeStart[to + 1] as number;
    const latest = hasDeadline[to] === 1 ? (hours[lane] as number) : Number.NEGATIVE_INFINITY;
    let sum = 0;
    let units = 0;
    for (; i < iEnd && j < jEnd; j += 1) {
      if (latest > 0 && (due[j] as number) < latest) continue;
      const net = (bid[j] as number) - (ask[i] as number) - cost;
      if (net <= 0) break;
      sum += net;
      units += 1;
      i += 1;
    }
    pairUnits[pair] = units;
    gain[lane] = (gain[lane] as number) + sum;
  }
}

/** On a lane with a capacity only the best units count. */
function trimToCapacity(network: Network, prices: Prices, out: LaneBound): void {
  for (const { lane, pairs } of network.limitedLanes) {
    const capacity = network.lanes.capacity[lane] ?? UNLIMITED;
    let units = 0;
    for (const pair of pairs) units += out.pairUnits[pair] ?? 0;
    out.threshold[lane] = 0;
    if (units <= capacity) continue;
    const gains: number[] = [];
    for (const pair of pairs) gains.push(...unitGains(network, prices, pair, out));
    const sorted = gains.toSorted((a, b) => b - a);
    const threshold = sorted[capacity - 1] ?? 0;
    out.threshold[lane] = threshold;
    out.gain[lane] = sorted.slice(0, capacity).reduce((a, b) => a + b, 0);
    let atThreshold = capacity - sorted.filter((net) => net > threshold).length;
    for (const pair of pairs) {
      let kept = 0;
      for (const net of unitGains(network, prices, pair, out)) {
        if (net < threshold || (net === threshold && atThreshold <= 0)) break;
        if (net === threshold) atThreshold -= 1;
        kept += 1;
      }
      out.pairUnits[pair] = kept;
    }
  }
}

function unitGains(
  network: Network,
  { ask, bid, due }: Prices,
  pair: number,
  { pairUnits, perUnit }: LaneBound,
): number[] {
  const units = pairUnits[pair] ?? 0;
  const lane = network.pairLane[pair] ?? 0;
  const first = network.giveStart[network.pairFrom[pair] ?? 0] ?? 0;
  let slot = network.takeStart[network.pairTo[pair] ?? 0] ?? 0;
  const gains: number[] = [];
  for (; gains.length < units; slot += 1) {
    if ((due[slot] ?? 0) < (network.lanes.hours[lane] ?? 0)) continue;
    gains.push((bid[slot] ?? 0) - (ask[first + gains.length] ?? 0) - (perUnit[lane] ?? 0));
  }
  return gains;
}

/** Slots that open lanes use, against the slots there are. */
function addUse(network: Network, { due }: Prices, { out, pairs }: PairPass): void {
  const { giveStart, takeStart, pairLane, pairFrom, pairTo, hasDeadline } = network;
  const { hours } = network.lanes;
  const { isOpen, pairUnits, askSlope, bidSlope, tollSlope } = out;
  const count = pairs?.length ?? pairLane.length;
  for (let row = 0; row < count; row += 1) {
    const pair = pairs ? (pairs[row] as number) : row;
    let units = pairUnits[pair] as number;
    if (units === 0) continue;
    const lane = pairLane[pair] as number;
    if (isOpen[lane] === 0) continue;
    tollSlope[lane] = (tollSlope[lane] as number) - units;
    const to = pairTo[pair] as number;
    const latest = hasDeadline[to] === 1 ? (hours[lane] as number) : Number.NEGATIVE_INFINITY;
    let i = giveStart[pairFrom[pair] as number] as number;
    for (let j = takeStart[to] as number; units > 0; j += 1) {
      if (latest > 0 && (due[j] as number) < latest) continue;
      askSlope[i] = (askSlope[i] as number) - 1;
      bidSlope[j] = (bidSlope[j] as number) + 1;
      i += 1;
      units -= 1;
    }
  }
}
