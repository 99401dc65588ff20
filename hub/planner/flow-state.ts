/**
 * The best flow of every market for a set of open lanes, kept optimal while lanes open and close.
 *
 * Per market a circulation through one root: root -> donor costs the next unit's loss, donor -> class its lane's
 * cost per unit, class -> root earns the next unit's value. Reverse arcs take a unit back. A flow is optimal when
 * no residual cycle has negative cost (Ahuja, Magnanti & Orlin, "Network Flows", 9.3), so:
 *   fill        pushes units around the best cycle through the root until none pays,
 *   open a lane pushes units around the best cycle through its arc until none pays,
 *   close it    sends each of its units the cheapest other way.
 * Each is a shortest path in one market, microseconds rather than a new solve; HiGHS checks the results in tests.
 *
 * Invariants: ladders are filled from their start; no lane beyond its capacity; a node does only what its `role`
 * allows (any: it may both give and receive until `settleRoles` decides); every change since `mark` can be undone. Capacity that one market frees can leave another one short of
 * its optimum, hence searches are bounded and `refill` starts a market afresh.
 */
import type { Prices } from './lane-bound.ts';
import type { Network } from './network.ts';
import { UNLIMITED } from './packed-problem.ts';

/** What a node may do. */
export const role = { any: 0, give: 1, take: 2 } as const;

const TINY = 1e-9;
/** A search that visits a vertex this often, on average, runs around a negative cycle. */
const MAX_VISITS = 30;
/** In larger networks roles are settled by the units that flow instead of by trying both. */
const MAX_TRIED_PAIRS = 200_000;
/** How a vertex was reached. */
const via = { fromRoot: 0, lane: 1, laneBack: 2, later: 3, sooner: 4, intoRoot: 5 } as const;

export class FlowState {
  readonly network: Network;
  readonly isOpen: Uint8Array;
  readonly laneUnits: Int32Array;
  readonly pairUnits: Int32Array;
  readonly role: Uint8Array;
  /** Value of the units that flow: taken minus lost minus cost per unit; fixed costs are not in it. */
  value = 0;
  readonly #given: Int32Array;
  readonly #taken: Int32Array;
  readonly #shifted: Int32Array;
  readonly #distance: Float64Array;
  readonly #parentVia: Uint8Array;
  readonly #parentItem: Int32Array;
  readonly #queue: Int32Array;
  readonly #isQueued: Uint8Array;
  readonly #root: number;
  /** Elementary changes since `mark`, for undo: kind, item, sign. */
  #log: number[] = [];
  #market = 0;

  constructor(network: Network) {
    const classCount = network.classNode.length;
    this.network = network;
    this.role = new Uint8Array(network.nodeCount);
    this.isOpen = new Uint8Array(network.laneCount);
    this.laneUnits = new Int32Array(network.laneCount);
    this.pairUnits = new Int32Array(network.pairLane.length);
    this.#given = new Int32Array(network.nodeCount);
    this.#taken = new Int32Array(classCount);
    this.#shifted = new Int32Array(classCount);
    this.#root = network.nodeCount + classCount;
    this.#distance = new Float64Array(this.#root + 1);
    this.#parentVia = new Uint8Array(this.#root + 1);
    this.#parentItem = new Int32Array(this.#root + 1);
    this.#queue = new Int32Array(this.#root + 1);
    this.#isQueued = new Uint8Array(this.#root + 1);
  }

  /** Forgets how to undo what was done so far. */
  mark(): void {
    this.#log = [];
  }

  /** A point within the changes since `mark` to come back to. */
  checkpoint(): number {
    return this.#log.length;
  }

  /** Takes back every push since `mark`; `isOpen` is the caller's to restore. */
  undo(): void {
    this.undoTo(0);
  }

  undoTo(checkpoint: number): void {
    const log = this.#log;
    for (let i = log.length - 3; i >= checkpoint; i -= 3)
      this.#change(log[i] as number, log[i + 1] as number, -(log[i + 2] as number));
    log.length = checkpoint;
  }

