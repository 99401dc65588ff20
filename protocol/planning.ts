/**
 * The reallocation problem and its plan: the exchange format of `truecount plan` and of the hub's planner.
 * Money here is in major units of one currency, as a plain number; the hub converts it when it proposes.
 *
 * For store s and SKU k: N is the on-hand, F = max(0, N - reserved), D the demand of the next `coverDays`.
 *   donorLoss(m)  = lossValue * (E[min(D, F)] - E[min(D, max(0, F - m))])   for giving m units
 *   stockValue(m) = margin * (E[min(D, F + m)] - E[min(D, F)])              for receiving m units
 * `lossValue` is the margin unless a position gives its own.
 * At most q - minimum units leave, q being the largest integer with P(F >= q) >= 1 - alpha.
 */
import { type Static, Type } from 'typebox';
import { parserFor, Probability, Sku } from './schema.ts';

const PlanningStore = Type.String({ minLength: 1, maxLength: 80 });
const amount = Type.Number({ minimum: 0, maximum: 1e12 });
const count = Type.Integer({ minimum: 0, maximum: 1_000_000 });

export const PlanningLane = Type.Object({
  from: PlanningStore,
  to: PlanningStore,
  /** Paid once when at least one unit travels. */
  fixed: amount,
  perUnit: amount,
  /** Door to door; a need is met in time when this is at most its `dueHours`. */
  hours: Type.Number({ minimum: 0, maximum: 100_000 }),
  /** Units, over all SKUs; absent means unlimited. */
  capacity: Type.Optional(count),
});
export type PlanningLane = Static<typeof PlanningLane>;

export const PlanningPosition = Type.Object({
  store: PlanningStore,
  sku: Sku,
  /** P(on-hand = n) at index n; wins over `mean` and `p0`. */
  pmf: Type.Optional(Type.Array(Probability, { minItems: 1, maxItems: 100_001 })),
  /** Without a pmf: P(n = 0) = p0, and a Poisson conditioned on n >= 1 such that the mean is `mean`. */
  mean: Type.Optional(Type.Number({ minimum: 0, maximum: 100_000 })),
  p0: Type.Optional(Probability),
  /** Demand per trading day, and the days until the next replenishment. */
  rate: Type.Number({ minimum: 0, maximum: 100_000 }),
  coverDays: Type.Number({ minimum: 0, maximum: 10_000 }),
  /** Present: demand is negative binomial with this size (variance = mean + mean^2 / dispersion). */
  dispersion: Type.Optional(Type.Number({ exclusiveMinimum: 0, maximum: 1e12 })),
  reserved: count,
  /** Earned per unit sold. */
  margin: amount,
  /** What a sale costs that is lost here because units were given away; default: the margin. */
  lossValue: Type.Optional(amount),
  /** Units that must surely stay. */
  minimum: Type.Optional(count),
});
export type PlanningPosition = Static<typeof PlanningPosition>;

export const PlanningNeed = Type.Object({
  store: PlanningStore,
  sku: Sku,
  qty: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  /** Gained per unit that arrives in time. */
  value: amount,
  dueHours: Type.Number({ minimum: 0, maximum: 1e9 }),
  order: Type.Optional(Type.String({ maxLength: 128 })),
});
export type PlanningNeed = Static<typeof PlanningNeed>;

const BlockedPair = Type.Union([
  Type.Object({ from: PlanningStore, to: PlanningStore }),
  Type.Tuple([PlanningStore, PlanningStore]),
]);

export const PlanningPolicy = Type.Object({
  /** Accepted probability that a donor does not have the units it is asked for. */
  alpha: Probability,
  /** Most units that may leave, or enter, one SKU-store. */
  maxUnits: Type.Optional(count),
  blockedPairs: Type.Optional(Type.Array(BlockedPair)),
  blockedSkus: Type.Optional(Type.Array(Sku)),
});
export type PlanningPolicy = Static<typeof PlanningPolicy>;

export const PlanningProblem = Type.Object({
  stores: Type.Array(Type.Object({ id: PlanningStore })),
  lanes: Type.Array(PlanningLane),
  positions: Type.Array(PlanningPosition),
  needs: Type.Array(PlanningNeed),
  policy: PlanningPolicy,
});
export type PlanningProblem = Static<typeof PlanningProblem>;

export const PlanMove = Type.Object({
  from: PlanningStore,
  to: PlanningStore,
  sku: Sku,
  qty: Type.Integer({ minimum: 1 }),
  /** Value at the receiver, cost of moving (with this move's share of the lane's fixed cost), loss at the donor. */
  value: Type.Number(),
  cost: Type.Number(),
  donorLoss: Type.Number(),
  /** P(the donor has all units this plan takes from it). */
  confidence: Probability,
  because: Type.String(),
});
export type PlanMove = Static<typeof PlanMove>;
/** What identifies a move; everything else about it follows from the problem. */
export type PlannedUnits = Pick<PlanMove, 'from' | 'to' | 'sku' | 'qty'>;

const UnmetReason = Type.Union([
  Type.Literal('blocked'),
  Type.Literal('no-lane'),
  Type.Literal('too-slow'),
  Type.Literal('no-sure-stock'),
  Type.Literal('lane-full'),
  Type.Literal('needed-elsewhere'),
  Type.Literal('not-worth-it'),
]);
export type UnmetReason = Static<typeof UnmetReason>;
export const UnmetNeed = Type.Object({
  store: PlanningStore,
  sku: Sku,
  /** Units that the plan does not bring in time. */
  qty: Type.Integer({ minimum: 1 }),
  value: Type.Number(),
  dueHours: Type.Number(),
  order: Type.Optional(Type.String()),
  reason: UnmetReason,
  because: Type.String(),
});
export type UnmetNeed = Static<typeof UnmetNeed>;

export const Plan = Type.Object({
  moves: Type.Array(PlanMove),
  objective: Type.Number(),
  /** No plan of this problem is worth more than this. */
  bound: Type.Number(),
  /** (bound - objective) / bound; 0 when both are 0. */
  gap: Type.Number(),
  seconds: Type.Number(),
  /** How it was found: one exact model, or decomposed with a proven bound. */
  method: Type.Union([Type.Literal('exact'), Type.Literal('decomposed')]),
  unmet: Type.Array(UnmetNeed),
});
export type Plan = Static<typeof Plan>;

export const parsePlanningProblem = parserFor(PlanningProblem);
