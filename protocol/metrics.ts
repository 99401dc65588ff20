/**
 * What the hub measures about itself, computed from its log when asked. Rates come with the number of outcomes they
 * rest on and a 95 % interval; money is the hub's own currency in minor units.
 */
import { type Static, Type } from 'typebox';
import { ExceptionKind } from './exception.ts';
import { OptionKindSchema, tiers } from './policy.ts';
import { Instant, Probability, ShortText, StoreId } from './schema.ts';

const count = Type.Integer({ minimum: 0 });
export const Rate = Type.Object({
  outcomes: count,
  successes: count,
  /** Absent without outcomes. */
  rate: Type.Optional(Probability),
  low: Type.Optional(Probability),
  high: Type.Optional(Probability),
});
export type Rate = Static<typeof Rate>;

/** Alarms that a count, a pick or a look has proven right or wrong. */
export const DetectionMetric = Type.Object({
  kinds: Type.Array(
    Type.Object({ kind: ExceptionKind, precision: Rate, falseAlarmRate: Type.Optional(Probability) }),
  ),
  /** By ISO week, oldest first. */
  weeks: Type.Array(Type.Object({ week: Instant, precision: Rate })),
});
export const CalibrationMetric = Type.Object({
  /** What was said, how often it was so; empty bands are left out. */
  bands: Type.Array(Type.Object({ said: Probability, seen: Rate })),
  /** Mean squared difference between what was said and what was. */
  brier: Type.Optional(Type.Number()),
});
export const ResolutionMetric = Type.Array(
  Type.Object({ kind: ExceptionKind, cases: count, medianHours: Type.Number(), p90Hours: Type.Number() }),
);
export const OrdersMetric = Type.Object({
  saved: Rate,
  byClass: Type.Array(Type.Object({ serviceClass: Type.String(), saved: Rate })),
  byStore: Type.Array(Type.Object({ store: StoreId, saved: Rate })),
});
export const AccuracyMetric = Type.Array(
  Type.Object({
    store: StoreId,
    /** `record` for the store's own system, otherwise the sales channel. */
    channel: Type.String(),
    positions: count,
    /** Expected share of positions whose number is right (record) or can be kept (a channel), by the belief. */
    accuracy: Probability,
  }),
);
export const TouchesMetric = Type.Array(
  Type.Object({ kind: ExceptionKind, cases: count, perCase: Type.Number() }),
);
export const ComplianceMetric = Type.Object({
  decisions: Rate,
  refused: count,
  /** Approved against the policy, with the goods already gone when the hub heard of it. */
  breaches: count,
});
const Arm = Type.Object({ cases: count, meanMinor: Type.Optional(Type.Number()) });
export const EffectMetric = Type.Object({
  currency: Type.String(),
  automatic: Arm,
  holdout: Arm,
  /** Mean per case, automatic minus holdout; absent until both arms have two cases. */
  perCaseMinor: Type.Optional(Type.Number()),
  lowMinor: Type.Optional(Type.Number()),
  highMinor: Type.Optional(Type.Number()),
});
export const CoverageMetric = Type.Object({
  acts: count,
  automatic: count,
  share: Type.Optional(Probability),
});
export const FairnessMetric = Type.Object({
  byClass: OrdersMetric.properties.byClass,
  byStore: Type.Array(
    Type.Object({
      store: StoreId,
      saved: Rate,
      cases: count,
      medianHours: Type.Optional(Type.Number()),
      given: count,
      received: count,
    }),
  ),
  /** Difference between the best and the worst served with at least ten outcomes, classes and stores. */
  classGap: Type.Optional(Probability),
  storeGap: Type.Optional(Probability),
});

export const StandingView = Type.Object({
  kind: ExceptionKind,
  option: OptionKindSchema,
  store: StoreId,
  storeName: Type.String(),
  /** What the policy asks for, and what holds now. */
  policyTier: Type.Enum(tiers),
  tier: Type.Enum(tiers),
  isEarned: Type.Boolean(),
  reason: ShortText,
  outcomes: count,
  successes: count,
  lowerBound: Probability,
  target: Probability,
  since: Instant,
});
export type StandingView = Static<typeof StandingView>;

export const BreakerView = Type.Object({
  store: StoreId,
  storeName: Type.String(),
  sku: Type.Optional(Type.String()),
  kind: Type.String(),
  reason: ShortText,
  trippedAt: Instant,
});
export const DriftView = Type.Object({
  store: StoreId,
  storeName: Type.String(),
  caseId: Type.String(),
  since: Instant,
  text: ShortText,
});

/** What decides how much may be done without people. */
export const AutomationView = Type.Object({
  standings: Type.Array(StandingView),
  breakers: Type.Array(BreakerView),
  drift: Type.Array(DriftView),
});
export type AutomationView = Static<typeof AutomationView>;

export const metrics = {
  detection: DetectionMetric,
  calibration: CalibrationMetric,
  resolution: ResolutionMetric,
  orders: OrdersMetric,
  accuracy: AccuracyMetric,
  touches: TouchesMetric,
  compliance: ComplianceMetric,
  effect: EffectMetric,
  coverage: CoverageMetric,
  fairness: FairnessMetric,
} as const;
export type MetricName = keyof typeof metrics;
export const metricNames = Object.keys(metrics) as readonly MetricName[];

export const MetricsView = Type.Object({
  asOf: Instant,
  days: Type.Number(),
  ...metrics,
});
export type MetricsView = Static<typeof MetricsView>;
