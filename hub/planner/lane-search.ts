/**
 * Searches for the lanes to run: closing what does not earn its fixed cost, opening what would, and exchanging one
 * for others, with every market's flow kept optimal (`lane-flow.ts`). Deterministic; ends when no such change pays or
 * a limit comes.
 */
import { FlowSearch } from './flow-search.ts';
import { FlowState } from './flow-state.ts';
import { closeLane, openLane } from './lane-flow.ts';
import { shareRoom } from './lane-room.ts';
import { fillMarket } from './market-flow.ts';
import { settleRoles } from './settle-roles.ts';

const WORTHWHILE = 1e-6;

export interface LaneSearchLimits {
  readonly shouldStop: () => boolean;
  /** Lanes worth opening, most promising first. */
  readonly candidates: readonly number[];
  /** Lanes that might be dispensable, least useful first. */
  readonly doubtful: readonly number[];
}

/** Value of the flow less the fixed cost of the lanes it uses. */
export function planValue(state: FlowState): number {
  const { fixed } = state.network.lanes;
  let value = state.value;
  for (let lane = 0; lane < state.network.laneCount; lane += 1)
    if ((state.laneUnits[lane] as number) > 0) value -= fixed[lane] as number;
  return value;
}

/** Rounds of deciding anew which nodes give and which receive; the second or third gains nothing as a rule. */
const MAX_ROUNDS = 6;

/**
 * Lanes and roles in turn: which nodes give and which receive was decided for lanes that are no longer all open, so
 * once the lanes have settled every node is free again and both are searched from there, as long as that pays.
 * Returns the best flow found, in which every node has one role.
 */
export function searchLanes(flows: FlowSearch, limits: LaneSearchLimits): FlowSearch {
  improveAndSettle(flows, limits);
  let best = flows;
  for (let round = 0; round < MAX_ROUNDS && !limits.shouldStop(); round += 1) {
    const again = flowsOverSameLanes(best, limits);
    improveAndSettle(again, limits);
    if (planValue(again.state) <= planValue(best.state) + WORTHWHILE) break;
    best = again;
  }
  return best;
}

/** From nothing: letting nodes change roles within a flow could leave it with cycles that pay. */
export function flowsOverSameLanes(
  { state }: FlowSearch,
  { shouldStop }: Pick<LaneSearchLimits, 'shouldStop'>,
): FlowSearch {
  const { network, laneUnits } = state;
  const flows = new FlowSearch(new FlowState(network));
  for (let lane = 0; lane < network.laneCount; lane += 1)
    flows.state.isOpen[lane] = (laneUnits[lane] as number) > 0 ? 1 : 0;
  for (let market = 0; market < network.markets.length && !shouldStop(); market += 1) {
    fillMarket(flows, market);
    flows.state.mark();
  }
  shareRoom(flows, shouldStop);
  while (settleRoles(flows) > 0);
  return flows;
}

function improveAndSettle(flows: FlowSearch, limits: LaneSearchLimits): void {
  do improveLanes(flows, limits);
  while (settleRoles(flows) > 0 && !limits.shouldStop());
  while (settleRoles(flows) > 0);
}

function improveLanes(flows: FlowSearch, limits: LaneSearchLimits): void {
  shareRoom(flows, limits.shouldStop);
  closeGreedily(flows, limits);
  const neighbours = lanesByStore(flows.state);
  for (let improved = true; improved && !limits.shouldStop(); ) {
    const opened = openWorthwhile(flows, limits);
    const closed = closeGreedily(flows, limits);
    const exchanged = exchange(flows, limits, neighbours);
    const shared = shareRoom(flows, limits.shouldStop);
    improved = opened || closed || exchanged || shared;
  }
}

