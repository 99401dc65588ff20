/** Why a need is not met (in full): the first reason, in the order a person would check them. */
import type {
  PlannedUnits,
  PlanningLane,
  PlanningNeed,
  PlanningPosition,
  PlanningProblem,
  UnmetNeed,
  UnmetReason,
} from '../../protocol/index.ts';
import { money } from './explain-moves.ts';
import { freeStock, sureUnits } from './on-hand.ts';
import { unitValues } from './position-value.ts';

interface Surroundings {
  readonly problem: PlanningProblem;
  readonly lanesInto: ReadonlyMap<string, readonly PlanningLane[]>;
  readonly positions: ReadonlyMap<string, PlanningPosition>;
  readonly moves: readonly PlannedUnits[];
}

export function explainUnmet(
  problem: PlanningProblem,
  moves: readonly PlannedUnits[],
  servedUnits: readonly number[],
): UnmetNeed[] {
  const missing = problem.needs
    .map((need, at) => ({ need, qty: need.qty - (servedUnits[at] ?? 0) }))
    .filter(({ qty }) => qty > 0);
  if (missing.length === 0) return [];
  const skus = new Set(missing.map(({ need }) => need.sku));
  const positions = new Map<string, PlanningPosition>();
  for (const position of problem.positions)
    if (skus.has(position.sku)) positions.set(keyOf(position.store, position.sku), position);
  const surroundings = { problem, lanesInto: Map.groupBy(problem.lanes, ({ to }) => to), positions, moves };
  return missing.map(({ need, qty }) => {
    const { reason, because } = whyUnmet(need, surroundings);
    const order = need.order === undefined ? {} : { order: need.order };
    const { store, sku, value, dueHours } = need;
    return { store, sku, qty, value, dueHours, ...order, reason, because };
  });
}

interface Why {
  readonly reason: UnmetReason;
  readonly because: string;
}

function whyUnmet(need: PlanningNeed, around: Surroundings): Why {
  const { policy } = around.problem;
  if (policy.blockedSkus?.includes(need.sku))
    return { reason: 'blocked', because: `Policy does not let ${need.sku} move between stores.` };
  const lanes = around.lanesInto.get(need.store) ?? [];
  if (lanes.length === 0) return { reason: 'no-lane', because: `No lane leads to ${need.store}.` };
  const open = lanes.filter((lane) => !isBlocked(around.problem, lane));
  if (open.length === 0)
    return { reason: 'blocked', because: `Policy blocks all ${lanes.length} lanes to ${need.store}.` };
  const fast = open.filter((lane) => lane.hours <= need.dueHours);
  if (fast.length === 0) {
    const best = Math.min(...open.map((lane) => lane.hours));
    return {
      reason: 'too-slow',
      because: `The fastest lane to ${need.store} takes ${best} h; it is due in ${need.dueHours} h.`,
    };
  }
  const donors = fast
    .map((lane) => ({ lane, left: unitsLeft(lane.from, need.sku, around) }))
    .filter(({ left }) => left.sure > 0);
  if (donors.length === 0)
    return {
      reason: 'no-sure-stock',
      because: `None of the ${fast.length} stores that could bring it in time surely (${percent(1 - policy.alpha)}) has a free unit of ${need.sku}.`,
    };
  const spare = donors.filter(({ left }) => left.spare > 0);
  if (spare.length === 0)
    return {
      reason: 'needed-elsewhere',
      because: `What ${donors.map(({ lane }) => lane.from).join(', ')} can spare of ${need.sku} is worth more elsewhere.`,
    };
  const roomy = spare.filter(({ lane }) => laneRoom(lane, around.moves) > 0);
  if (roomy.length === 0)
    return {
      reason: 'lane-full',
      because: `Every lane that could bring ${need.sku} to ${need.store} in time is full.`,
    };
  return cheapestOffer(need, roomy, around);
}

/** Units could come, but each costs more than it brings: name the least bad one. */
function cheapestOffer(
  need: PlanningNeed,
  donors: readonly { readonly lane: PlanningLane; readonly left: Left }[],
  { moves }: Surroundings,
): Why {
  const offers = donors.map(({ lane, left }) => {
    const isUsed = moves.some(({ from, to }) => from === lane.from && to === lane.to);
    return { from: lane.from, cost: lane.perUnit + (isUsed ? 0 : lane.fixed), loss: left.nextLoss };
  });
  const best = offers.reduce((a, b) => (b.cost + b.loss < a.cost + a.loss ? b : a));
  const price = best.cost + best.loss;
  const asked = `from ${best.from} costs ${money(best.cost)} to move and ${money(best.loss)} in lost sales there`;
  if (price >= need.value)
    return {
      reason: 'not-worth-it',
      because: `The first unit is worth ${money(need.value)}; the best offer, ${asked}.`,
    };
  return {
    reason: 'needed-elsewhere',
    because: `A unit ${asked}, but the plan as a whole is worth more without it (limits of ${need.store}, or its stock leaves it).`,
  };
}

interface Left {
  /** Units the donor may give by the chance constraint, its minimum and policy, before any move. */
  readonly sure: number;
  /** Of those, not taken by the plan. */
  readonly spare: number;
  readonly nextLoss: number;
}

function unitsLeft(store: string, sku: string, { problem, positions, moves }: Surroundings): Left {
  const position = positions.get(keyOf(store, sku));
  if (!position) return { sure: 0, spare: 0, nextLoss: 0 };
  const { alpha, maxUnits } = problem.policy;
  const free = sureUnits(freeStock(position), alpha) - (position.minimum ?? 0);
  const sure = Math.max(0, Math.min(free, maxUnits ?? free));
  let given = 0;
  for (const move of moves) if (move.from === store && move.sku === sku) given += move.qty;
  const spare = sure - given;
  const { giveLosses } = unitValues(position, { alpha, maxGive: sure, maxTake: 0 });
  return { sure, spare, nextLoss: giveLosses[given] ?? 0 };
}

function laneRoom(lane: PlanningLane, moves: readonly PlannedUnits[]): number {
  let used = 0;
  for (const move of moves) if (move.from === lane.from && move.to === lane.to) used += move.qty;
  return (lane.capacity ?? Number.POSITIVE_INFINITY) - used;
}

function isBlocked({ policy }: PlanningProblem, { from, to }: PlanningLane): boolean {
  return (policy.blockedPairs ?? []).some((pair) =>
    'from' in pair ? pair.from === from && pair.to === to : pair[0] === from && pair[1] === to,
  );
}

const keyOf = (store: string, sku: string): string => JSON.stringify([store, sku]);
const percent = (p: number): string => `${Number((100 * p).toFixed(1))} %`;
