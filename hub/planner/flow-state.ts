/**
 * Units that flow in every market for a set of open lanes, and what they are worth. Changes one unit on one arc at a
 * time; `flow-search.ts` says along which arcs.
 *
 * Per market a circulation through one root: root -> donor costs the next unit's loss, donor -> class its lane's
 * cost per unit, class -> root earns the next unit's value. Reverse arcs take a unit back.
 *
 * Invariants: ladders are filled from their start; no lane beyond its capacity; a node does only what its `role`
 * allows (any: it may both give and receive until `settle-roles.ts` decides); every change since `mark` can be undone.
 */
import type { Network } from './network.ts';

/** What a node may do. */
export const role = { any: 0, give: 1, take: 2 } as const;

/** Arcs by which a vertex is reached, each with an item: a vertex, a pair, or a class. */
export const via = { fromRoot: 0, lane: 1, laneBack: 2, later: 3, sooner: 4, intoRoot: 5 } as const;

/** In the log, beside the arcs: a potential that changed. */
const PRICE = 6;

/** Arcs that carry units; the others are these in reverse. */
type Carried = typeof via.fromRoot | typeof via.lane | typeof via.later | typeof via.intoRoot;

export class FlowState {
  readonly network: Network;
  readonly isOpen: Uint8Array;
  readonly laneUnits: Int32Array;
  readonly pairUnits: Int32Array;
  readonly role: Uint8Array;
  /** Units given by each node; taken by each class; passed on from each class to the next. */
  readonly given: Int32Array;
  readonly taken: Int32Array;
  readonly shifted: Int32Array;
  /** Value of the units that flow: taken minus lost minus cost per unit; fixed costs are not in it. */
  value = 0;
  /** Of nodes, then classes, then the root: they prove the flow optimal (`unit-paths.ts`). */
  readonly potential: Float64Array;
  /** Elementary changes since `mark`, for undo: kind, item, and the sign or the former potential. */
  #log: number[] = [];

  constructor(network: Network) {
    const classCount = network.classNode.length;
    this.network = network;
    this.role = new Uint8Array(network.nodeCount);
    this.isOpen = new Uint8Array(network.laneCount);
    this.laneUnits = new Int32Array(network.laneCount);
    this.pairUnits = new Int32Array(network.pairLane.length);
    this.given = new Int32Array(network.nodeCount);
    this.taken = new Int32Array(classCount);
    this.shifted = new Int32Array(classCount);
    this.potential = new Float64Array(network.nodeCount + classCount + 1);
  }

  /** Forgets how to undo what was done so far. */
  mark(): void {
    this.#log = [];
  }

  /** A point within the changes since `mark` to come back to. */
  checkpoint(): number {
    return this.#log.length;
  }

  /** Takes back every change since `mark`; `isOpen` is the caller's to restore. */
  undo(): void {
    this.undoTo(0);
  }

  undoTo(checkpoint: number): void {
    const log = this.#log;
    for (let i = log.length - 3; i >= checkpoint; i -= 3) {
      const kind = log[i] as number;
      const item = log[i + 1] as number;
      if (kind === PRICE) this.potential[item] = log[i + 2] as number;
      else this.#change(kind, item, -(log[i + 2] as number));
    }
    log.length = checkpoint;
  }

  /** One unit more (sign 1) or less (-1) over one arc. */
  record(kind: Carried, item: number, sign: 1 | -1): void {
    this.#log.push(kind, item, sign);
    this.#change(kind, item, sign);
  }

  /** A new potential. */
  price(vertex: number, potential: number): void {
    this.#log.push(PRICE, vertex, this.potential[vertex] as number);
    this.potential[vertex] = potential;
  }

  /** Takes every unit out of a market. */
  empty(market: number): void {
    const { pairStart, nodeStart, classStart, nodeCount } = this.network;
    for (let pair = pairStart[market] as number; pair < (pairStart[market + 1] as number); pair += 1)
      while ((this.pairUnits[pair] as number) > 0) this.record(via.lane, pair, -1);
    const end = nodeStart[market + 1] as number;
    for (let node = nodeStart[market] as number; node < end; node += 1) {
      while ((this.given[node] as number) > 0) this.record(via.fromRoot, node, -1);
      for (let c = classStart[node] as number; c < (classStart[node + 1] as number); c += 1) {
        while ((this.taken[c] as number) > 0) this.record(via.intoRoot, nodeCount + c, -1);
        while ((this.shifted[c] as number) > 0) this.record(via.later, c, -1);
      }
    }
  }

  takenBy(node: number): number {
    const { classStart } = this.network;
    let units = 0;
    for (let c = classStart[node] as number; c < (classStart[node + 1] as number); c += 1)
      units += this.taken[c] as number;
    return units;
  }

  isPairAllowed(pair: number): boolean {
    const { pairFrom, pairTo } = this.network;
    return (
      this.role[pairFrom[pair] as number] !== role.take && this.role[pairTo[pair] as number] !== role.give
    );
  }

  #change(kind: number, item: number, sign: number): void {
    const { nodeCount, pairLane, lanes } = this.network;
    if (kind === via.lane) {
      const lane = pairLane[item] as number;
      this.pairUnits[item] = (this.pairUnits[item] as number) + sign;
      this.laneUnits[lane] = (this.laneUnits[lane] as number) + sign;
      this.value -= sign * (lanes.perUnit[lane] as number);
    } else if (kind === via.later) {
      this.shifted[item] = (this.shifted[item] as number) + sign;
    } else {
      // Into the root means: a class takes, or a donor keeps. Out of it: a donor gives, or a class gives up.
      const isIn = kind === via.intoRoot;
      if (item < nodeCount) this.#give(item, isIn ? -sign : sign);
      else this.#take(item - nodeCount, isIn ? sign : -sign);
    }
  }

  #give(node: number, sign: number): void {
    const { giveStart, giveLoss } = this.network;
    const given = this.given[node] as number;
    const slot = (giveStart[node] as number) + (sign > 0 ? given : given - 1);
    this.value -= sign * (giveLoss[slot] as number);
    this.given[node] = given + sign;
  }

  #take(c: number, sign: number): void {
    const { classSlotStart, classValue } = this.network;
    const taken = this.taken[c] as number;
    const slot = (classSlotStart[c] as number) + (sign > 0 ? taken : taken - 1);
    this.value += sign * (classValue[slot] as number);
    this.taken[c] = taken + sign;
  }
}
