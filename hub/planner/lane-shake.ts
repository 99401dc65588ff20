/**
 * Once no single change of lanes pays any more, two lanes at one store are turned over at a time (opened if closed, closed if
 * open), the lanes around them put right again one by one, and the whole kept if it is worth more, taken back if not:
 * iterated local search (Lourenço, Martin & Stützle 2003). A change that makes a SKU-store give and receive is taken
 * back too. Pairs come in a fixed order that jumps about, so that every
 * part of the map has its turn however soon time is up.
 */
import type { FlowSearch } from './flow-search.ts';
import { type FlowState, role } from './flow-state.ts';
import { closeLane, openLane } from './lane-flow.ts';
import { type LaneSearchLimits, lanesByStore, planValue } from './lane-search.ts';

const WORTHWHILE = 1e-6;
/** Rounds of putting lanes right after one pair was turned over. */
const MAX_ROUNDS = 3;
/** Golden section: multiples of it, modulo 1, are spread as evenly as can be. */
const STRIDE = (Math.sqrt(5) - 1) / 2;

export interface ShakeLimits extends Pick<LaneSearchLimits, 'candidates' | 'shouldStop'> {
  /** Pairs without gain after which to give up. */
  readonly patience: number;
  readonly onBetter: (value: number) => void;
}

/** Improves a plan in which every node has one role, in place, until no pair is left or a limit comes; returns what it is worth. */
export function shakeLanes(
  flows: FlowSearch,
  { candidates, shouldStop, patience, onBetter }: ShakeLimits,
): number {
  const { state } = flows;
  const { isOpen, laneUnits } = state;
  for (const [lane, units] of laneUnits.entries()) if (units === 0) isOpen[lane] = 0;
  const mayOpen = new Uint8Array(laneUnits.length);
  for (const lane of candidates) mayOpen[lane] = 1;
  const around = lanesByStore(state);
  const useful = [...around.values()].map((some) =>
    some.filter((lane) => mayOpen[lane] === 1 || isOpen[lane] === 1),
  );
  const scene = { flows, mayOpen, around };
  const mixed = mixedNodes(state);
  fixRoles(state, mixed);
  let value = planValue(state);
  let failures = 0;
  for (const [first, second] of scattered(useful)) {
    if (failures >= patience || shouldStop()) break;
    state.mark();
    const before = isOpen.slice();
    const pair = [first, second];
    for (const lane of pair) turnOver(scene, lane);
    putRight(scene, pair);
    const now = planValue(state);
    if (now > value + WORTHWHILE && mixed.every((node) => isOneRole(state, node))) {
      value = now;
      failures = 0;
      fixRoles(state, mixed);
      onBetter(value);
    } else {
      failures += 1;
      state.undo();
      isOpen.set(before);
    }
  }
  return value;
}

/** Nodes that could give and take. */
function mixedNodes({ network }: FlowState): readonly number[] {
  const { giveStart, classStart, nodeCount } = network;
  const isMixed = (node: number): boolean =>
    (giveStart[node + 1] as number) > (giveStart[node] as number) &&
    (classStart[node + 1] as number) > (classStart[node] as number);
  return Array.from({ length: nodeCount }, (_, node) => node).filter(isMixed);
}

const isOneRole = (state: FlowState, node: number): boolean =>
  state.given[node] === 0 || state.takenBy(node) === 0;

/** Who gives or takes does nothing else from here on, so that lanes around it do not make it do both. */
function fixRoles(state: FlowState, nodes: readonly number[]): void {
  for (const node of nodes)
    if ((state.given[node] as number) > 0) state.role[node] = role.give;
    else if (state.takenBy(node) > 0) state.role[node] = role.take;
}

interface Scene {
  readonly flows: FlowSearch;
  readonly mayOpen: Uint8Array;
  readonly around: ReadonlyMap<number, readonly number[]>;
}

/** Every pair within a group once, groups and pairs well mixed. */
function* scattered(groups: readonly (readonly number[])[]): Generator<readonly [number, number]> {
  const pairs = groups.flatMap((lanes) =>
    lanes.flatMap((a, at) => lanes.slice(at + 1).map((b) => [a, b] as const)),
  );
  const order = Array.from(pairs.keys(), (i) => (i * STRIDE) % 1);
  for (const i of Array.from(pairs.keys()).sort((a, b) => (order[a] as number) - (order[b] as number)))
    yield pairs[i] as readonly [number, number];
}

function turnOver({ flows, mayOpen }: Scene, lane: number): void {
  if (flows.state.isOpen[lane] === 1) closeLane(flows, lane);
  else if (mayOpen[lane] === 1) openLane(flows, lane);
}

/** The lanes at the ends of those turned over, one change after the other; these themselves come last, once. */
function putRight(scene: Scene, turned: readonly number[]): void {
  const { from, to } = scene.flows.state.network.lanes;
  const ends = new Set(turned.flatMap((lane) => [from[lane] as number, to[lane] as number]));
  const near = new Set([...ends].flatMap((store) => scene.around.get(store) ?? []));
  for (const lane of turned) near.delete(lane);
  for (let round = 0; round < MAX_ROUNDS; round += 1) {
    let changed = false;
    for (const lane of near) changed = changeIfWorthwhile(scene, lane) || changed;
    if (round === 0) for (const lane of turned) changed = changeIfWorthwhile(scene, lane) || changed;
    if (!changed) return;
  }
}

function changeIfWorthwhile({ flows, mayOpen }: Scene, lane: number): boolean {
  const { state } = flows;
  const { isOpen } = state;
  const fixed = state.network.lanes.fixed[lane] as number;
  const wasOpen = isOpen[lane] as number;
  if (wasOpen === 1 && state.laneUnits[lane] === 0) {
    isOpen[lane] = 0;
    return false;
  }
  if (wasOpen === 0 && mayOpen[lane] === 0) return false;
  const point = state.checkpoint();
  const gain = wasOpen === 1 ? fixed - closeLane(flows, lane, fixed) : openLane(flows, lane) - fixed;
  if (gain > WORTHWHILE) return true;
  state.undoTo(point);
  isOpen[lane] = wasOpen;
  return false;
}
