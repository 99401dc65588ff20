/**
 * The lanes into one store chosen together: a tighter bound than pricing every take slot (`lane-bound.ts`).
 *
 * Only give slots keep prices. A store may then pick any set of its lanes; per SKU it takes the cheapest units they
 * offer while its own values exceed them. That is the convex hull of a store's choices instead of each lane's: two
 * lanes that could bring the same unit no longer count half each. A SKU-store that also gives takes part with
 * max(0, what it takes - what holding out as a giver earns).
 *
 * What a set earns is submodular (a lane adds less to more lanes), but for that `max`, and its marginals without the
 * `max` are upper limits all the same. So a depth-first search that adds every lane's marginal to what is there has a
 * bound, and a lane whose marginal is not above its fixed cost is out for good. Where the search is cut short, its
 * bound counts.
 *
 * Nodes with deadlines, and stores with a lane that may run full, keep priced take slots.
 */
import type { JointChoice, LaneBound, Prices } from './lane-bound.ts';
import type { Network } from './network.ts';
import { UNLIMITED } from './packed-problem.ts';

const TINY = 1e-9;

interface LanesIntoStore {
  readonly lanes: readonly number[];
  /** Unpriced pairs of each of the lanes. */
  readonly pairs: readonly Int32Array[];
  /** Unpriced nodes that could give as well. */
  readonly mixed: Int32Array;
}

/** @param maxSets sets of lanes looked at per store and evaluation */
export function receiverChoice(network: Network, maxSets: number): JointChoice {
  const isPriced = pricedNodes(network);
  const stores = lanesIntoStores(network, isPriced);
  const decides = new Uint8Array(network.laneCount);
  for (const { lanes } of stores) for (const lane of lanes) decides[lane] = 1;
  const shelf = new Shelves(network);
  const holdOut = new Float64Array(network.nodeCount);
  const last: (readonly number[])[] = [];
  return {
    pricedPairs: Int32Array.from(network.pairTo.keys()).filter(
      (pair) => isPriced[network.pairTo[pair] as number] === 1,
    ),
    decides,
    prepare({ bid, value }) {
      for (let node = 0; node < network.nodeCount; node += 1) {
        if (isPriced[node] === 1) continue;
        const end = network.takeStart[node + 1] as number;
        for (let j = network.takeStart[node] as number; j < end; j += 1) bid[j] = value[j] as number;
      }
    },
    choose(prices, out) {
      writeHoldOut(network, prices, holdOut);
      let bound = 0;
      for (const [at, store] of stores.entries()) {
        const situation = { prices, out, shelf, holdOut };
        const found = bestSet(network, store, { ...situation, maxSets, guess: last[at] ?? [] });
        last[at] = found.set;
        bound += found.bound;
        useSet(network, situation, { ...store, set: found.set });
      }
      return bound;
    },
  };
}

/** Nodes whose take slots stay priced: with deadlines, or behind a lane that may run full. */
function pricedNodes({ lanes, laneCount, hasDeadline, byLane, pairTo, giveStart, pairFrom }: Network) {
  const isPriced = hasDeadline.slice();
  const isTight = new Set<number>();
  for (let lane = 0; lane < laneCount; lane += 1) {
    let units = 0;
    for (let row = byLane.start[lane] as number; row < (byLane.start[lane + 1] as number); row += 1) {
      const from = pairFrom[byLane.item[row] as number] as number;
      units += (giveStart[from + 1] as number) - (giveStart[from] as number);
    }
    if ((lanes.capacity[lane] ?? UNLIMITED) < units) isTight.add(lanes.to[lane] as number);
  }
  for (let lane = 0; lane < laneCount; lane += 1) {
    if (!isTight.has(lanes.to[lane] as number)) continue;
    for (let row = byLane.start[lane] as number; row < (byLane.start[lane + 1] as number); row += 1)
      isPriced[pairTo[byLane.item[row] as number] as number] = 1;
  }
  return isPriced;
}

function lanesIntoStores(network: Network, isPriced: Uint8Array): LanesIntoStore[] {
  const { byLane, lanes, laneCount, pairTo, giveStart } = network;
  const into = Map.groupBy(
    Array.from({ length: laneCount }, (_, lane) => lane),
    (lane) => lanes.to[lane],
  );
  return [...into.values()].flatMap((all) => {
    const pairs = all.map((lane) =>
      byLane.item
        .subarray(byLane.start[lane], byLane.start[lane + 1])
        .filter((pair) => isPriced[pairTo[pair] as number] === 0),
    );
    const nodes = new Set(pairs.flatMap((some) => [...some].map((pair) => pairTo[pair] as number)));
    if (nodes.size === 0) return [];
    const mixed = [...nodes].filter((node) => (giveStart[node + 1] as number) > (giveStart[node] as number));
    return [{ lanes: all, pairs, mixed: Int32Array.from(mixed) }];
  });
}

