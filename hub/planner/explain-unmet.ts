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
  /** Units that the plan moves: by lane, and out of each SKU-store. */
  readonly onLane: ReadonlyMap<string, number>;
  readonly given: ReadonlyMap<string, number>;
  readonly blocked: ReadonlySet<string>;
  /** What donors have left, as far as it was asked for. */
  readonly left: Map<string, Left>;
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
  const surroundings: Surroundings = {
    problem,
    lanesInto: Map.groupBy(problem.lanes, ({ to }) => to),
    positions,
    onLane: sumUnits(moves, ({ from, to }) => keyOf(from, to)),
    given: sumUnits(moves, ({ from, sku }) => keyOf(from, sku)),
    blocked: new Set(
      (problem.policy.blockedPairs ?? []).map((pair) =>
        'from' in pair ? keyOf(pair.from, pair.to) : keyOf(pair[0], pair[1]),
      ),
    ),
    left: new Map(),
  };
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
  const open = lanes.filter((lane) => !around.blocked.has(keyOf(lane.from, lane.to)));
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
  const roomy = spare.filter(({ lane }) => laneRoom(lane, around) > 0);
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
  { onLane }: Surroundings,
): Why {
  const offers = donors.map(({ lane, left }) => {
    const isUsed = onLane.has(keyOf(lane.from, lane.to));
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

function unitsLeft(store: string, sku: string, { problem, positions, given, left }: Surroundings): Left {
  const key = keyOf(store, sku);
  const known = left.get(key);
  if (known) return known;
  const position = positions.get(key);
  const found = position
    ? leftOf(position, problem, given.get(key) ?? 0)
    : { sure: 0, spare: 0, nextLoss: 0 };
  left.set(key, found);
  return found;
}

function leftOf(position: PlanningPosition, { policy }: PlanningProblem, given: number): Left {
  const { alpha, maxUnits } = policy;
  const free = sureUnits(freeStock(position), alpha) - (position.minimum ?? 0);
  const sure = Math.max(0, Math.min(free, maxUnits ?? free));
  const { giveLosses } = unitValues(position, { alpha, maxGive: sure, maxTake: 0 });
  return { sure, spare: sure - given, nextLoss: giveLosses[given] ?? 0 };
}

function laneRoom(lane: PlanningLane, { onLane }: Surroundings): number {
  return (lane.capacity ?? Number.POSITIVE_INFINITY) - (onLane.get(keyOf(lane.from, lane.to)) ?? 0);
}

function sumUnits(
  moves: readonly PlannedUnits[],
  key: (move: PlannedUnits) => string,
): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const move of moves) sums.set(key(move), (sums.get(key(move)) ?? 0) + move.qty);
  return sums;
}

const keyOf = (store: string, sku: string): string => JSON.stringify([store, sku]);
const percent = (p: number): string => `${Number((100 * p).toFixed(1))} %`;
