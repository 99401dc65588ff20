/**
 * Room on lanes that are full: SKUs compete for it, and flows that were filled one market after the other leave it to
 * whoever came first. A unit's worth on a lane is read from the potentials (`unit-paths.ts`): no unit more gains more than
 * that, no unit less loses less. So units change places while one market would gain more than another loses.
 */
import { type FlowSearch, TINY } from './flow-search.ts';
import { addUnit, sendElsewhere, unitWorth } from './unit-moves.ts';

/** Exchanges on one lane that come to nothing before it is left. */
const MAX_FAILURES = 8;

/** Returns whether the flow is worth more. */
export function shareRoom(flows: FlowSearch, shouldStop: () => boolean): boolean {
  const { state } = flows;
  const before = state.value;
  for (const { lane, pairs } of state.network.limitedLanes) {
    if (shouldStop()) break;
    if (state.isOpen[lane] === 0) continue;
    fillRoom(flows, lane, pairs);
    exchangeUnits(flows, lane, pairs);
  }
  state.mark();
  return state.value > before + TINY;
}

/** Uses what room there is, the most valuable units first. */
export function fillRoom(flows: FlowSearch, lane: number, pairs: readonly number[]): void {
  const { state } = flows;
  const { pairClass, lanes } = state.network;
  const wasOpen = state.isOpen[lane] as number;
  const room = (): number => (lanes.capacity[lane] as number) - (state.laneUnits[lane] as number);
  if (room() <= 0) return;
  // Closed while searching, see `openLane`.
  state.isOpen[lane] = 0;
  const offers = pairs
    .filter((pair) => (pairClass[pair] as number) >= 0 && state.isPairAllowed(pair))
    .map((pair) => ({ pair, worth: unitWorth(state, pair) }))
    .filter(({ worth }) => worth > TINY)
    .sort((a, b) => a.worth - b.worth);
  for (let top = offers.pop(); top && room() > 0; top = offers.pop()) {
    const { pair } = top;
    const worth = unitWorth(state, pair);
    // Worth falls as units come; who fell behind another waits.
    if (worth >= (offers.at(-1)?.worth ?? 0) - TINY && !addUnit(flows, pair)) continue;
    const left = unitWorth(state, pair);
    if (left <= TINY) continue;
    const at = offers.findIndex((offer) => offer.worth > left);
    offers.splice(at < 0 ? offers.length : at, 0, { pair, worth: left });
  }
  state.isOpen[lane] = wasOpen;
}

function exchangeUnits(flows: FlowSearch, lane: number, pairs: readonly number[]): void {
  const { state } = flows;
  const { lanes, pairClass } = state.network;
  if ((state.laneUnits[lane] as number) < (lanes.capacity[lane] as number)) return;
  const isPassed = new Set<number>();
  const most = 2 * (lanes.capacity[lane] as number) + MAX_FAILURES;
  state.isOpen[lane] = 0;
  for (let turn = 0; turn < most && isPassed.size < MAX_FAILURES; turn += 1) {
    let wanted = -1;
    let spare = -1;
    for (const pair of pairs) {
      if ((pairClass[pair] as number) < 0 || !state.isPairAllowed(pair)) continue;
      const worth = unitWorth(state, pair);
      if (!isPassed.has(pair) && (wanted < 0 || worth > unitWorth(state, wanted))) wanted = pair;
      if ((state.pairUnits[pair] as number) > 0 && (spare < 0 || worth < unitWorth(state, spare)))
        spare = pair;
    }
    if (wanted < 0 || spare < 0 || unitWorth(state, wanted) <= unitWorth(state, spare) + TINY) break;
    const point = state.checkpoint();
    const before = state.value;
    sendElsewhere(flows, spare);
    if (addUnit(flows, wanted) && state.value > before + TINY) continue;
    state.undoTo(point);
    isPassed.add(wanted);
  }
  state.isOpen[lane] = 1;
}
