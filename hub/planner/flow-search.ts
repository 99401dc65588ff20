/**
 * Shortest paths in the residual network of one market. A flow is optimal when no residual cycle has negative cost
 * (Ahuja, Magnanti & Orlin, "Network Flows", 9.3); what pushes units along these paths keeps it so.
 *
 * Vertices: the network's nodes as donors, then its classes, then one root. Lengths may be negative, hence a
 * queue-based Bellman-Ford. Capacity that one market frees can leave another one short of its optimum, and with it
 * negative cycles: searches are bounded.
 */
import { type FlowState, role, via } from './flow-state.ts';
import type { Network } from './network.ts';
import { UnitPaths } from './unit-paths.ts';

export const TINY = 1e-9;
/** A search that visits a vertex this often, on average, runs around a negative cycle. */
const MAX_VISITS = 30;

export class FlowSearch {
  readonly state: FlowState;
  readonly root: number;
  /** For changes of single units, once the market is full. */
  readonly paths: UnitPaths;
  /** What each pair lost when its lane was closed last. */
  readonly lastLoss: Float32Array;
  /** Of the last search. */
  readonly distance: Float64Array;
  readonly parentVia: Uint8Array;
  readonly parentItem: Int32Array;
  readonly #queue: Int32Array;
  readonly #isQueued: Uint8Array;
  readonly #network: Network;
  #market = 0;
  #tail = 0;
  #isRootNew = false;

  constructor(state: FlowState) {
    this.state = state;
    this.#network = state.network;
    this.root = state.network.nodeCount + state.network.classNode.length;
    this.paths = new UnitPaths(state);
    this.lastLoss = new Float32Array(state.network.pairLane.length);
    this.distance = new Float64Array(this.root + 1);
    this.parentVia = new Uint8Array(this.root + 1);
    this.parentItem = new Int32Array(this.root + 1);
    this.#queue = new Int32Array(largestMarket(state.network) + 2);
    this.#isQueued = new Uint8Array(this.root + 1);
  }