/** What each node earns as a giver at these prices. */
function writeHoldOut({ giveStart, giveLoss, nodeCount }: Network, { ask }: Prices, out: Float64Array): void {
  for (let node = 0; node < nodeCount; node += 1) {
    let sum = 0;
    for (let i = giveStart[node] as number; i < (giveStart[node + 1] as number); i += 1)
      sum += (ask[i] as number) - (giveLoss[i] as number);
    out[node] = sum;
  }
}

/** What nodes take from the lanes chosen so far: the cheapest units on offer, in order. */
class Shelves {
  readonly gain: Float64Array;
  readonly count: Int32Array;
  /** Give slot of each unit taken, from the node's first take slot on. */
  readonly slot: Int32Array;
  readonly #cost: Float64Array;
  readonly #network: Network;
  readonly #newCost = new Float64Array(4096);
  readonly #newSlot = new Int32Array(4096);
  /** Overwritten states: node, count, gain, then a cost and a slot per unit; read from the end. */
  #trail: number[] = [];

  constructor(network: Network) {
    this.#network = network;
    this.gain = new Float64Array(network.nodeCount);
    this.count = new Int32Array(network.nodeCount);
    this.slot = new Int32Array(network.takeValue.length);
    this.#cost = new Float64Array(network.takeValue.length);
  }

  clear(pairs: readonly Int32Array[]): void {
    const { pairTo } = this.#network;
    this.#trail = [];
    for (const some of pairs)
      for (const pair of some) {
        this.gain[pairTo[pair] as number] = 0;
        this.count[pairTo[pair] as number] = 0;
      }
  }

  get point(): number {
    return this.#trail.length;
  }

  /** What a pair's units would add to its node; with `keep`, they do. */
  offer(pair: number, ask: Float64Array, keep: boolean): number {
    const { pairFrom, pairTo, pairLane, giveStart, takeStart, takeValue, takeLimit, lanes } = this.#network;
    const node = pairTo[pair] as number;
    const first = takeStart[node] as number;
    const most = Math.min((takeStart[node + 1] as number) - first, takeLimit[node] as number, 4096);
    const count = this.count[node] as number;
    const end = giveStart[(pairFrom[pair] as number) + 1] as number;
    const perUnit = lanes.perUnit[pairLane[pair] as number] as number;
    let next = giveStart[pairFrom[pair] as number] as number;
    let mine = 0;
    let units = 0;
    let gain = 0;
    for (; units < most; units += 1) {
      const held = mine < count ? (this.#cost[first + mine] as number) : Number.POSITIVE_INFINITY;
      const offered = next < end ? (ask[next] as number) + perUnit : Number.POSITIVE_INFINITY;
      const cost = held <= offered ? held : offered;
      const value = takeValue[first + units] as number;
      if (cost >= value) break;
      gain += value - cost;
      if (keep) {
        this.#newCost[units] = cost;
        this.#newSlot[units] = held <= offered ? (this.slot[first + mine] as number) : next;
      }
      if (held <= offered) mine += 1;
      else next += 1;
    }
    const added = gain - (this.gain[node] as number);
    if (keep) this.#store(node, units, gain);
    return added;
  }

  #store(node: number, units: number, gain: number): void {
    const first = this.#network.takeStart[node] as number;
    const before = this.count[node] as number;
    for (let i = 0; i < before; i += 1)
      this.#trail.push(this.#cost[first + i] as number, this.slot[first + i] as number);
    this.#trail.push(this.gain[node] as number, before, node);
    for (let i = 0; i < units; i += 1) {
      this.#cost[first + i] = this.#newCost[i] as number;
      this.slot[first + i] = this.#newSlot[i] as number;
    }
    this.count[node] = units;
    this.gain[node] = gain;
  }

  backTo(point: number): void {
    const trail = this.#trail;
    while (trail.length > point) {
      const node = trail.pop() as number;
      const count = trail.pop() as number;
      this.gain[node] = trail.pop() as number;
      this.count[node] = count;
      const first = this.#network.takeStart[node] as number;
      for (let i = count - 1; i >= 0; i -= 1) {
        this.slot[first + i] = trail.pop() as number;
        this.#cost[first + i] = trail.pop() as number;
      }
    }
  }
}

