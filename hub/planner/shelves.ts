/** What SKU-stores take from a set of lanes, for `receiver-bound.ts`: units added lane by lane, and taken back. */
import type { Network } from './network.ts';

/** More units of one SKU than a store takes at once. */
const MOST_UNITS = 4096;

/** What nodes take from the lanes chosen so far: the cheapest units on offer, in order. */
export class Shelves {
  readonly gain: Float64Array;
  readonly count: Int32Array;
  /** Give slot of each unit taken, from the node's first take slot on. */
  readonly slot: Int32Array;
  /** What a unit on a lane costs. */
  perUnit: Float64Array;
  readonly #cost: Float64Array;
  readonly #network: Network;
  readonly #newCost = new Float64Array(MOST_UNITS);
  readonly #newSlot = new Int32Array(MOST_UNITS);
  /** Overwritten states: node, count, gain, then a cost and a slot per unit; read from the end. */
  #trail: number[] = [];

  constructor(network: Network) {
    this.#network = network;
    this.perUnit = network.lanes.perUnit;
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
    const { pairFrom, pairTo, pairLane, giveStart, takeStart, takeValue, takeLimit } = this.#network;
    const node = pairTo[pair] as number;
    const first = takeStart[node] as number;
    const most = Math.min((takeStart[node + 1] as number) - first, takeLimit[node] as number, MOST_UNITS);
    const count = this.count[node] as number;
    const end = giveStart[(pairFrom[pair] as number) + 1] as number;
    const perUnit = this.perUnit[pairLane[pair] as number] as number;
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
