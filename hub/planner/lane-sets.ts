/**
 * What every set of lanes into one store earns at given prices, all at once.
 *
 * A SKU-store is reached by a few of the lanes only, so what it takes from each subset of those is worked out one by one.
 * Written as sums over subsets (Möbius inversion) all SKU-stores add up in one table over sets of the store's lanes, and
 * one pass turns it back into what each set earns (Yates' algorithm; Björklund, Husfeldt, Kaski & Koivisto 2007).
 * What a SKU-store earns may be any function of the subset, so holding out as a giver is exact too.
 */
import type { LaneBound, Prices } from './lane-bound.ts';
import type { Network } from './network.ts';

/** Lanes that reach one SKU-store beyond these count as if each came alone, which is never less than they add. */
const MAX_AT_NODE = 10;
/** More units of one SKU than a store takes at once. */
const MOST_UNITS = 4096;

export interface LanesIntoStore {
  readonly lanes: readonly number[];
  /** Unpriced pairs of each of the lanes. */
  readonly pairs: readonly Int32Array[];
  /** The same by SKU-store: pairs of nodes[i] are at[i], with the row of each one's lane. */
  readonly nodes: Int32Array;
  readonly at: readonly { readonly pairs: Int32Array; readonly rows: Int32Array }[];
}

/** The given lanes by the store they lead to; without pairs whose nodes have deadlines. */
export function lanesIntoStores(network: Network, lanes: readonly number[]): LanesIntoStore[] {
  const { byLane, hasDeadline, pairTo } = network;
  const into = Map.groupBy(lanes, (lane) => network.lanes.to[lane]);
  return [...into.values()].map((all) => {
    const pairs = all.map((lane) =>
      byLane.item
        .subarray(byLane.start[lane], byLane.start[lane + 1])
        .filter((pair) => hasDeadline[pairTo[pair] as number] === 0),
    );
    const reaching = new Map<number, { pairs: number[]; rows: number[] }>();
    for (const [row, some] of pairs.entries())
      for (const pair of some) {
        const node = pairTo[pair] as number;
        const at = reaching.get(node) ?? { pairs: [], rows: [] };
        at.pairs.push(pair);
        at.rows.push(row);
        reaching.set(node, at);
      }
    const at = Array.from(reaching.values(), (some) => ({
      pairs: Int32Array.from(some.pairs),
      rows: Int32Array.from(some.rows),
    }));
    return { lanes: all, pairs, nodes: Int32Array.from(reaching.keys()), at };
  });
}

export interface Situation {
  readonly prices: Prices;
  readonly out: LaneBound;
  /** What a node gives up by taking. */
  readonly holdOut: Float64Array;
}

interface BestSet {
  readonly set: readonly number[];
  /** No set earns more than this. */
  readonly bound: number;
}

interface Offer {
  readonly row: number;
  readonly pair: number;
  readonly gain: number;
}

export class LaneSets {
  readonly #network: Network;
  readonly #table: Float64Array;
  readonly #earned = new Float64Array(1 << MAX_AT_NODE);
  readonly #mask = new Int32Array(1 << MAX_AT_NODE);
  /** Costs of the units taken from a subset, a row for each lane added. */
  readonly #cost = Array.from({ length: MAX_AT_NODE + 1 }, () => new Float64Array(MOST_UNITS));

  constructor(network: Network, maxLanes: number) {
    this.#network = network;
    this.#table = new Float64Array(1 << maxLanes);
  }

  /** The set of lanes (rows of the store's `lanes`) that earns most. */
  best({ lanes, nodes, at }: LanesIntoStore, situation: Situation): BestSet {
    const { out } = situation;
    const size = 1 << lanes.length;
    const table = this.#table;
    table.fill(0, 0, size);
    for (const [row, lane] of lanes.entries())
      table[1 << row] = (out.gain[lane] as number) - (out.fixed[lane] as number);
    for (let i = 0; i < nodes.length; i += 1) {
      const { pairs, rows } = at[i] as LanesIntoStore['at'][number];
      this.#add(nodes[i] as number, this.#offers(pairs, rows, situation), situation);
    }
    sumOverSubsets(table, size);
    let best = 0;
    for (let set = 1; set < size; set += 1) if ((table[set] as number) > (table[best] as number)) best = set;
    const rows = Array.from(lanes.keys()).filter((row) => (best & (1 << row)) !== 0);
    return { set: rows, bound: table[best] as number };
  }

