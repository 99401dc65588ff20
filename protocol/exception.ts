/** Exceptions: deviations worth somebody's attention. One taxonomy, with an owner and a first answer for each. */
import { type Static, Type } from 'typebox';
import { Id, Instant, Money, Probability, ShortText, Sku, StoreId } from './schema.ts';

export const exceptionKinds = [
  'phantom-stock',
  'hidden-stock',
  'negative-record',
  'shelf-gap',
  'stockout-ahead',
  'pick-failed',
  'receipt-mismatch',
  'return-unreconciled',
  'reservation-mismatch',
  'allocation-conflict',
  'oversell-risk',
  'late-inbound',
  'order-at-risk',
  'transfer-failed',
  'feed-silent',
  'model-drift',
] as const;
export const ExceptionKind = Type.Enum(exceptionKinds);
export type ExceptionKind = (typeof exceptionKinds)[number];

export const ownerRoles = [
  'associate',
  'manager',
  'back-office',
  'finance',
  'service',
  'commerce',
  'supply-chain',
  'it',
  'ops',
] as const;
export type OwnerRole = (typeof ownerRoles)[number];
const OwnerRoleSchema = Type.Enum(ownerRoles);

export const firstAnswers = [
  'count',
  'restock',
  'transfer-in',
  'reassign',
  'claim',
  'reconcile',
  'release',
  'split',
  'quarantine',
  'expedite',
  'recover',
  'check-feed',
  'demote-tier',
  'best-option',
] as const;
export type FirstAnswer = (typeof firstAnswers)[number];

interface Taxon {
  readonly foundBy: 'store' | 'hub' | 'both';
  readonly owner: OwnerRole;
  readonly firstAnswer: FirstAnswer;
  /** Hours from detection until somebody should have acted. */
  readonly dueHours: number;
}

export const taxonomy: { readonly [K in ExceptionKind]: Taxon } = {
  'phantom-stock': { foundBy: 'store', owner: 'associate', firstAnswer: 'count', dueHours: 4 },
  'hidden-stock': { foundBy: 'store', owner: 'associate', firstAnswer: 'count', dueHours: 24 },
  'negative-record': { foundBy: 'store', owner: 'associate', firstAnswer: 'count', dueHours: 24 },
  'shelf-gap': { foundBy: 'store', owner: 'associate', firstAnswer: 'restock', dueHours: 2 },
  'stockout-ahead': { foundBy: 'store', owner: 'manager', firstAnswer: 'transfer-in', dueHours: 8 },
  'pick-failed': { foundBy: 'store', owner: 'associate', firstAnswer: 'reassign', dueHours: 1 },
  'receipt-mismatch': { foundBy: 'store', owner: 'back-office', firstAnswer: 'claim', dueHours: 24 },
  'return-unreconciled': { foundBy: 'hub', owner: 'finance', firstAnswer: 'reconcile', dueHours: 48 },
  'reservation-mismatch': { foundBy: 'hub', owner: 'service', firstAnswer: 'release', dueHours: 4 },
  'allocation-conflict': { foundBy: 'hub', owner: 'service', firstAnswer: 'split', dueHours: 1 },
  'oversell-risk': { foundBy: 'hub', owner: 'commerce', firstAnswer: 'quarantine', dueHours: 2 },
  'late-inbound': { foundBy: 'hub', owner: 'supply-chain', firstAnswer: 'expedite', dueHours: 8 },
  'order-at-risk': { foundBy: 'hub', owner: 'service', firstAnswer: 'best-option', dueHours: 1 },
  'transfer-failed': { foundBy: 'both', owner: 'manager', firstAnswer: 'recover', dueHours: 4 },
  'feed-silent': { foundBy: 'store', owner: 'it', firstAnswer: 'check-feed', dueHours: 1 },
  'model-drift': { foundBy: 'both', owner: 'it', firstAnswer: 'demote-tier', dueHours: 24 },
};

/**
 * One fact behind an exception. Screens say it in the reader's language from `code` and `params`; `text` is
 * the same in English for logs, the hub and integrators.
 */
export const Evidence = Type.Object({
  code: Type.String({ maxLength: 60 }),
  params: Type.Record(Type.String(), Type.Union([Type.String({ maxLength: 200 }), Type.Number()])),
  at: Instant,
  text: ShortText,
});
export type Evidence = Static<typeof Evidence>;

/** What makes a record wrong. The belief ranks them; people say which it was once they have looked. */
export const stockCauses = [
  'theft',
  'misplaced',
  'short-delivery',
  'unbooked-delivery',
  'mis-scan',
  'shelf-not-filled',
  'feed-silent',
  'unbooked-waste',
] as const;
export const StockCause = Type.Enum(stockCauses);
export type StockCause = (typeof stockCauses)[number];

export const RankedCause = Type.Object({
  code: Type.String({ maxLength: 60 }),
  probability: Probability,
  text: ShortText,
});
export type RankedCause = Static<typeof RankedCause>;

export const Exception = Type.Object({
  id: Id,
  kind: ExceptionKind,
  store: StoreId,
  sku: Type.Optional(Sku),
  name: Type.Optional(Type.String({ maxLength: 200, description: 'product name as the store knows it' })),
  order: Type.Optional(Id),
  transfer: Type.Optional(Id),
  feed: Type.Optional(Type.String({ maxLength: 80 })),
  detectedAt: Instant,
  dueAt: Instant,
  updatedAt: Instant,
  /** How sure we are that the deviation is real. */
  confidence: Probability,
  /** Money at stake if nobody acts. */
  exposure: Money,
  evidence: Type.Array(Evidence, { maxItems: 20 }),
  /** Most likely first. */
  cause: Type.Optional(Type.Array(RankedCause, { maxItems: 10 })),
  /** What spoke for which cause, by sign: the store learns from it once people say what it was. */
  signs: Type.Optional(Type.Record(Type.String({ maxLength: 40 }), Type.Number())),
  /** What people found it to be. */
  found: Type.Optional(Type.Object({ cause: StockCause, at: Instant })),
  owner: OwnerRoleSchema,
  state: Type.Union([Type.Literal('open'), Type.Literal('closed')]),
  closedAt: Type.Optional(Instant),
  /** Why it closed: the evidence that ended it. */
  outcome: Type.Optional(Evidence),
  policyVersion: Type.String({ maxLength: 80 }),
  modelVersion: Type.String({ maxLength: 80 }),
  /** Written by the hub only. */
  caseId: Type.Optional(Id),
  decision: Type.Optional(
    Type.Object({ option: Type.String({ maxLength: 40 }), at: Instant, text: ShortText }),
  ),
});
export type Exception = Static<typeof Exception>;