interface Situation {
  readonly prices: Prices;
  readonly out: LaneBound;
  readonly shelf: Shelves;
  readonly holdOut: Float64Array;
}

interface SetSearch {
  readonly maxSets: number;
  /** Most likely the best set, or close to it. */
  readonly guess: readonly number[];
}

interface BestSet {
  readonly set: readonly number[];
  /** No set earns more than this; what `set` earns, unless the search was cut short. */
  readonly bound: number;
}

/** A lane that may still be added: what it adds to the lanes chosen so far, and the pairs that add something. */
interface Addition {
  readonly row: number;
  readonly gain: number;
  readonly pairs: readonly number[];
}

/** The set of lanes (rows of the store's `lanes`) that earns most. */
function bestSet(
  network: Network,
  { lanes, pairs, mixed }: LanesIntoStore,
  { prices, out, shelf, holdOut, maxSets, guess }: Situation & SetSearch,
): BestSet {
  const own = lanes.map((lane) => (out.gain[lane] as number) - (network.lanes.fixed[lane] as number));
  let looked = 0;
  shelf.clear(pairs);
  const held = (): number => {
    let sum = 0;
    for (const node of mixed) sum += Math.min(shelf.gain[node] as number, holdOut[node] as number);
    return sum;
  };
  let best = 0;
  for (const row of guess) {
    best += own[row] as number;
    for (const pair of pairs[row] as Int32Array) best += shelf.offer(pair, prices.ask, true);
  }
  best = Math.max(0, best - held());
  let bestLanes: readonly number[] = best > 0 ? guess : [];
  shelf.backTo(0);
  const addition = (row: number, some: Iterable<number>): Addition => {
    let gain = own[row] as number;
    const adding: number[] = [];
    for (const pair of some) {
      const added = shelf.offer(pair, prices.ask, false);
      if (added <= 0) continue;
      gain += added;
      adding.push(pair);
    }
    return { row, gain, pairs: adding };
  };
  /** Best value within this branch, or an upper limit of it. */
  const branch = (open: readonly Addition[], value: number, set: readonly number[]): number => {
    looked += 1;
    const earned = value - held();
    if (earned > best) {
      best = earned;
      bestLanes = set;
    }
    let limit = earned;
    for (const { gain } of open) limit += gain;
    if (looked >= maxSets) return limit;
    let most = earned;
    for (const [at, { row, gain, pairs: adding }] of open.entries()) {
      // Sets without any lane from here on are what is earned already.
      if (limit <= best + TINY) return Math.max(most, limit);
      const { point } = shelf;
      for (const pair of adding) shelf.offer(pair, prices.ask, true);
      const rest = open.slice(at + 1).map((later) => addition(later.row, later.pairs));
      most = Math.max(most, branch(worthAdding(rest), value + gain, [...set, row]));
      shelf.backTo(point);
      limit -= gain;
    }
    return most;
  };
  const all = lanes.map((_, row) => addition(row, pairs[row] as Int32Array));
  const bound = branch(worthAdding(all), 0, []);
  return { set: bestLanes, bound: Math.max(bound, best, 0) };
}

const worthAdding = (additions: readonly Addition[]): Addition[] =>
  additions.filter(({ gain }) => gain > 0).sort((a, b) => b.gain - a.gain);

/** Opens a set's lanes and adds what they use to the slopes. */
function useSet(
  { giveStart, pairTo, takeStart }: Network,
  { prices, out, shelf, holdOut }: Situation,
  { lanes, pairs, set }: LanesIntoStore & { readonly set: readonly number[] },
): void {
  shelf.clear(pairs);
  for (const row of set) {
    out.isOpen[lanes[row] as number] = 1;
    for (const pair of pairs[row] as Int32Array) shelf.offer(pair, prices.ask, true);
  }
  for (const row of set)
    for (const pair of pairs[row] as Int32Array) {
      const node = pairTo[pair] as number;
      const count = shelf.count[node] as number;
      if (count === 0) continue;
      // Once per node: several lanes of the set may reach it.
      shelf.count[node] = 0;
      const taking = shelf.gain[node] as number;
      if (taking <= (holdOut[node] as number)) continue;
      for (let i = giveStart[node] as number; i < (giveStart[node + 1] as number); i += 1)
        out.askSlope[i] = (out.askSlope[i] as number) - 1;
      const first = takeStart[node] as number;
      for (let i = first; i < first + count; i += 1) {
        const slot = shelf.slot[i] as number;
        out.askSlope[slot] = (out.askSlope[slot] as number) - 1;
      }
    }
}