  /**
   * Adds units to a market while they pay. All shortest paths of one search cost the same after others of them
   * were used (their reduced costs are zero), so one search serves many units; a donor's next unit waits.
   */
  fill(market: number): void {
    this.#market = market;
    const root = this.#root;
    const { nodeStart, classStart, classSlotStart, classValue, nodeCount } = this.network;
    const first = classStart[nodeStart[market] as number] as number;
    const end = classStart[nodeStart[market + 1] as number] as number;
    for (;;) {
      this.#search(root, root);
      const sinks: { readonly vertex: number; readonly gain: number }[] = [];
      for (let c = first; c < end; c += 1) {
        const next = (classSlotStart[c] as number) + (this.#taken[c] as number);
        if (next >= (classSlotStart[c + 1] as number)) continue;
        const gain = (classValue[next] as number) - (this.#distance[nodeCount + c] as number);
        if (gain > TINY) sinks.push({ vertex: nodeCount + c, gain });
      }
      if (sinks.length === 0) return;
      sinks.sort((x, y) => y.gain - x.gain);
      const used = new Set<number>();
      for (const { vertex } of sinks) {
        if (!this.#isFree(vertex, used)) continue;
        this.#push(root, vertex);
        this.#record(via.intoRoot, vertex, 1);
        used.add(vertex);
      }
      if (used.size === 0) return;
    }
  }

  /** Whether the path found to a vertex still costs what it did; marks where it leaves the root. */
  #isFree(sink: number, used: Set<number>): boolean {
    const { pairLane, lanes } = this.network;
    if (used.has(sink)) return false;
    let vertex = sink;
    while (vertex !== this.#root) {
      const kind = this.#parentVia[vertex] as number;
      const item = this.#parentItem[vertex] as number;
      const lane = pairLane[item] as number;
      if (kind === via.fromRoot && used.has(item)) return false;
      if (kind === via.laneBack && this.pairUnits[item] === 0) return false;
      if (kind === via.sooner && this.#shifted[item] === 0) return false;
      if (kind === via.lane && (this.laneUnits[lane] as number) >= (lanes.capacity[lane] as number))
        return false;
      if (kind === via.fromRoot) used.add(item);
      vertex = this.#before(kind, item);
    }
    return true;
  }

  /** Empties a market and fills it again. */
  refill(market: number): void {
    const { pairStart, nodeStart, classStart } = this.network;
    for (let pair = pairStart[market] as number; pair < (pairStart[market + 1] as number); pair += 1)
      while ((this.pairUnits[pair] as number) > 0) this.#record(via.lane, pair, -1);
    const end = nodeStart[market + 1] as number;
    for (let node = nodeStart[market] as number; node < end; node += 1) {
      while ((this.#given[node] as number) > 0) this.#record(via.fromRoot, node, -1);
      for (let c = classStart[node] as number; c < (classStart[node + 1] as number); c += 1) {
        while ((this.#taken[c] as number) > 0) this.#record(via.intoRoot, this.network.nodeCount + c, -1);
        while ((this.#shifted[c] as number) > 0) this.#record(via.later, c, -1);
      }
    }
    this.fill(market);
  }

  /**
   * Writes a market's dual prices into slots: what one more unit costs at each donor and class. For lanes without
   * fixed cost they prove the flow optimal (`lane-bound.ts`); with fixed costs they are a good place to start.
   */
  pricesInto(market: number, prices: Prices): void {
    const { nodeStart, giveStart, takeStart, classStart, nodeCount, hasDeadline } = this.network;
    this.#market = market;
    this.#search(this.#root, this.#root);
    const distance = this.#distance;
    for (let node = nodeStart[market] as number; node < (nodeStart[market + 1] as number); node += 1) {
      const cost = distance[node] as number;
      for (let i = giveStart[node] as number; i < (giveStart[node + 1] as number); i += 1)
        if (cost < Number.POSITIVE_INFINITY) prices.ask[i] = Math.max(prices.ask[i] as number, cost);
      const first = classStart[node] as number;
      for (let j = takeStart[node] as number; j < (takeStart[node + 1] as number); j += 1) {
        let c = first;
        if (hasDeadline[node] === 1)
          while (c + 1 < (classStart[node + 1] as number) && this.network.classDue[c] !== prices.due[j])
            c += 1;
        const price = distance[nodeCount + c] as number;
        if (price < (prices.bid[j] as number)) prices.bid[j] = price;
      }
    }
  }

  /** Lets every node that both gives and receives do only the better of the two; returns how many there were. */
  settleRoles(): number {
    const { nodeStart, classStart, markets } = this.network;
    let settled = 0;
    for (let market = 0; market < markets.length; market += 1) {
      for (let node = nodeStart[market] as number; node < (nodeStart[market + 1] as number); node += 1) {
        if (this.#given[node] === 0) continue;
        let taken = 0;
        for (let c = classStart[node] as number; c < (classStart[node + 1] as number); c += 1)
          taken += this.#taken[c] as number;
        if (taken === 0) continue;
        settled += 1;
        if (this.pairUnits.length > MAX_TRIED_PAIRS) {
          this.#settleByUnits(node, market, (this.#given[node] as number) >= taken ? role.give : role.take);
          continue;
        }
        this.role[node] = role.give;
        this.refill(market);
        const asGiver = this.value;
        this.role[node] = role.take;
        this.refill(market);
        if (this.value >= asGiver) continue;
        this.role[node] = role.give;
        this.refill(market);
      }
    }
    return settled;
  }

  /** Gives a node its role and sends the units that contradict it other ways. */
  #settleByUnits(node: number, market: number, settledRole: number): void {
    const { byFrom, byClass, classStart } = this.network;
    this.role[node] = settledRole;
    this.#market = market;
    const groups =
      settledRole === role.take
        ? [byFrom.item.subarray(byFrom.start[node], byFrom.start[node + 1])]
        : [
            byClass.item.subarray(
              byClass.start[classStart[node] as number],
              byClass.start[classStart[node + 1] as number],
            ),
          ];
    for (const pair of groups.flatMap((group) => [...group]))
      while ((this.pairUnits[pair] as number) > 0) this.#sendElsewhere(pair);
  }

  /** Takes one unit off a pair, the cheapest way. The pair's own arc must be unusable by now. */
  #sendElsewhere(pair: number): void {
    const { pairFrom, pairClass, nodeCount } = this.network;
    const from = pairFrom[pair] as number;
    const to = nodeCount + (pairClass[pair] as number);
    if (this.#search(from, to) === Number.POSITIVE_INFINITY) this.#pushBack(from, to);
    else this.#push(from, to);
    this.#record(via.lane, pair, -1);
  }

  /** Opens a lane and uses it where it pays; returns what that gains, before its fixed cost. */
  open(lane: number): number {
    const { byLane, pairFrom, pairClass, nodeCount, lanes } = this.network;
    const before = this.value;
    // Closed while searching: a cycle through the lane's own arc is what is looked for, not to be run into.
    this.isOpen[lane] = 0;
    for (let row = byLane.start[lane] as number; row < (byLane.start[lane + 1] as number); row += 1) {
      const pair = byLane.item[row] as number;
      if ((pairClass[pair] as number) < 0 || !this.#isAllowed(pair)) continue;
      this.#market = this.#marketOf(pair);
      const from = pairFrom[pair] as number;
      const to = nodeCount + (pairClass[pair] as number);
      const cost = lanes.perUnit[lane] as number;
      while ((this.laneUnits[lane] as number) < (lanes.capacity[lane] ?? UNLIMITED)) {
        if (this.#search(to, from) + cost >= -TINY) break;
        this.#push(to, from);
        this.#record(via.lane, pair, 1);
      }
    }
    this.isOpen[lane] = 1;
    return this.value - before;
  }

  /**
   * Closes a lane and sends its units other ways; returns what that loses. Gives up (with part of the units
   * moved, for `undo`) once the loss exceeds `most`.
   */
  close(lane: number, most = Number.POSITIVE_INFINITY): number {
    const { byLane } = this.network;
    const before = this.value;
    this.isOpen[lane] = 0;
    for (let row = byLane.start[lane] as number; row < (byLane.start[lane + 1] as number); row += 1) {
      const pair = byLane.item[row] as number;
      while ((this.pairUnits[pair] as number) > 0) {
        this.#market = this.#marketOf(pair);
        this.#sendElsewhere(pair);
        if (before - this.value > most) return before - this.value;
      }
    }
    return before - this.value;
  }

  #isAllowed(pair: number): boolean {
    const { pairFrom, pairTo } = this.network;
    return (
      this.role[pairFrom[pair] as number] !== role.take && this.role[pairTo[pair] as number] !== role.give
    );
  }

  #marketOf(pair: number): number {
    const { pairStart } = this.network;
    let low = 0;
    let high = pairStart.length - 1;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((pairStart[middle] as number) <= pair) low = middle;
      else high = middle;
    }
    return low;
  }

  /**
   * Length of the shortest residual path (queue-based Bellman-Ford; lengths may be negative, cycles are not).
   * From root to root: the best cycle. The root is expanded only when the queue is empty: it touches everybody.
   */
  #search(start: number, target: number): number {
    const { nodeStart, classStart, nodeCount } = this.network;
    const distance = this.#distance;
    const root = this.#root;
    const firstNode = nodeStart[this.#market] as number;
    const endNode = nodeStart[this.#market + 1] as number;
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
    let tail = 0;
    let isRootNew = false;
    let visits = MAX_VISITS * (endNode - firstNode + 50);
    const reach = (vertex: number, length: number, kind: number, item: number): void => {
      if (length >= (distance[vertex] as number) - TINY) return;
      distance[vertex] = length;
      this.#parentVia[vertex] = kind;
      this.#parentItem[vertex] = item;
      if (vertex === root) isRootNew = true;
      else if (this.#isQueued[vertex] === 0) {
        this.#isQueued[vertex] = 1;
        queue[tail] = vertex;
        tail = tail + 1 === size ? 0 : tail + 1;
      }
    };
    if (start === root) this.#leaveRoot(0, reach);
    else {
      distance[start] = 0;
      queue[tail++] = start;
      this.#isQueued[start] = 1;
    }
    for (;;) {
      while (head !== tail) {
        const vertex = queue[head] as number;
        head = head + 1 === size ? 0 : head + 1;
        this.#isQueued[vertex] = 0;
        visits -= 1;
        if (visits < 0) continue;
        if (vertex < nodeCount) this.#leaveDonor(vertex, reach);
        else this.#leaveClass(vertex - nodeCount, reach);
      }
      if (visits < 0) return Number.POSITIVE_INFINITY;
      if (!isRootNew || start === root) break;
      isRootNew = false;
      visits -= 10;
      this.#leaveRoot(distance[root], reach);
    }
    return distance[target] as number;
  }

  #leaveRoot(here: number, reach: Reach): void {
    const { nodeStart, classStart, classSlotStart, classValue, giveStart, giveLoss, nodeCount } =
      this.network;
    const end = nodeStart[this.#market + 1] as number;
    for (let node = nodeStart[this.#market] as number; node < end; node += 1) {
      const next = (giveStart[node] as number) + (this.#given[node] as number);
      if (next < (giveStart[node + 1] as number) && this.role[node] !== role.take)
        reach(node, here + (giveLoss[next] as number), via.fromRoot, node);
      if (this.role[node] === role.give) continue;
      for (let c = classStart[node] as number; c < (classStart[node + 1] as number); c += 1) {
        const taken = this.#taken[c] as number;
        if (taken === 0) continue;
        const last = (classSlotStart[c] as number) + taken - 1;
        reach(nodeCount + c, here + (classValue[last] as number), via.fromRoot, nodeCount + c);
      }
    }
  }

  #leaveDonor(node: number, reach: Reach): void {
    const { byFrom, pairLane, pairClass, pairTo, giveStart, giveLoss, nodeCount, lanes } = this.network;
    const here = this.#distance[node] as number;
    const given = this.#given[node] as number;
    const end = this.role[node] === role.take ? 0 : (byFrom.start[node + 1] as number);
    if (given > 0)
      reach(
        this.#root,
        here - (giveLoss[(giveStart[node] as number) + given - 1] as number),
        via.intoRoot,
        node,
      );
    for (let row = byFrom.start[node] as number; row < end; row += 1) {
      const pair = byFrom.item[row] as number;
      const lane = pairLane[pair] as number;
      if (this.isOpen[lane] === 0 || this.role[pairTo[pair] as number] === role.give) continue;
      if ((this.laneUnits[lane] as number) >= (lanes.capacity[lane] as number)) continue;
      const entry = pairClass[pair] as number;
      if (entry >= 0) reach(nodeCount + entry, here + (lanes.perUnit[lane] as number), via.lane, pair);
    }
  }

  #leaveClass(c: number, reach: Reach): void {
    const {
      byClass,
      pairLane,
      pairFrom,
      classNode,
      classStart,
      classSlotStart,
      classValue,
      nodeCount,
      lanes,
    } = this.network;
    const here = this.#distance[nodeCount + c] as number;
    const node = classNode[c] as number;
    const next = (classSlotStart[c] as number) + (this.#taken[c] as number);
    if (next < (classSlotStart[c + 1] as number))
      reach(this.#root, here - (classValue[next] as number), via.intoRoot, nodeCount + c);
    if (c + 1 < (classStart[node + 1] as number)) reach(nodeCount + c + 1, here, via.later, c);
    if (c > (classStart[node] as number) && (this.#shifted[c - 1] as number) > 0)
      reach(nodeCount + c - 1, here, via.sooner, c - 1);
    for (let row = byClass.start[c] as number; row < (byClass.start[c + 1] as number); row += 1) {
      const pair = byClass.item[row] as number;
      if (this.pairUnits[pair] === 0) continue;
      reach(
        pairFrom[pair] as number,
        here - (lanes.perUnit[pairLane[pair] as number] as number),
        via.laneBack,
        pair,
      );
    }
  }

  /** Sends one unit along the path found. */
  #push(start: number, target: number): void {
    let vertex = target;
    do {
      const kind = this.#parentVia[vertex] as number;
      const item = this.#parentItem[vertex] as number;
      if (kind === via.laneBack) this.#record(via.lane, item, -1);
      else if (kind === via.sooner) this.#record(via.later, item, -1);
      else this.#record(kind, item, 1);
      vertex = this.#before(kind, item);
    } while (vertex !== start);
  }

  #before(kind: number, item: number): number {
    const { pairFrom, pairClass, nodeCount } = this.network;
    if (kind === via.fromRoot) return this.#root;
    if (kind === via.intoRoot) return item;
    if (kind === via.lane) return pairFrom[item] as number;
    if (kind === via.laneBack) return nodeCount + (pairClass[item] as number);
    return nodeCount + item + (kind === via.sooner ? 1 : 0);
  }

  /** One unit less given, one unit less taken: always possible when a unit flows between the two. */
  #pushBack(donor: number, classVertex: number): void {
    const { classStart, classNode, nodeCount } = this.network;
    let c = classVertex - nodeCount;
    const end = classStart[(classNode[c] as number) + 1] as number;
    while (this.#taken[c] === 0 && c + 1 < end) {
      this.#record(via.later, c, -1);
      c += 1;
    }
    this.#record(via.intoRoot, donor, 1);
    this.#record(via.fromRoot, nodeCount + c, 1);
  }

  #record(kind: number, item: number, sign: number): void {
    this.#log.push(kind, item, sign);
    this.#change(kind, item, sign);
  }

  /** One unit more (sign 1) or less (-1) over one arc. */
  #change(kind: number, item: number, sign: number): void {
    const { nodeCount, pairLane, lanes } = this.network;
    if (kind === via.lane) {
      const lane = pairLane[item] as number;
      this.pairUnits[item] = (this.pairUnits[item] as number) + sign;
      this.laneUnits[lane] = (this.laneUnits[lane] as number) + sign;
      this.value -= sign * (lanes.perUnit[lane] as number);
    } else if (kind === via.later) {
      this.#shifted[item] = (this.#shifted[item] as number) + sign;
    } else {
      // Into the root means: a class takes, or a donor keeps. Out of it: a donor gives, or a class gives up.
      const isIn = kind === via.intoRoot;
      if (item < nodeCount) this.#give(item, isIn ? -sign : sign);
      else this.#take(item - nodeCount, isIn ? sign : -sign);
    }
  }

  #give(node: number, sign: number): void {
    const { giveStart, giveLoss } = this.network;
    const given = this.#given[node] as number;
    const slot = (giveStart[node] as number) + (sign > 0 ? given : given - 1);
    this.value -= sign * (giveLoss[slot] as number);
    this.#given[node] = given + sign;
  }

  #take(c: number, sign: number): void {
    const { classSlotStart, classValue } = this.network;
    const taken = this.#taken[c] as number;
    const slot = (classSlotStart[c] as number) + (sign > 0 ? taken : taken - 1);
    this.value += sign * (classValue[slot] as number);
    this.#taken[c] = taken + sign;
  }
}

type Reach = (vertex: number, length: number, kind: number, item: number) => void;
