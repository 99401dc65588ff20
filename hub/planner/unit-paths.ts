/**
 * The cheapest way of one unit between a vertex and the root, by Dijkstra's algorithm on reduced costs (Ahuja, Magnanti
 * & Orlin, "Network Flows", 9.7). Potentials that prove the flow optimal are kept from search to search, so each looks
 * at the few vertices that are nearer than the root, however large the market is.
 *
 * Invariant: no residual arc has a negative reduced cost, cost + potential(tail) - potential(head); the root's potential
 * is 0. After a search the potentials of the vertices it looked at move so that the path found costs nothing, which keeps
 * the invariant whether units are sent along it or not. Room that one market leaves another on a lane may break it; such
 * an arc then counts as free of cost, and what is gained or lost is read from the flow's value as ever.
 */
import { type FlowState, role, via } from './flow-state.ts';
import type { Network } from './network.ts';
import { VertexHeap } from './vertex-heap.ts';

export class UnitPaths {
  readonly #state: FlowState;
  readonly #network: Network;
  readonly #root: number;
  readonly #distance: Float64Array;
  readonly #via: Uint8Array;
  readonly #item: Int32Array;
  readonly #heap = new VertexHeap();
  /** Vertices with a distance. */
  #reached: number[] = [];
  #limit = 0;
  /** Where the last search began, and which way it went. */
  #start = 0;
  #way: 1 | -1 = 1;

  constructor(state: FlowState) {
    this.#state = state;
    this.#network = state.network;
    this.#root = state.network.nodeCount + state.network.classNode.length;
    this.#distance = new Float64Array(this.#root + 1).fill(Number.POSITIVE_INFINITY);
    this.#via = new Uint8Array(this.#root + 1);
    this.#item = new Int32Array(this.#root + 1);
  }

  /**
   * Looks for the way from a vertex to the root; returns its reduced cost, or `limit` where it is not below that.
   */
  toRoot(vertex: number, limit: number): number {
    return this.#look(vertex, limit, 1);
  }

  /** The same from the root to a vertex. */
  fromRoot(vertex: number, limit: number): number {
    return this.#look(vertex, limit, -1);
  }

  /** Sends a unit along what the last search found. */
  send(): void {
    const { nodeCount, pairFrom, pairClass } = this.#network;
    const isToRoot = this.#way === 1;
    let vertex = this.#root;
    do {
      const kind = this.#via[vertex] as number;
      const item = this.#item[vertex] as number;
      this.#use(kind, item);
      if (kind === via.intoRoot || kind === via.fromRoot) vertex = item;
      else if (kind === via.lane || kind === via.laneBack)
        vertex =
          (kind === via.lane) === isToRoot
            ? (pairFrom[item] as number)
            : nodeCount + (pairClass[item] as number);
      else vertex = nodeCount + item + ((kind === via.sooner) === isToRoot ? 1 : 0);
    } while (vertex !== this.#start);
  }

  #use(kind: number, item: number): void {
    if (kind === via.laneBack) this.#state.record(via.lane, item, -1);
    else if (kind === via.sooner) this.#state.record(via.later, item, -1);
    else this.#state.record(kind as typeof via.lane, item, 1);
  }

  /** `way` 1: along arcs from `start`; -1: against them. */
  #look(start: number, limit: number, way: 1 | -1): number {
    const heap = this.#heap;
    const distance = this.#distance;
    const root = this.#root;
    const { nodeCount } = this.#network;
    heap.clear();
    for (const vertex of this.#reached) distance[vertex] = Number.POSITIVE_INFINITY;
    this.#reached = [start];
    this.#start = start;
    this.#way = way;
    this.#limit = limit;
    distance[start] = 0;
    heap.push(start, 0);
    let found = limit;
    while (heap.size > 0) {
      const here = heap.nearest;
      const vertex = heap.pop();
      if (here > (distance[vertex] as number)) continue;
      if (vertex === root) {
        found = here;
        break;
      }
      if (way === 1) {
        if (vertex < nodeCount) this.#leaveDonor(vertex, here);
        else this.#leaveClass(vertex - nodeCount, here);
      } else if (vertex < nodeCount) this.#enterDonor(vertex, here);
      else this.#enterClass(vertex - nodeCount, here);
    }
    if (found === Number.POSITIVE_INFINITY) return found;
    for (const vertex of this.#reached) {
      const nearer = found - (distance[vertex] as number);
      if (nearer > 0) this.#state.price(vertex, (this.#state.potential[vertex] as number) - way * nearer);
    }
    return found;
  }

  #reach(vertex: number, distance: number, kind: number, item: number): void {
    const known = this.#distance[vertex] as number;
    if (distance >= known || distance >= this.#limit) return;
    if (known === Number.POSITIVE_INFINITY) this.#reached.push(vertex);
    this.#distance[vertex] = distance;
    this.#via[vertex] = kind;
    this.#item[vertex] = item;
    this.#heap.push(vertex, distance);
  }

