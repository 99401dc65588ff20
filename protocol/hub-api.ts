/**
 * The hub's HTTP API, as the console and integrators see it. All paths are below `/api`; every call needs an
 * API key (`Authorization: Bearer`) or a console session. Errors are RFC 9457 problem details.
 * `GET /api/events` is a server-sent stream of `HubChangeEvent`. OpenAPI 3.1 at `/api/openapi.json`.
 *
 * GET  /api/stores                 StoreView[]
 * GET  /api/cases?state=&store=&kind=&cursor=  CasePage
 * GET  /api/cases/:id              CaseView
 * POST /api/cases/:id/decision     CaseDecisionRequest -> CaseView
 * POST /api/cases/:id/undo         CaseUndoRequest -> CaseView
 * GET  /api/cases/:id/replay       ReplayVerdict
 * GET  /api/transfers?cursor=&limit= HubTransferView[]   (lists say where they go on in `Link: <...>; rel="next"`)
 * GET  /api/plan                   PlanView
 * POST /api/plan                   -> PlanView          (plan now)
 * POST /api/plan/accept            PlanAcceptRequest -> PlanAccepted
 * GET  /api/policies               PolicyDocument[]
 * POST /api/policies               PolicyPublishRequest -> PolicyDocument
 * POST /api/policies/inherit       PolicyInheritRequest -> PolicyBundle   (a draft for a store)
 * GET  /api/policies/diff?from=&to= PolicyChange[]
 * GET  /api/metrics?days=          MetricsView, and /api/metrics/<name> for one of them
 * GET  /api/automation             AutomationView
 * POST /api/policies/trial         PolicyTrialRequest -> PolicyTrial
 * GET  /api/audit?cursor=          AuditPage
 * GET  /api/audit/verify           AuditVerdict
 * GET  /api/devices                DeviceView[]
 * GET  /api/devices/codes          OpenCode[]
 * POST /api/devices/codes          CodeRequest -> IssuedCode            (admin)
 * POST /api/devices/:id/rotation   -> DeviceView                        (admin)
 * POST /api/devices/:id/revocation RevocationRequest -> DeviceView      (admin)
 * POST /api/enrolment              EnrolmentRequest -> EnrolmentResult  (a device, without a key)
 * POST /api/enrolment/standing     StandingRequest -> StandingResult    (a device, without a key)
 * GET  /api/quarantine             QuarantineView[]
 * POST /api/orders                 OrderRequest -> OrderDocument
 * GET/POST/DELETE /api/session     { key } -> HubSessionView
 */
import { type Static, Type } from 'typebox';
import { ExceptionKind } from './exception.ts';
import { FeedHealth } from './feed-health.ts';
import { OptionKindSchema, PolicyBundle, tiers } from './policy.ts';
import { Id, Instant, Money, Probability, ShortText, Sku, StoreId, Units } from './schema.ts';
import { RoleSchema } from './staff.ts';
import { Transfer, transferStages } from './transfer.ts';

export const StoreView = Type.Object({
  id: StoreId,
  name: Type.String(),
  online: Type.Boolean(),
  /** Since when it is online or out of reach; absent when it was never seen. */
  since: Type.Optional(Instant),
  version: Type.Optional(Type.String()),
  epoch: Type.Optional(Type.Integer()),
  feeds: Type.Array(FeedHealth),
  openExceptions: Type.Integer(),
  openCases: Type.Integer(),
  exposure: Money,
  positions: Type.Integer(),
  /** Share of positions with a record above zero that are believed to be there. */
  meanConfidence: Type.Optional(Probability),
});
export type StoreView = Static<typeof StoreView>;

export const caseStates = [
  'open',
  'proposed',
  'awaiting-approval',
  'approved',
  'acting',
  'resolved',
  'observing',
  'declined',
  'expired',
  'failed',
  'undoing',
  'undone',
  'escalated',
] as const;
export type CaseState = (typeof caseStates)[number];
const CaseStateSchema = Type.Enum(caseStates);

/** One possible answer with its whole score, in money over the case's horizon. */
export const ScoredOption = Type.Object({
  id: Id,
  option: OptionKindSchema,
  text: ShortText,
  expected: Money,
  spread: Money,
  successProbability: Probability,
  terms: Type.Array(Type.Object({ name: Type.String(), minor: Type.Integer() })),
  steps: Type.Array(ShortText),
  undo: Type.Optional(ShortText),
  chosen: Type.Boolean(),
});
export type ScoredOption = Static<typeof ScoredOption>;

