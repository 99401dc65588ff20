/** Why a need is not met (in full): the first reason, in the order a person would check them. */
import type {
  PlannedUnits,
  PlanningLane,
  PlanningNeed,
  PlanningPolicy,
  PlanningPosition,
  UnmetNeed,
  UnmetReason,
} from '../../protocol/index.ts';
import { money } from './explain-moves.ts';
import type { LaneLoads } from './lane-loads.ts';
import { freeStock, sureUnits } from './on-hand.ts';
import { unitValues } from './position-value.ts';

/** The plan as far as it is the same for every SKU. */
export interface PlanSurroundings {
  readonly policy: PlanningPolicy;
  readonly lanesInto: ReadonlyMap<string, readonly PlanningLane[]>;
  readonly loads: LaneLoads;
  isBlocked(lane: PlanningLane): boolean;
}

interface Surroundings extends PlanSurroundings {
  /** Of the SKU, by store. */
  readonly positions: ReadonlyMap<string, PlanningPosition>;
  /** Units of the SKU that the plan takes out of each store. */
  readonly given: ReadonlyMap<string, number>;
  /** What donors have left, as far as it was asked for. */
  readonly left: Map<string, Left>;
}

export interface MissingNeed {
  readonly need: PlanningNeed;
  /** Units that the plan does not bring. */
  readonly qty: number;
}

/** The needs of one SKU that are not met, given its moves. */
export function explainUnmet(
  plan: PlanSurroundings,
  { positions, moves }: Pick<Surroundings, 'positions'> & { readonly moves: readonly PlannedUnits[] },
  missing: readonly MissingNeed[],
): UnmetNeed[] {
  const given = new Map<string, number>();
  for (const { from, qty } of moves) given.set(from, (given.get(from) ?? 0) + qty);
  const surroundings: Surroundings = { ...plan, positions, given, left: new Map() };
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
  const { policy } = around;
  if (policy.blockedSkus?.includes(need.sku))
    return { reason: 'blocked', because: `Policy does not let ${need.sku} move between stores.` };
  const lanes = around.lanesInto.get(need.store) ?? [];
  if (lanes.length === 0) return { reason: 'no-lane', because: `No lane leads to ${need.store}.` };
  const open = lanes.filter((lane) => !around.isBlocked(lane));
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
    .map((lane) => ({ lane, left: unitsLeft(lane.from, around) }))
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
  { loads }: Surroundings,
): Why {
  const offers = donors.map(({ lane, left }) => {
    const isUsed = unitsOn(lane, loads) > 0;
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

function unitsLeft(store: string, { policy, positions, given, left }: Surroundings): Left {
  const known = left.get(store);
  if (known) return known;
  const position = positions.get(store);
  const found = position
    ? leftOf(position, policy, given.get(store) ?? 0)
    : { sure: 0, spare: 0, nextLoss: 0 };
  left.set(store, found);
  return found;
}

function leftOf(position: PlanningPosition, { alpha, maxUnits }: PlanningPolicy, given: number): Left {
  const free = sureUnits(freeStock(position), alpha) - (position.minimum ?? 0);
  const sure = Math.max(0, Math.min(free, maxUnits ?? free));
  const { giveLosses } = unitValues(position, { alpha, maxGive: sure, maxTake: 0 });
  return { sure, spare: sure - given, nextLoss: giveLosses[given] ?? 0 };
}

function laneRoom(lane: PlanningLane, { loads }: Surroundings): number {
  return (lane.capacity ?? Number.POSITIVE_INFINITY) - unitsOn(lane, loads);
}

const unitsOn = ({ from, to }: PlanningLane, loads: LaneLoads): number => loads.find(from, to)?.units ?? 0;
const percent = (p: number): string => `${Number((100 * p).toFixed(1))} %`;
