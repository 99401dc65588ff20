/** What SKU-stores take from a set of lanes, for `receiver-bound.ts`: the cheapest units on offer, lane by lane. */
import type { Prices } from './lane-bound.ts';
import type { Network } from './network.ts';

/** More units of one SKU than a store takes at once. */
const MOST_UNITS = 4096;

export class Shelves {
  readonly gain: Float64Array;
  readonly count: Int32Array;
  /** Give slot of each unit taken, from the node's first take slot on. */
  readonly slot: Int32Array;
  readonly #cost: Float64Array;
  readonly #network: Network;
  readonly #newCost = new Float64Array(MOST_UNITS);
  readonly #newSlot = new Int32Array(MOST_UNITS);

  constructor(network: Network) {
    this.#network = network;
    this.gain = new Float64Array(network.nodeCount);
    this.count = new Int32Array(network.nodeCount);
    this.slot = new Int32Array(network.takeValue.length);
    this.#cost = new Float64Array(network.takeValue.length);
  }

  clear(nodes: Int32Array): void {
    for (const node of nodes) {
      this.gain[node] = 0;
      this.count[node] = 0;
    }
  }

  /** Adds a pair's units to what its node takes. @param perUnit what a unit on each lane costs */
  offer(pair: number, { ask, bid }: Prices, perUnit: Float64Array): void {
    const { pairFrom, pairTo, pairLane, giveStart, takeStart, takeLimit } = this.#network;
    const node = pairTo[pair] as number;
    const first = takeStart[node] as number;
    const most = Math.min((takeStart[node + 1] as number) - first, takeLimit[node] as number, MOST_UNITS);
    const count = this.count[node] as number;
    const end = giveStart[(pairFrom[pair] as number) + 1] as number;
    const way = perUnit[pairLane[pair] as number] as number;
    let next = giveStart[pairFrom[pair] as number] as number;
    let mine = 0;
    let units = 0;
    let gain = 0;
    for (; units < most; units += 1) {
      const held = mine < count ? (this.#cost[first + mine] as number) : Number.POSITIVE_INFINITY;
      const offered = next < end ? (ask[next] as number) + way : Number.POSITIVE_INFINITY;
      const cost = held <= offered ? held : offered;
      const value = bid[first + units] as number;
      if (cost >= value) break;
      gain += value - cost;
      this.#newCost[units] = cost;
      this.#newSlot[units] = held <= offered ? (this.slot[first + mine] as number) : next;
      if (held <= offered) mine += 1;
      else next += 1;
    }
    for (let i = 0; i < units; i += 1) {
      this.#cost[first + i] = this.#newCost[i] as number;
      this.slot[first + i] = this.#newSlot[i] as number;
    }
    this.count[node] = units;
    this.gain[node] = gain;
  }
}