export const CaseSummary = Type.Object({
  id: Id,
  kind: ExceptionKind,
  store: StoreId,
  storeName: Type.String(),
  sku: Type.Optional(Sku),
  name: Type.Optional(Type.String()),
  order: Type.Optional(Id),
  state: CaseStateSchema,
  tier: Type.Enum(tiers),
  openedAt: Instant,
  updatedAt: Instant,
  dueAt: Instant,
  exposure: Money,
  confidence: Probability,
  headline: ShortText,
});
export type CaseSummary = Static<typeof CaseSummary>;

export const TimelineEntry = Type.Object({
  at: Instant,
  source: Type.String(),
  actor: Type.String(),
  text: ShortText,
});
export type TimelineEntry = Static<typeof TimelineEntry>;

export const CaseView = Type.Object({
  case: CaseSummary,
  timeline: Type.Array(TimelineEntry),
  options: Type.Array(ScoredOption),
  transferId: Type.Optional(Id),
  policyVersion: Type.String(),
  workflowVersion: Type.Integer(),
  /** What a signed-in operator may do now. */
  allowed: Type.Array(Type.String()),
});
export type CaseView = Static<typeof CaseView>;
export const CasePage = Type.Object({
  items: Type.Array(CaseSummary),
  nextCursor: Type.Optional(Type.String()),
  total: Type.Integer(),
});
export type CasePage = Static<typeof CasePage>;
export const CaseDecisionRequest = Type.Object({
  id: Id,
  verdict: Type.Union([Type.Literal('approve'), Type.Literal('decline'), Type.Literal('escalate')]),
  optionId: Type.Optional(Id),
  reason: Type.Optional(ShortText),
});
export type CaseDecisionRequest = Static<typeof CaseDecisionRequest>;

/** Takes back what was done for a case, as far as the world allows. `allowed` contains `undo` when it applies. */
export const CaseUndoRequest = Type.Object({ id: Id, reason: ShortText });
export type CaseUndoRequest = Static<typeof CaseUndoRequest>;

/** A decision computed again from its kept inputs: the same bytes, or what is missing or differs. */
export const ReplayVerdict = Type.Object({
  rounds: Type.Integer({ minimum: 0 }),
  same: Type.Boolean(),
  problem: Type.Optional(ShortText),
});
export type ReplayVerdict = Static<typeof ReplayVerdict>;

/** What a policy would have decided about the cases of the last days, beside what was decided. */
export const PolicyTrialRequest = Type.Object({
  bundle: PolicyBundle,
  days: Type.Number({ minimum: 0, maximum: 3650 }),
});
export type PolicyTrialRequest = Static<typeof PolicyTrialRequest>;
const TrialSide = Type.Object({
  /** Decisions by tier. */
  tiers: Type.Record(Type.String(), Type.Integer()),
  /** Decisions by chosen option; `none` where nothing paid. */
  options: Type.Record(Type.String(), Type.Integer()),
  expected: Money,
  /** Decisions that somebody had to approve. */
  approvals: Type.Integer(),
});
export const PolicyTrial = Type.Object({
  decisions: Type.Integer(),
  before: TrialSide,
  after: TrialSide,
  /** Decisions that would have been others, newest first; the first hundred. */
  changed: Type.Array(
    Type.Object({ caseId: Id, at: Instant, store: StoreId, before: ShortText, after: ShortText }),
    { maxItems: 100 },
  ),
});
export type PolicyTrial = Static<typeof PolicyTrial>;

export const HubTransferView = Type.Object({
  transfer: Transfer,
  stage: Type.Enum(transferStages),
});
export type HubTransferView = Static<typeof HubTransferView>;

export const PlanMoveView = Type.Object({
  from: StoreId,
  to: StoreId,
  fromName: Type.String(),
  toName: Type.String(),
  sku: Sku,
  name: Type.String(),
  qty: Units,
  value: Money,
  cost: Money,
  donorLoss: Money,
  confidence: Probability,
  because: ShortText,
  transferId: Type.Optional(Id),
});
export const PlanView = Type.Object({
  at: Type.Optional(Instant),
  moves: Type.Array(PlanMoveView),
  objective: Money,
  bound: Money,
  gap: Type.Number(),
  seconds: Type.Number(),
  unmet: Type.Array(
    Type.Object({
      store: StoreId,
      storeName: Type.String(),
      sku: Sku,
      name: Type.String(),
      qty: Units,
      why: ShortText,
    }),
  ),
});
export type PlanView = Static<typeof PlanView>;

