/**
 * A move of units between two stores. The hub proposes and owns the terms; the donor owns `donor`, the
 * receiver owns `receiver`, the hub owns `hub`. Its stage is derived from these parts and never stored, so
 * two sites can never disagree about it and it can only move forward.
 */
import { type Static, Type } from 'typebox';
import { Evidence } from './exception.ts';
import { Id, Instant, Money, Probability, ShortText, Sku, StoreId, Units } from './schema.ts';

const by = Type.String({ maxLength: 80 });

export const TransferDecision = Type.Object({
  verdict: Type.Union([Type.Literal('approve'), Type.Literal('decline')]),
  qty: Units,
  by,
  role: Type.String({ maxLength: 20 }),
  at: Instant,
  reason: Type.Optional(ShortText),
  /** True when it was taken without a route to the hub, which then judges it again. */
  offline: Type.Boolean(),
  /** Hash of the policy bundle in force at the store. */
  policyHash: Type.String({ maxLength: 80 }),
});
export type TransferDecision = Static<typeof TransferDecision>;

export const TransferAlternative = Type.Object({
  option: Type.String({ maxLength: 40 }),
  text: ShortText,
  /** The same as `text`, for screens to say in the reader's language. */
  what: Type.Optional(Evidence),
  value: Money,
  successProbability: Probability,
});

export const Transfer = Type.Object({
  id: Id,
  /** Stores that receive this document: donor and receiver. */
  from: StoreId,
  to: StoreId,
  fromName: Type.String({ maxLength: 80 }),
  toName: Type.String({ maxLength: 80 }),
  sku: Sku,
  name: Type.String({ maxLength: 200 }),
  qty: Type.Integer({ minimum: 1, maximum: 100_000 }),
  caseId: Type.Optional(Id),
  order: Type.Optional(Id),
  proposedAt: Instant,
  /** An undecided proposal expires at this time. */
  dueAt: Instant,
  /** Expected gain, cost of moving, and what the donor is expected to lose. */
  value: Money,
  cost: Money,
  donorLoss: Money,
  /** P(donor has the units), P(receiver is out without them). */
  donorConfidence: Probability,
  receiverRisk: Probability,
  because: ShortText,
  otherwise: ShortText,
  /** The same as `because` and `otherwise`, for screens to say in the reader's language. */
  why: Type.Optional(Type.Array(Evidence, { maxItems: 8 })),
  ifNot: Type.Optional(Evidence),
  alternatives: Type.Array(TransferAlternative, { maxItems: 10 }),
  policyVersion: Type.String({ maxLength: 80 }),
  donor: Type.Optional(
    Type.Object({
      decision: Type.Optional(TransferDecision),
      picked: Type.Optional(Type.Object({ qty: Units, by, at: Instant })),
      shipped: Type.Optional(Type.Object({ qty: Units, by, at: Instant })),
    }),
  ),
  receiver: Type.Optional(
    Type.Object({ received: Type.Optional(Type.Object({ qty: Units, by, at: Instant })) }),
  ),
  hub: Type.Optional(
    Type.Object({
      /** The hub's own answer to a decision: refused ones are compensated, not forgotten. `why` is `reason` for screens to say. */
      refused: Type.Optional(Type.Object({ at: Instant, reason: ShortText, why: Type.Optional(Evidence) })),
      expired: Type.Optional(Type.Object({ at: Instant })),
      closed: Type.Optional(Type.Object({ at: Instant, shortUnits: Units })),
    }),
  ),
});
export type Transfer = Static<typeof Transfer>;

export const transferStages = [
  'proposed',
  'approved',
  'picked',
  'shipped',
  'received',
  'closed',
  'declined',
  'refused',
  'expired',
] as const;
export type TransferStage = (typeof transferStages)[number];

/** Furthest stage the known parts prove. Total: every combination of parts has exactly one stage. */
export function transferStage(transfer: Transfer): TransferStage {
  const { donor, receiver, hub } = transfer;
  if (hub?.closed) return 'closed';
  if (hub?.refused) return 'refused';
  if (receiver?.received) return 'received';
  if (donor?.shipped) return 'shipped';
  if (donor?.picked) return 'picked';
  if (donor?.decision) return donor.decision.verdict === 'approve' ? 'approved' : 'declined';
  if (hub?.expired) return 'expired';
  return 'proposed';
}