  /**
   * Length of the shortest residual path; infinite when there is none or the search was cut short. From root to
   * root: the best cycle. The root is expanded only when the queue is empty: it touches everybody.
   */
  search(market: number, start: number, target: number): number {
    const { nodeStart, classStart, nodeCount } = this.#network;
    const { distance, root } = this;
    this.#market = market;
    const firstNode = nodeStart[market] as number;
    const endNode = nodeStart[market + 1] as number;
    distance.fill(Number.POSITIVE_INFINITY, firstNode, endNode);
    distance.fill(
      Number.POSITIVE_INFINITY,
      nodeCount + (classStart[firstNode] as number),
      nodeCount + (classStart[endNode] as number),
    );
    distance[root] = Number.POSITIVE_INFINITY;
    const queue = this.#queue;
    const size = queue.length;
    let head = 0;
    this.#tail = 0;
    this.#isRootNew = false;
    let visits = MAX_VISITS * (endNode - firstNode + 50);
    if (start === root) this.#leaveRoot(0);
    else {
      distance[start] = 0;
      queue[this.#tail++] = start;
      this.#isQueued[start] = 1;
    }
    for (;;) {
      while (head !== this.#tail) {
        const vertex = queue[head] as number;
        head = head + 1 === size ? 0 : head + 1;
        this.#isQueued[vertex] = 0;
        visits -= 1;
        if (visits < 0) continue;
        if (vertex < nodeCount) this.#leaveDonor(vertex);
        else this.#leaveClass(vertex - nodeCount);
      }
      if (visits < 0) return Number.POSITIVE_INFINITY;
      if (!this.#isRootNew || start === root) break;
      this.#isRootNew = false;
      visits -= 10;
      this.#leaveRoot(distance[root]);
    }
    return distance[target] as number;
  }

  /** Sends one unit along the path found by the last search. */
  push(start: number, target: number): void {
    const { state } = this;
    let vertex = target;
    do {
      const kind = this.parentVia[vertex] as number;
      const item = this.parentItem[vertex] as number;
      if (kind === via.laneBack) state.record(via.lane, item, -1);
      else if (kind === via.sooner) state.record(via.later, item, -1);
      else state.record(kind as typeof via.lane, item, 1);
      vertex = this.before(kind, item);
    } while (vertex !== start);
  }

  /** The vertex that an arc leaves. */
  before(kind: number, item: number): number {
    const { pairFrom, pairClass, nodeCount } = this.#network;
    if (kind === via.fromRoot) return this.root;
    if (kind === via.intoRoot) return item;
    if (kind === via.lane) return pairFrom[item] as number;
    if (kind === via.laneBack) return nodeCount + (pairClass[item] as number);
    return nodeCount + item + (kind === via.sooner ? 1 : 0);
  }

  #reach(vertex: number, length: number, kind: number, item: number): void {
    if (length >= (this.distance[vertex] as number) - TINY) return;
    this.distance[vertex] = length;
    this.parentVia[vertex] = kind;
    this.parentItem[vertex] = item;
    if (vertex === this.root) this.#isRootNew = true;
    else if (this.#isQueued[vertex] === 0) {
      this.#isQueued[vertex] = 1;
      this.#queue[this.#tail] = vertex;
      this.#tail = this.#tail + 1 === this.#queue.length ? 0 : this.#tail + 1;
    }
  }

  #leaveRoot(here: number): void {
    const { nodeStart, classStart, classSlotStart, classValue, giveStart, giveLoss, nodeCount } =
      this.#network;
    const { given, taken, role: roles } = this.state;
    const end = nodeStart[this.#market + 1] as number;
    for (let node = nodeStart[this.#market] as number; node < end; node += 1) {
      const next = (giveStart[node] as number) + (given[node] as number);
      if (next < (giveStart[node + 1] as number) && roles[node] !== role.take)
        this.#reach(node, here + (giveLoss[next] as number), via.fromRoot, node);
      if (roles[node] === role.give) continue;
      for (let c = classStart[node] as number; c < (classStart[node + 1] as number); c += 1) {
        if (taken[c] === 0) continue;
        const last = (classSlotStart[c] as number) + (taken[c] as number) - 1;
        this.#reach(nodeCount + c, here + (classValue[last] as number), via.fromRoot, nodeCount + c);
      }
    }
  }

  #leaveDonor(node: number): void {
    const { byFrom, pairLane, pairClass, pairTo, giveStart, giveLoss, nodeCount, lanes } = this.#network;
    const { given, isOpen, laneUnits, role: roles } = this.state;
    const here = this.distance[node] as number;
    if ((given[node] as number) > 0) {
      const last = (giveStart[node] as number) + (given[node] as number) - 1;
      this.#reach(this.root, here - (giveLoss[last] as number), via.intoRoot, node);
    }
    const end = roles[node] === role.take ? 0 : (byFrom.start[node + 1] as number);
    for (let row = byFrom.start[node] as number; row < end; row += 1) {
      const pair = byFrom.item[row] as number;
      const lane = pairLane[pair] as number;
      if (isOpen[lane] === 0 || roles[pairTo[pair] as number] === role.give) continue;
      if ((laneUnits[lane] as number) >= (lanes.capacity[lane] as number)) continue;
      const entry = pairClass[pair] as number;
      if (entry >= 0) this.#reach(nodeCount + entry, here + (lanes.perUnit[lane] as number), via.lane, pair);
    }
  }

  #leaveClass(c: number): void {
    const { byClass, pairLane, pairFrom, classNode, classStart, classSlotStart, classValue } = this.#network;
    const { nodeCount, lanes } = this.#network;
    const { taken, shifted, pairUnits } = this.state;
    const here = this.distance[nodeCount + c] as number;
    const node = classNode[c] as number;
    const next = (classSlotStart[c] as number) + (taken[c] as number);
    if (next < (classSlotStart[c + 1] as number))
      this.#reach(this.root, here - (classValue[next] as number), via.intoRoot, nodeCount + c);
    if (c + 1 < (classStart[node + 1] as number)) this.#reach(nodeCount + c + 1, here, via.later, c);
    if (c > (classStart[node] as number) && (shifted[c - 1] as number) > 0)
      this.#reach(nodeCount + c - 1, here, via.sooner, c - 1);
    for (let row = byClass.start[c] as number; row < (byClass.start[c + 1] as number); row += 1) {
      const pair = byClass.item[row] as number;
      if (pairUnits[pair] === 0) continue;
      const back = here - (lanes.perUnit[pairLane[pair] as number] as number);
      this.#reach(pairFrom[pair] as number, back, via.laneBack, pair);
    }
  }
}

/** Vertices of the market with most of them. */
function largestMarket({ nodeStart, classStart, markets }: Network): number {
  let most = 0;
  for (let market = 0; market < markets.length; market += 1) {
    const first = nodeStart[market] as number;
    const end = nodeStart[market + 1] as number;
    const classes = (classStart[end] as number) - (classStart[first] as number);
    most = Math.max(most, end - first + classes);
  }
  return most;
}
