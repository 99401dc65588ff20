/**
 * Keeps every market's flow optimal while lanes open and close: opening pushes units around the best cycle through
 * the lane's arc until none pays, closing sends each of its units the cheapest other way. Each is a shortest path in
 * one market, microseconds rather than a new solve.
 */
import type { FlowSearch } from './flow-search.ts';
import { fillRoom } from './lane-room.ts';
import { UNLIMITED } from './packed-problem.ts';
import { addUnit, sendElsewhere } from './unit-moves.ts';

/** Opens a lane and uses it where it pays; returns what that gains, before its fixed cost. */
export function openLane(flows: FlowSearch, lane: number): number {
  const { state } = flows;
  const { byLane, pairClass, lanes } = state.network;
  const before = state.value;
  // Closed while searching: a cycle through the lane's own arc is what is looked for, not to be run into.
  state.isOpen[lane] = 0;
  if ((lanes.capacity[lane] as number) < UNLIMITED) {
    const pairs = byLane.item.subarray(byLane.start[lane], byLane.start[lane + 1]);
    fillRoom(flows, lane, Array.from(pairs));
    state.isOpen[lane] = 1;
    return state.value - before;
  }
  for (let row = byLane.start[lane] as number; row < (byLane.start[lane + 1] as number); row += 1) {
    const pair = byLane.item[row] as number;
    if ((pairClass[pair] as number) >= 0 && state.isPairAllowed(pair)) while (addUnit(flows, pair));
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
  const before = state.value;
  state.isOpen[lane] = 0;
  for (const pair of usedPairs(flows, lane)) {
    const held = state.value;
    while ((state.pairUnits[pair] as number) > 0) {
      sendElsewhere(flows, pair);
      if (before - state.value > most) break;
    }
    flows.lastLoss[pair] = held - state.value;
    if (before - state.value > most) break;
  }
  return before - state.value;
}

/** Those first that lost most last time: a lane that must stay open shows it soon. */
function usedPairs({ state, lastLoss }: FlowSearch, lane: number): number[] {
  const { byLane } = state.network;
  const used: number[] = [];
  for (let row = byLane.start[lane] as number; row < (byLane.start[lane + 1] as number); row += 1) {
    const pair = byLane.item[row] as number;
    if ((state.pairUnits[pair] as number) > 0) used.push(pair);
  }
  return used.sort((a, b) => (lastLoss[b] as number) - (lastLoss[a] as number));
}