/** Closes lanes, largest saving first; savings only shrink as others close, so a stale one is an upper limit. */
function closeGreedily(flows: FlowSearch, { doubtful, shouldStop }: LaneSearchLimits): boolean {
  const { isOpen } = flows.state;
  let changed = false;
  let queue: { readonly lane: number; readonly saving: number }[] = [];
  for (const lane of doubtful) {
    if (shouldStop()) break;
    if (isOpen[lane] === 0) continue;
    const saving = tryClose(flows, lane, Number.POSITIVE_INFINITY);
    if (saving > WORTHWHILE) queue.push({ lane, saving });
  }
  queue.sort((a, b) => a.saving - b.saving);
  while (queue.length > 0 && !shouldStop()) {
    const top = queue.pop();
    if (!top) break;
    const next = queue.at(-1)?.saving ?? 0;
    const saving = tryClose(flows, top.lane, Math.max(WORTHWHILE, 0.8 * next));
    if (isOpen[top.lane] === 0) changed = true;
    else if (saving > WORTHWHILE) {
      const at = queue.findIndex((entry) => entry.saving > saving);
      if (at < 0) queue.push({ lane: top.lane, saving });
      else queue = [...queue.slice(0, at), { lane: top.lane, saving }, ...queue.slice(at)];
    }
  }
  return changed;
}

/** Closes a lane if that saves at least `least`; returns the saving either way (not above 0: not worth it). */
function tryClose(flows: FlowSearch, lane: number, least: number): number {
  const { state } = flows;
  if (state.laneUnits[lane] === 0) {
    state.isOpen[lane] = 0;
    return 0;
  }
  const fixed = state.network.lanes.fixed[lane] as number;
  state.mark();
  const saving = fixed - closeLane(flows, lane, fixed);
  if (saving >= least) return saving;
  state.undo();
  state.isOpen[lane] = 1;
  return saving;
}

function openWorthwhile(flows: FlowSearch, { candidates, shouldStop }: LaneSearchLimits): boolean {
  const { state } = flows;
  let changed = false;
  for (const lane of candidates) {
    if (shouldStop()) break;
    if (state.isOpen[lane] === 1) continue;
    state.mark();
    if (openLane(flows, lane) - (state.network.lanes.fixed[lane] as number) > WORTHWHILE) {
      changed = true;
      continue;
    }
    state.undo();
    state.isOpen[lane] = 0;
  }
  return changed;
}

/** Lanes that leave or reach each store. */
export function lanesByStore({ network }: FlowState): ReadonlyMap<number, readonly number[]> {
  const { from, to } = network.lanes;
  const at = new Map<number, number[]>();
  for (let lane = 0; lane < network.laneCount; lane += 1)
    for (const store of [from[lane] as number, to[lane] as number]) {
      const lanes = at.get(store);
      if (lanes) lanes.push(lane);
      else at.set(store, [lane]);
    }
  return at;
}

/** Opens a lane and closes those at its two ends that it makes dispensable, if that pays together. */
function exchange(
  flows: FlowSearch,
  { candidates, shouldStop }: LaneSearchLimits,
  lanesAt: ReadonlyMap<number, readonly number[]>,
): boolean {
  const { state } = flows;
  const { isOpen } = state;
  const { from, to, fixed } = state.network.lanes;
  let changed = false;
  for (const lane of candidates) {
    if (shouldStop()) break;
    if (isOpen[lane] === 1) continue;
    state.mark();
    let net = openLane(flows, lane) - (fixed[lane] as number);
    const closed: number[] = [];
    const rivals = [
      ...(lanesAt.get(to[lane] as number) ?? []).filter((other) => to[other] === to[lane]),
      ...(lanesAt.get(from[lane] as number) ?? []).filter((other) => from[other] === from[lane]),
    ];
    for (const other of rivals) {
      if (other === lane || isOpen[other] === 0 || state.laneUnits[other] === 0) continue;
      const point = state.checkpoint();
      const saving = (fixed[other] as number) - closeLane(flows, other, fixed[other]);
      if (saving > WORTHWHILE) {
        net += saving;
        closed.push(other);
      } else {
        state.undoTo(point);
        isOpen[other] = 1;
      }
    }
    if (net > WORTHWHILE) {
      changed = true;
      continue;
    }
    state.undo();
    isOpen[lane] = 0;
    for (const other of closed) isOpen[other] = 1;
  }
  return changed;
}
