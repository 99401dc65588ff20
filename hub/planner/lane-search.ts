/**
 * Searches for the lanes to run: closing what does not earn its fixed cost, opening what would, and exchanging one
 * for another, with every market's flow kept optimal (`flow-state.ts`). Deterministic; ends when no such change
 * pays or a limit comes.
 */
import type { FlowState } from './flow-state.ts';

const WORTHWHILE = 1e-6;

export interface LaneSearchLimits {
  readonly shouldStop: () => boolean;
  /** Lanes worth opening, most promising first. */
  readonly candidates: readonly number[];
}

/** Value of the flow less the fixed cost of the lanes it uses. */
export function planValue(state: FlowState): number {
  const { fixed } = state.network.lanes;
  let value = state.value;
  for (let lane = 0; lane < state.network.laneCount; lane += 1)
    if ((state.laneUnits[lane] as number) > 0) value -= fixed[lane] as number;
  return value;
}

export function improveLanes(state: FlowState, limits: LaneSearchLimits): void {
  closeGreedily(state, limits);
  for (let improved = true; improved && !limits.shouldStop(); ) {
    const opened = openWorthwhile(state, limits);
    const closed = closeGreedily(state, limits);
    const exchanged = exchange(state, limits);
    improved = opened || closed || exchanged;
  }
}

/** Closes lanes, largest saving first; savings only shrink as others close, so a stale one is an upper limit. */
function closeGreedily(state: FlowState, { shouldStop }: LaneSearchLimits): boolean {
  const { network, isOpen } = state;
  let changed = false;
  let queue: { readonly lane: number; readonly saving: number }[] = [];
  for (let lane = 0; lane < network.laneCount && !shouldStop(); lane += 1) {
    if (isOpen[lane] === 0) continue;
    const saving = tryClose(state, lane, Number.POSITIVE_INFINITY);
    if (saving > WORTHWHILE) queue.push({ lane, saving });
  }
  queue.sort((a, b) => a.saving - b.saving);
  while (queue.length > 0 && !shouldStop()) {
    const top = queue.pop();
    if (!top) break;
    const next = queue.at(-1)?.saving ?? 0;
    const saving = tryClose(state, top.lane, Math.max(WORTHWHILE, 0.8 * next));
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
function tryClose(state: FlowState, lane: number, least: number): number {
  const fixed = state.laneUnits[lane] === 0 ? 0 : (state.network.lanes.fixed[lane] as number);
  if (state.laneUnits[lane] === 0) {
    state.isOpen[lane] = 0;
    return 0;
  }
  state.mark();
  const saving = fixed - state.close(lane, fixed);
  if (saving >= least) return saving;
  state.undo();
  state.isOpen[lane] = 1;
  return saving;
}

function openWorthwhile(state: FlowState, { candidates, shouldStop }: LaneSearchLimits): boolean {
  let changed = false;
  for (const lane of candidates) {
    if (shouldStop()) break;
    if (state.isOpen[lane] === 1) continue;
    state.mark();
    if (state.open(lane) - (state.network.lanes.fixed[lane] as number) > WORTHWHILE) {
      changed = true;
      continue;
    }
    state.undo();
    state.isOpen[lane] = 0;
  }
  return changed;
}

/** Opens a lane and closes those at its two ends that it makes dispensable, if that pays together. */
function exchange(state: FlowState, { candidates, shouldStop }: LaneSearchLimits): boolean {
  const { network, isOpen } = state;
  const { from, to, fixed } = network.lanes;
  let changed = false;
  for (const lane of candidates) {
    if (shouldStop()) break;
    if (isOpen[lane] === 1) continue;
    state.mark();
    let net = state.open(lane) - (fixed[lane] as number);
    const closed: number[] = [];
    for (let other = 0; other < network.laneCount; other += 1) {
      if (other === lane || isOpen[other] === 0 || state.laneUnits[other] === 0) continue;
      if (to[other] !== to[lane] && from[other] !== from[lane]) continue;
      const point = state.checkpoint();
      const saving = (fixed[other] as number) - state.close(other, fixed[other]);
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
