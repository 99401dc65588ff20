/**
 * Keeps every market's flow optimal while lanes open and close: opening pushes units around the best cycle through
 * the lane's arc until none pays, closing sends each of its units the cheapest other way. Each is a shortest path in
 * one market, microseconds rather than a new solve.
 */
import { type FlowSearch, TINY } from './flow-search.ts';
import { via } from './flow-state.ts';
import { UNLIMITED } from './packed-problem.ts';

/** Opens a lane and uses it where it pays; returns what that gains, before its fixed cost. */
export function openLane(flows: FlowSearch, lane: number): number {
  const { state } = flows;
  const { byLane, pairClass, lanes } = state.network;
  const before = state.value;
  const capacity = lanes.capacity[lane] ?? UNLIMITED;
  // Closed while searching: a cycle through the lane's own arc is what is looked for, not to be run into.
  state.isOpen[lane] = 0;
  for (let row = byLane.start[lane] as number; row < (byLane.start[lane + 1] as number); row += 1) {
    const pair = byLane.item[row] as number;
    if ((pairClass[pair] as number) < 0 || !state.isPairAllowed(pair)) continue;
    while ((state.laneUnits[lane] as number) < capacity && addUnit(flows, pair));
  }
  state.isOpen[lane] = 1;
  return state.value - before;
}

/** One unit more over a pair, if that pays. Otherwise the potentials are such that they prove it. */
function addUnit({ state, paths }: FlowSearch, pair: number): boolean {
  const { pairFrom, pairClass, pairLane, nodeCount, lanes } = state.network;
  const { potential } = state;
  const from = pairFrom[pair] as number;
  const to = nodeCount + (pairClass[pair] as number);
  const perUnit = lanes.perUnit[pairLane[pair] as number] as number;
  const gain = (): number => (potential[to] as number) - (potential[from] as number) - perUnit;
  if (gain() <= TINY) return false;
  // Each search makes what it finds free of cost, so that whatever gain is left then is certain.
  paths.toRoot(to, gain());
  if (gain() <= TINY) return false;
  paths.fromRoot(from, gain());
  if (gain() <= TINY) return false;
  state.record(via.lane, pair, 1);
  paths.toRoot(to, Number.POSITIVE_INFINITY);
  paths.sendToRoot();
  paths.fromRoot(from, Number.POSITIVE_INFINITY);
  paths.sendFromRoot();
  return true;
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
      sendElsewhere(flows, pair);
      if (before - state.value > most) return before - state.value;
    }
  }
  return before - state.value;
}

/** Takes one unit off a pair, the cheapest way. The pair's own arc must be unusable by now. */
export function sendElsewhere({ state, paths }: FlowSearch, pair: number): void {
  const { pairFrom, pairClass, nodeCount } = state.network;
  state.record(via.lane, pair, -1);
  paths.toRoot(pairFrom[pair] as number, Number.POSITIVE_INFINITY);
  paths.sendToRoot();
  paths.fromRoot(nodeCount + (pairClass[pair] as number), Number.POSITIVE_INFINITY);
  paths.sendFromRoot();
}
