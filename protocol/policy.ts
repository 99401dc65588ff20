/** A policy bundle: the versioned rules that every decision names by hash. Signed by the hub, usable offline. */
import { type Static, Type } from 'typebox';
import { ExceptionKind } from './exception.ts';
import { Id, Instant, Probability, Sku, StoreId } from './schema.ts';

export const tiers = ['observe', 'recommend', 'automate', 'escalate'] as const;
export type Tier = (typeof tiers)[number];
export const optionKinds = [
  'count',
  'restock',
  'transfer',
  'reassign',
  'split',
  'substitute',
  'delay',
  'expedite',
  'quarantine',
  'adjust-record',
  'claim',
  'reconcile',
  'check-feed',
  'retrain',
] as const;
export type OptionKind = (typeof optionKinds)[number];
export const OptionKindSchema = Type.Enum(optionKinds);
const minor = Type.Integer({ minimum: 0, description: 'minor units of the bundle currency' });

export const PolicyBundle = Type.Object({
  version: Type.Integer({ minimum: 1 }),
  effectiveFrom: Instant,
  /** `*` for the chain, or one store. */
  scope: Type.Union([Type.Literal('*'), StoreId]),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  detection: Type.Object({
    /** Phantom stock opens when confidence falls below `phantomOpen` and closes above `phantomClose`. */
    phantomOpen: Probability,
    phantomClose: Probability,
    /** Where more than `exposureMinor` is at stake, doubt is worth a walk earlier: below this confidence. */
    valuable: Type.Optional(Type.Object({ exposureMinor: minor, phantomOpen: Probability })),
    /** Stock-out ahead opens above `stockoutOpen` and closes below `stockoutClose`. */
    stockoutOpen: Probability,
    stockoutClose: Probability,
    /** Trading days that stock must last until the next delivery. */
    coverDays: Type.Number({ minimum: 0, maximum: 60 }),
    /** Exceptions below this exposure are not raised. */
    minExposureMinor: minor,
    /** A feed that should speak is silent after this many minutes. */
    feedSilentMinutes: Type.Number({ minimum: 0.1, maximum: 1440 }),
  }),
  tiers: Type.Array(
    Type.Object({
      kind: Type.Union([ExceptionKind, Type.Literal('*')]),
      option: Type.Union([OptionKindSchema, Type.Literal('*')]),
      tier: Type.Enum(tiers),
    }),
    { maxItems: 200, description: 'first match wins; no match means recommend' },
  ),
  approvals: Type.Object({
    /** A manager may approve up to this value alone. */
    managerMaxMinor: minor,
    /** During an outage the limit starts here and halves every `outageHalvingHours`. */
    outageMaxMinor: minor,
    outageHalvingHours: Type.Number({ minimum: 0.1, maximum: 240 }),
    /** Proposals expire undecided after this long. */
    proposalHours: Type.Number({ minimum: 0.1, maximum: 240 }),
  }),
  planner: Type.Object({
    /** Units may leave a donor only if P(free stock >= units) >= 1 - alpha. */
    alpha: Probability,
    maxUnits: Type.Integer({ minimum: 1, maximum: 100_000 }),
    blockedPairs: Type.Array(Type.Object({ from: StoreId, to: StoreId }), { maxItems: 1000 }),
    blockedSkus: Type.Array(Sku, { maxItems: 1000 }),
  }),
  /** Beyond these automation falls back to recommending; absent: generous defaults. */
  breakers: Type.Optional(
    Type.Object({
      perSkuStorePerDay: Type.Integer({ minimum: 1, maximum: 10_000 }),
      perStorePerHour: Type.Integer({ minimum: 1, maximum: 100_000 }),
      moneyPerStorePerDayMinor: minor,
      /** Goods that come back within this many days go round in circles. */
      oscillationDays: Type.Number({ minimum: 0, maximum: 365 }),
    }),
  ),
  /** What an option must have shown before the tier `automate` takes hold; absent: the hub's defaults. */
  automation: Type.Optional(
    Type.Object({
      /** The lower confidence bound of the success rate must reach this. */
      targetRate: Probability,
      confidence: Type.Number({ minimum: 0.5, maximum: 0.9999, description: 'one-sided' }),
      /** Outcomes older than this no longer count. */
      windowDays: Type.Number({ minimum: 1, maximum: 3650 }),
      minOutcomes: Type.Integer({ minimum: 1, maximum: 100_000 }),
      /** Share of cases that is left to people although automation was earned. */
      holdoutShare: Probability,
      /** Options that only ask somebody to look: they need not be earned and are not held out. */
      asks: Type.Array(OptionKindSchema, { maxItems: 20 }),
    }),
  ),
  /** Units that a store may promise while it has no way to the hub; absent: none. */
  leases: Type.Optional(
    Type.Object({
      /** Most units per product, and most of what the belief supports and nobody else was promised. */
      maxUnits: Type.Integer({ minimum: 0, maximum: 1000 }),
      share: Probability,
      /** The store stops promising after this long; the hub holds the units `holdHours` longer. */
      hours: Type.Number({ minimum: 0.1, maximum: 720 }),
      holdHours: Type.Number({ minimum: 1, maximum: 2160 }),
      /** Products per store, those that sell most first. */
      maxProducts: Type.Integer({ minimum: 0, maximum: 5000 }),
      /** What a customer in the store is promised: ready within this time. */
      promiseHours: Type.Number({ minimum: 0.1, maximum: 240 }),
    }),
  ),
  /** Products of which a customer usually takes one for the other. */
  substitutes: Type.Optional(
    Type.Array(
      Type.Object({
        skus: Type.Array(Sku, { minItems: 2, maxItems: 50 }),
        /** Share of customers who take it. */
        acceptance: Probability,
      }),
      { maxItems: 5000 },
    ),
  ),
  labour: Type.Object({
    minorPerHour: minor,
    minutesPerCount: Type.Number({ minimum: 0, maximum: 120 }),
  }),
});
export type PolicyBundle = Static<typeof PolicyBundle>;

export const PolicyDocument = Type.Object({
  id: Id,
  store: Type.Union([Type.Literal('*'), StoreId]),
  bundle: PolicyBundle,
  /** SHA-256 of the RFC 8785 form of `bundle`, hex. */
  hash: Type.String({ pattern: '^[0-9a-f]{64}$', maxLength: 64 }),
  keyId: Type.String({ maxLength: 80 }),
  /** Ed25519 over `hash`, base64. */
  signature: Type.String({ maxLength: 200 }),
});
export type PolicyDocument = Static<typeof PolicyDocument>;

export function tierFor(bundle: PolicyBundle, kind: ExceptionKind, option: OptionKind): Tier {
  const rule = bundle.tiers.find(
    (r) => (r.kind === '*' || r.kind === kind) && (r.option === '*' || r.option === option),
  );
  return rule?.tier ?? 'recommend';
}
