/** The best flow of one market for the lanes that are open, and the prices that prove it. */
import { type FlowSearch, TINY } from './flow-search.ts';
import { via } from './flow-state.ts';
import type { Prices } from './lane-bound.ts';

/** Longer than any shortest path: two vertices per store. */
const MAX_STEPS = 100_000;
/** Potential of a donor without a unit to give: nothing comes from there. */
const FAR = 1e15;

/**
 * Adds units to a market while they pay. All shortest paths of one search cost the same after others of them
 * were used (their reduced costs are zero), so one search serves many units; a donor's next unit waits.
 */
export function fillMarket(flows: FlowSearch, market: number): void {
  const { state, root } = flows;
  const { nodeStart, classStart, classSlotStart, classValue, nodeCount } = state.network;
  const first = classStart[nodeStart[market] as number] as number;
  const end = classStart[nodeStart[market + 1] as number] as number;
  for (;;) {
    flows.search(market, root, root);
    const sinks: { readonly vertex: number; readonly gain: number }[] = [];
    for (let c = first; c < end; c += 1) {
      const next = (classSlotStart[c] as number) + (state.taken[c] as number);
      if (next >= (classSlotStart[c + 1] as number)) continue;
      const gain = (classValue[next] as number) - (flows.distance[nodeCount + c] as number);
      if (gain > TINY) sinks.push({ vertex: nodeCount + c, gain });
    }
    if (sinks.length === 0) return keepPotentials(flows, market);
    sinks.sort((x, y) => y.gain - x.gain);
    const used = new Set<number>();
    for (const { vertex } of sinks) {
      if (!isFree(flows, vertex, used)) continue;
      flows.push(root, vertex);
      state.record(via.intoRoot, vertex, 1);
      used.add(vertex);
    }
    if (used.size === 0) return keepPotentials(flows, market);
  }
}

/** Distances from the root prove an optimal flow; what it cannot reach gets what no arc undercuts. */
function keepPotentials(flows: FlowSearch, market: number): void {
  const { distance, root } = flows;
  const { potential, taken } = flows.state;
  const { nodeStart, classStart, classSlotStart, classValue, nodeCount } = flows.state.network;
  potential[root] = 0;
  for (let node = nodeStart[market] as number; node < (nodeStart[market + 1] as number); node += 1) {
    potential[node] = Math.min(distance[node] as number, FAR);
    const first = classStart[node] as number;
    let later = 0;
    for (let c = (classStart[node + 1] as number) - 1; c >= first; c -= 1) {
      const next = (classSlotStart[c] as number) + (taken[c] as number);
      const value = next < (classSlotStart[c + 1] as number) ? (classValue[next] as number) : 0;
      const known = distance[nodeCount + c] as number;
      later = known < FAR ? known : Math.max(value, later);
      potential[nodeCount + c] = later;
    }
  }
}

/** Whether the path found to a vertex still costs what it did; marks where it leaves the root. */
function isFree(flows: FlowSearch, sink: number, used: Set<number>): boolean {
  const { state, root } = flows;
  const { pairLane, lanes } = state.network;
  if (used.has(sink)) return false;
  let vertex = sink;
  // A search that was cut short on a cycle that pays leaves parents in a ring.
  for (let steps = MAX_STEPS; vertex !== root; steps -= 1) {
    if (steps === 0) return false;
    const kind = flows.parentVia[vertex] as number;
    const item = flows.parentItem[vertex] as number;
    if (kind === via.fromRoot && used.has(item)) return false;
    if (kind === via.laneBack && state.pairUnits[item] === 0) return false;
    if (kind === via.sooner && state.shifted[item] === 0) return false;
    if (kind === via.lane) {
      const lane = pairLane[item] as number;
      if ((state.laneUnits[lane] as number) >= (lanes.capacity[lane] as number)) return false;
    }
    if (kind === via.fromRoot) used.add(item);
    vertex = flows.before(kind, item);
  }
  return true;
}

/**
 * Writes a market's dual prices into slots: what one more unit costs at each donor and class. For lanes without
 * fixed cost they prove the flow optimal (`lane-bound.ts`); with fixed costs they are a good place to start.
 */
export function writePrices(flows: FlowSearch, market: number, prices: Prices): void {
  const { network } = flows.state;
  const { nodeStart, giveStart, takeStart, classStart, nodeCount, hasDeadline } = network;
  flows.search(market, flows.root, flows.root);
  const { distance } = flows;
  for (let node = nodeStart[market] as number; node < (nodeStart[market + 1] as number); node += 1) {
    const cost = distance[node] as number;
    for (let i = giveStart[node] as number; i < (giveStart[node + 1] as number); i += 1)
      if (cost < Number.POSITIVE_INFINITY) prices.ask[i] = Math.max(prices.ask[i] as number, cost);
    const first = classStart[node] as number;
    for (let j = takeStart[node] as number; j < (takeStart[node + 1] as number); j += 1) {
      let c = first;
      if (hasDeadline[node] === 1)
        while (c + 1 < (classStart[node + 1] as number) && network.classDue[c] !== prices.due[j]) c += 1;
      const price = distance[nodeCount + c] as number;
      if (price < (prices.bid[j] as number)) prices.bid[j] = price;
    }
  }
}
