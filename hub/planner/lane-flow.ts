/**
 * Keeps every market's flow optimal while lanes open and close: opening pushes units around the best cycle through
 * the lane's arc until none pays, closing sends each of its units the cheapest other way. Each is a shortest path in
 * one market, microseconds rather than a new solve.
 */
import { type FlowSearch, TINY } from './flow-search.ts';
import { via } from './flow-state.ts';
import type { Network } from './network.ts';
import { UNLIMITED } from './packed-problem.ts';

/** Opens a lane and uses it where it pays; returns what that gains, before its fixed cost. */
export function openLane(flows: FlowSearch, lane: number): number {
  const { state } = flows;
  const { byLane, pairFrom, pairClass, nodeCount, lanes } = state.network;
  const before = state.value;
  const capacity = lanes.capacity[lane] ?? UNLIMITED;
  // Closed while searching: a cycle through the lane's own arc is what is looked for, not to be run into.
  state.isOpen[lane] = 0;
  for (let row = byLane.start[lane] as number; row < (byLane.start[lane + 1] as number); row += 1) {
    const pair = byLane.item[row] as number;
    if ((pairClass[pair] as number) < 0 || !state.isPairAllowed(pair)) continue;
    const market = marketOf(state.network, pair);
    const from = pairFrom[pair] as number;
    const to = nodeCount + (pairClass[pair] as number);
    const cost = lanes.perUnit[lane] as number;
    while ((state.laneUnits[lane] as number) < capacity) {
      if (flows.search(market, to, from) + cost >= -TINY) break;
      flows.push(to, from);
      state.record(via.lane, pair, 1);
    }
  }
  state.isOpen[lane] = 1;
  return state.value - before;
}

/**
 * Closes a lane and sends its units other ways; returns what that loses. Gives up (with part of the units
 * moved, for `undo`) once the loss exceeds `most`.
 */
export function closeLane(flows: FlowSearch, lane: number, most = Number.POSITIVE_INFINITY): number {
  const { state } = flows;
  const { byLane } = state.network;
  const before = state.value;
  state.isOpen[lane] = 0;
  for (let row = byLane.start[lane] as number; row < (byLane.start[lane + 1] as number); row += 1) {
    const pair = byLane.item[row] as number;
    while ((state.pairUnits[pair] as number) > 0) {
      sendElsewhere(flows, marketOf(state.network, pair), pair);
      if (before - state.value > most) return before - state.value;
    }
  }
  return before - state.value;
}

/** Takes one unit off a pair, the cheapest way. The pair's own arc must be unusable by now. */
export function sendElsewhere(flows: FlowSearch, market: number, pair: number): void {
  const { state } = flows;
  const { pairFrom, pairClass, nodeCount } = state.network;
  const from = pairFrom[pair] as number;
  const to = nodeCount + (pairClass[pair] as number);
  if (flows.search(market, from, to) === Number.POSITIVE_INFINITY) pushBack(flows, from, to);
  else flows.push(from, to);
  state.record(via.lane, pair, -1);
}

/** One unit less given, one unit less taken: always possible when a unit flows between the two. */
function pushBack({ state }: FlowSearch, donor: number, classVertex: number): void {
  const { classStart, classNode, nodeCount } = state.network;
  let c = classVertex - nodeCount;
  const end = classStart[(classNode[c] as number) + 1] as number;
  while (state.taken[c] === 0 && c + 1 < end) {
    state.record(via.later, c, -1);
    c += 1;
  }
  state.record(via.intoRoot, donor, 1);
  state.record(via.fromRoot, nodeCount + c, 1);
}

function marketOf({ pairStart }: Network, pair: number): number {
  let low = 0;
  let high = pairStart.length - 1;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((pairStart[middle] as number) <= pair) low = middle;
    else high = middle;
  }
  return low;
}