export const PlanAcceptRequest = Type.Object({
  id: Id,
  /** Moves of the plan that were not proposed yet; absent for all of them. */
  moves: Type.Optional(
    Type.Array(Type.Object({ from: StoreId, to: StoreId, sku: Sku }), { minItems: 1, maxItems: 1000 }),
  ),
});
export type PlanAcceptRequest = Static<typeof PlanAcceptRequest>;
export const PlanAccepted = Type.Object({
  accepted: Type.Integer({ minimum: 0 }),
  /** What could not be asked for, and why. */
  refused: Type.Array(Type.Object({ from: StoreId, to: StoreId, sku: Sku, reason: ShortText })),
  plan: PlanView,
});
export type PlanAccepted = Static<typeof PlanAccepted>;

/** Comes into force at its `effectiveFrom`; a version that is published already must be the same. */
export const PolicyPublishRequest = Type.Object({ bundle: PolicyBundle });
export type PolicyPublishRequest = Static<typeof PolicyPublishRequest>;
/** The chain's newest bundle with what one store does differently (JSON merge patch, RFC 7386). */
export const PolicyInheritRequest = Type.Object({
  store: StoreId,
  patch: Type.Record(Type.String(), Type.Unknown()),
});
export type PolicyInheritRequest = Static<typeof PolicyInheritRequest>;
export const PolicyChange = Type.Object({
  path: Type.String(),
  before: Type.Optional(Type.Unknown()),
  after: Type.Optional(Type.Unknown()),
});
export type PolicyChange = Static<typeof PolicyChange>;

export const AuditEntryView = Type.Object({
  seq: Type.Integer(),
  at: Instant,
  actor: Type.String(),
  action: Type.String(),
  subject: Type.String(),
  text: ShortText,
  hash: Type.String(),
});
export type AuditEntryView = Static<typeof AuditEntryView>;
export const AuditPage = Type.Object({
  items: Type.Array(AuditEntryView),
  nextCursor: Type.Optional(Type.String()),
});
export type AuditPage = Static<typeof AuditPage>;
export const AuditVerdict = Type.Union([
  Type.Object({ ok: Type.Literal(true), entries: Type.Integer(), head: Type.String() }),
  Type.Object({
    ok: Type.Literal(false),
    entries: Type.Integer(),
    brokenAt: Type.Integer(),
    problem: ShortText,
  }),
]);
export type AuditVerdict = Static<typeof AuditVerdict>;

export const DeviceView = Type.Object({
  id: Id,
  store: StoreId,
  epoch: Type.Integer(),
  state: Type.Union([Type.Literal('active'), Type.Literal('fenced'), Type.Literal('revoked')]),
  lastSeenAt: Type.Optional(Instant),
  online: Type.Boolean(),
  /** Of its software. */
  version: Type.Optional(Type.String()),
  enrolledAt: Instant,
  /** It enrolled with a code, so its secret can be rotated; otherwise the secret stands in the hub's config. */
  hasCode: Type.Boolean(),
  /** A new secret waits for the device. */
  isRotating: Type.Boolean(),
  revokedReason: Type.Optional(ShortText),
});
export type DeviceView = Static<typeof DeviceView>;
export const QuarantineView = Type.Object({
  id: Id,
  device: Id,
  store: StoreId,
  collection: Type.String(),
  documentId: Type.String(),
  reason: ShortText,
  at: Instant,
});
export type QuarantineView = Static<typeof QuarantineView>;

export const OrderRequest = Type.Object({
  id: Id,
  store: StoreId,
  token: Type.String({ maxLength: 80 }),
  serviceClass: Type.String({ maxLength: 40 }),
  promisedAt: Instant,
  lines: Type.Array(Type.Object({ sku: Sku, qty: Units }), { minItems: 1, maxItems: 200 }),
});
export type OrderRequest = Static<typeof OrderRequest>;

export const HubSessionView = Type.Object({
  signedIn: Type.Boolean(),
  /** The hub's own time: a demo or a test may run on another clock than the browser's. */
  now: Type.Optional(Instant),
  name: Type.Optional(Type.String()),
  role: Type.Optional(RoleSchema),
});
export type HubSessionView = Static<typeof HubSessionView>;

export const hubChangeTopics = [
  'stores',
  'cases',
  'transfers',
  'plan',
  'audit',
  'policies',
  'automation',
  'devices',
] as const;
export const HubChangeEvent = Type.Object({
  topics: Type.Array(Type.Enum(hubChangeTopics)),
});
export type HubChangeEvent = Static<typeof HubChangeEvent>;