  /** Lanes that a node would take something from, were each the only one. */
  #offers(pairs: Int32Array, rows: Int32Array, { prices, out }: Situation): Offer[] {
    const offers: Offer[] = [];
    for (let i = 0; i < pairs.length; i += 1) {
      const pair = pairs[i] as number;
      const gain = this.#merge(pair, { prices, out }, 0, 0);
      if (gain > 0) offers.push({ row: rows[i] as number, pair, gain });
    }
    return offers;
  }

  #add(node: number, offers: Offer[], situation: Situation): void {
    if (offers.length === 0) return;
    const table = this.#table;
    const held = situation.holdOut[node] as number;
    if (offers.length > MAX_AT_NODE) {
      offers.sort((a, b) => b.gain - a.gain);
      for (const { row, gain } of offers.splice(MAX_AT_NODE))
        table[1 << row] = (table[1 << row] as number) + gain;
    }
    const earned = this.#earned;
    this.#fill(offers, situation, { from: 0, set: 0, level: 0, units: 0 });
    const size = 1 << offers.length;
    earned[0] = 0;
    this.#mask[0] = 0;
    for (let bit = 1, i = 0; bit < size; bit <<= 1, i += 1) {
      const lane = 1 << (offers[i] as Offer).row;
      for (let set = bit; set < bit << 1; set += 1)
        this.#mask[set] = (this.#mask[set ^ bit] as number) | lane;
    }
    for (let set = 1; set < size; set += 1) earned[set] = Math.max(0, (earned[set] as number) - held);
    for (let bit = 1; bit < size; bit <<= 1)
      for (let set = size - 1; set >= bit; set -= 1)
        if ((set & bit) !== 0) earned[set] = (earned[set] as number) - (earned[set ^ bit] as number);
    for (let set = 1; set < size; set += 1) {
      const all = this.#mask[set] as number;
      table[all] = (table[all] as number) + (earned[set] as number);
    }
  }

  /** What a node takes from every subset of the lanes offered, on top of one whose costs are in the row `level`. */
  #fill(offers: readonly Offer[], situation: Situation, base: Base): void {
    for (let i = base.from; i < offers.length; i += 1) {
      const { pair } = offers[i] as Offer;
      const set = base.set | (1 << i);
      this.#earned[set] = this.#merge(pair, situation, base.level, base.units);
      if (i + 1 < offers.length)
        this.#fill(offers, situation, { from: i + 1, set, level: base.level + 1, units: this.#merged });
    }
  }

  /** Units taken in the last merge. */
  #merged = 0;

  /** Merges a pair's units into the cheapest there are; what the node earns by them. Costs go to the row above. */
  #merge(
    pair: number,
    { prices, out }: Pick<Situation, 'prices' | 'out'>,
    level: number,
    units: number,
  ): number {
    const { pairFrom, pairTo, pairLane, giveStart, takeStart, takeLimit } = this.#network;
    const { ask, bid } = prices;
    const held = this.#cost[level] as Float64Array;
    const merged = this.#cost[level + 1] as Float64Array;
    const node = pairTo[pair] as number;
    const first = takeStart[node] as number;
    const most = Math.min((takeStart[node + 1] as number) - first, takeLimit[node] as number, MOST_UNITS);
    const end = giveStart[(pairFrom[pair] as number) + 1] as number;
    const perUnit = out.perUnit[pairLane[pair] as number] as number;
    let next = giveStart[pairFrom[pair] as number] as number;
    let mine = 0;
    let gain = 0;
    let count = 0;
    for (; count < most; count += 1) {
      const own = mine < units ? (held[mine] as number) : Number.POSITIVE_INFINITY;
      const offered = next < end ? (ask[next] as number) + perUnit : Number.POSITIVE_INFINITY;
      const cost = own <= offered ? own : offered;
      const net = (bid[first + count] as number) - cost;
      if (net <= 0) break;
      gain += net;
      merged[count] = cost;
      if (own <= offered) mine += 1;
      else next += 1;
    }
    this.#merged = count;
    return gain;
  }
}

interface Base {
  readonly from: number;
  readonly set: number;
  readonly level: number;
  readonly units: number;
}

/** Adds to each set's number those of all its subsets. Two lanes at a time: half as much goes through memory. */
function sumOverSubsets(table: Float64Array, size: number): void {
  let bit = 1;
  for (; bit << 2 <= size; bit <<= 2)
    for (let base = 0; base < size; base += bit << 2)
      for (let set = base; set < base + bit; set += 1) {
        const none = table[set] as number;
        const first = none + (table[set + bit] as number);
        const second = table[set + 2 * bit] as number;
        table[set + bit] = first;
        table[set + 2 * bit] = none + second;
        table[set + 3 * bit] = first + second + (table[set + 3 * bit] as number);
      }
  if (bit === size) return;
  for (let set = 0; set < bit; set += 1)
    table[set + bit] = (table[set + bit] as number) + (table[set] as number);
}
