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