  #leaveDonor(node: number, here: number): void {
    const { byFrom, pairLane, pairClass, pairTo, giveStart, giveLoss, nodeCount, lanes } = this.#network;
    const { given, isOpen, laneUnits, role: roles, potential } = this.#state;
    const from = here + (potential[node] as number);
    if ((given[node] as number) > 0) {
      const loss = giveLoss[(giveStart[node] as number) + (given[node] as number) - 1] as number;
      this.#reach(this.#root, Math.max(here, from - loss), via.intoRoot, node);
    }
    if (roles[node] === role.take) return;
    const end = byFrom.start[node + 1] as number;
    for (let row = byFrom.start[node] as number; row < end; row += 1) {
      const pair = byFrom.item[row] as number;
      const lane = pairLane[pair] as number;
      if (isOpen[lane] === 0 || roles[pairTo[pair] as number] === role.give) continue;
      if ((laneUnits[lane] as number) >= (lanes.capacity[lane] as number)) continue;
      const entry = pairClass[pair] as number;
      if (entry < 0) continue;
      const vertex = nodeCount + entry;
      const length = from + (lanes.perUnit[lane] as number) - (potential[vertex] as number);
      this.#reach(vertex, Math.max(here, length), via.lane, pair);
    }
  }

  #leaveClass(c: number, here: number): void {
    const { byClass, pairLane, pairFrom, classNode, classStart, classSlotStart, classValue } = this.#network;
    const { nodeCount, lanes } = this.#network;
    const { taken, shifted, pairUnits, potential } = this.#state;
    const from = here + (potential[nodeCount + c] as number);
    const node = classNode[c] as number;
    const next = (classSlotStart[c] as number) + (taken[c] as number);
    if (next < (classSlotStart[c + 1] as number))
      this.#reach(
        this.#root,
        Math.max(here, from - (classValue[next] as number)),
        via.intoRoot,
        nodeCount + c,
      );
    if (c + 1 < (classStart[node + 1] as number))
      this.#reach(
        nodeCount + c + 1,
        Math.max(here, from - (potential[nodeCount + c + 1] as number)),
        via.later,
        c,
      );
    if (c > (classStart[node] as number) && (shifted[c - 1] as number) > 0)
      this.#reach(
        nodeCount + c - 1,
        Math.max(here, from - (potential[nodeCount + c - 1] as number)),
        via.sooner,
        c - 1,
      );
    for (let row = byClass.start[c] as number; row < (byClass.start[c + 1] as number); row += 1) {
      const pair = byClass.item[row] as number;
      if (pairUnits[pair] === 0) continue;
      const donor = pairFrom[pair] as number;
      const back = from - (lanes.perUnit[pairLane[pair] as number] as number) - (potential[donor] as number);
      this.#reach(donor, Math.max(here, back), via.laneBack, pair);
    }
  }

  #enterDonor(node: number, here: number): void {
    const { byFrom, pairLane, pairClass, giveStart, giveLoss, nodeCount, lanes } = this.#network;
    const { given, pairUnits, role: roles, potential } = this.#state;
    const to = here - (potential[node] as number);
    const next = (giveStart[node] as number) + (given[node] as number);
    if (next < (giveStart[node + 1] as number) && roles[node] !== role.take)
      this.#reach(this.#root, Math.max(here, to + (giveLoss[next] as number)), via.fromRoot, node);
    const end = byFrom.start[node + 1] as number;
    for (let row = byFrom.start[node] as number; row < end; row += 1) {
      const pair = byFrom.item[row] as number;
      if (pairUnits[pair] === 0) continue;
      const vertex = nodeCount + (pairClass[pair] as number);
      const back = to + (potential[vertex] as number) - (lanes.perUnit[pairLane[pair] as number] as number);
      this.#reach(vertex, Math.max(here, back), via.laneBack, pair);
    }
  }

  #enterClass(c: number, here: number): void {
    const { byClass, pairLane, pairFrom, classNode, classStart, classSlotStart, classValue } = this.#network;
    const { nodeCount, lanes } = this.#network;
    const { taken, shifted, isOpen, laneUnits, role: roles, potential } = this.#state;
    const to = here - (potential[nodeCount + c] as number);
    const node = classNode[c] as number;
    if ((taken[c] as number) > 0) {
      const last = classValue[(classSlotStart[c] as number) + (taken[c] as number) - 1] as number;
      this.#reach(this.#root, Math.max(here, to + last), via.fromRoot, nodeCount + c);
    }
    if (c > (classStart[node] as number))
      this.#reach(
        nodeCount + c - 1,
        Math.max(here, to + (potential[nodeCount + c - 1] as number)),
        via.later,
        c - 1,
      );
    if (c + 1 < (classStart[node + 1] as number) && (shifted[c] as number) > 0)
      this.#reach(
        nodeCount + c + 1,
        Math.max(here, to + (potential[nodeCount + c + 1] as number)),
        via.sooner,
        c,
      );
    if (roles[node] === role.give) return;
    for (let row = byClass.start[c] as number; row < (byClass.start[c + 1] as number); row += 1) {
      const pair = byClass.item[row] as number;
      const lane = pairLane[pair] as number;
      const donor = pairFrom[pair] as number;
      if (isOpen[lane] === 0 || roles[donor] === role.take) continue;
      if ((laneUnits[lane] as number) >= (lanes.capacity[lane] as number)) continue;
      const length = to + (potential[donor] as number) + (lanes.perUnit[lane] as number);
      this.#reach(donor, Math.max(here, length), via.lane, pair);
    }
  }
}
