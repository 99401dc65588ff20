/**
 * The store agent's HTTP API, as the kiosk and integrators see it. All paths are below `/api`. Errors are
 * RFC 9457 problem details. `GET /api/events` is a server-sent stream of `ChangeEvent`.
 *
 * GET    /api/now                     NowView
 * GET    /api/products?q=             ProductMatch[]     a name, SKU, GTIN or raw scan
 * GET    /api/products/:sku           ProductView
 * POST   /api/counts                  CountRequest    -> CountAccepted  (201 after commit)
 * GET    /api/exceptions/:id/cause    CauseQuestion
 * POST   /api/exceptions/:id/cause    CauseRequest    -> Accepted   (what people found; the last word counts)
 * POST   /api/seen                    SeenRequest     -> Accepted
 * POST   /api/promises                PromiseRequest  -> Accepted   (units the hub has lent this store)
 * POST   /api/tasks/:id/done          TaskDoneRequest -> Accepted
 * POST   /api/tasks/:id/dismissed     DismissRequest  -> Accepted
 * POST   /api/undo                    UndoRequest     -> Accepted   (takes back a count, a task just done or a cause)
 * GET    /api/transfers               TransferView[]
 * POST   /api/transfers/:id/decision  DecisionRequest -> Accepted   (manager session)
 * POST   /api/transfers/:id/steps     StepRequest     -> Accepted
 * GET    /api/shelf                   ShelfView[]        one per camera; the picture is /api/shelf/:camera/frame
 * POST   /api/shelf/:camera/verdict   ShelfVerdict    -> Accepted
 * GET    /api/session                 SessionView
 * POST   /api/session                 PinRequest      -> SessionView (sets an HttpOnly cookie)
 * DELETE /api/session
 * GET    /api/setup                   SetUpView       (also before this device has a store)
 * POST   /api/setup                   SetUpRequest -> SetUpView
 * POST   /api/guidance                GuidanceQuestion -> lines of GuidanceEvent (guidance.ts)
 * POST   /api/guidance/:id/verdict    GuidanceVerdict
 * GET    /api/health                  HealthView      (200 also during an outage: an outage is healthy)
 */
import { type Static, Type } from 'typebox';
import { Evidence, ExceptionKind, RankedCause, StockCause } from './exception.ts';
import { FeedHealth } from './feed-health.ts';
import { Id, Instant, Money, Probability, ShortText, Sku, StoreId, Units } from './schema.ts';
import { RoleSchema } from './staff.ts';
import { TaskKind } from './task.ts';
import { Transfer, transferStages } from './transfer.ts';

const name = Type.String({ maxLength: 200 });
const place = Type.Optional(Type.String({ maxLength: 80 }));

export const ProductRef = Type.Object({
  sku: Sku,
  name,
  place,
  gtin: Type.Optional(Type.String()),
  category: Type.Optional(Type.String()),
});
export type ProductRef = Static<typeof ProductRef>;

/** Why the hub does not take this device: each needs something else of people. */
export const refusals = ['fenced', 'revoked', 'credentials', 'certificate', 'version', 'other'] as const;
export type RefusedBecause = (typeof refusals)[number];

/** No route to the hub is a normal state; screens show it quietly and go on. */
export const SyncView = Type.Object({
  online: Type.Boolean(),
  /** Since when the present state holds. */
  since: Instant,
  /** Documents committed here and not yet accepted by the hub. */
  waiting: Type.Integer({ minimum: 0 }),
  /** Documents the hub could not accept. */
  quarantined: Type.Integer({ minimum: 0 }),
  /** Set when the hub refuses this device: what to do, in plain words. */
  fenced: Type.Optional(ShortText),
  refusedBecause: Type.Optional(Type.Enum(refusals)),
  /** A new or rebuilt device is being filled with what the hub has of its store; absent when that is over. */
  firstLoad: Type.Optional(
    Type.Object({ loaded: Type.Integer({ minimum: 0 }), total: Type.Integer({ minimum: 0 }) }),
  ),
});
export type SyncView = Static<typeof SyncView>;

/** One thing worth doing: a task, or an open exception whose first answer is a task. */
export const NowCard = Type.Object({
  id: Id,
  kind: TaskKind,
  product: Type.Optional(ProductRef),
  qty: Type.Optional(Units),
  exceptionKind: Type.Optional(ExceptionKind),
  exceptionId: Type.Optional(Id),
  transferId: Type.Optional(Id),
  /** Best reasons first. */
  why: Type.Array(Evidence),
  /** Most likely first; what staff should look for. */
  causes: Type.Optional(Type.Array(RankedCause)),
  confidence: Probability,
  value: Money,
  minutes: Type.Number(),
  dueAt: Instant,
});
export type NowCard = Static<typeof NowCard>;

export const NowView = Type.Object({
  store: Type.Object({ id: StoreId, name: Type.String() }),
  /** The agent's own time: a demo or a test may run on another clock than the browser's. */
  now: Instant,
  sync: SyncView,
  /** Most valuable per minute first. */
  cards: Type.Array(NowCard),
  approvals: Type.Integer({ minimum: 0 }),
});
export type NowView = Static<typeof NowView>;

export const ProductMatch = Type.Object({
  product: ProductRef,
  record: Type.Number(),
  confidence: Probability,
});
export type ProductMatch = Static<typeof ProductMatch>;

export const ProductView = Type.Object({
  product: ProductRef,
  now: Instant,
  record: Type.Number(),
  confidence: Probability,
  mean: Type.Number(),
  p05: Type.Number(),
  p95: Type.Number(),
  rate: Type.Number(),
  /** P(on-hand = n), n = 0.. */
  pmf: Type.Array(Probability),
  /** P(on-hand >= 1 beyond what is promised), for "promise one". */
  canPromise: Type.Boolean(),
  /** Units that the hub has lent this store to promise, also during an outage; absent from older agents. */
  promisable: Type.Optional(Units),
  price: Money,
  /** Newest first. */
  evidence: Type.Array(Evidence),
  exceptions: Type.Array(
    Type.Object({ id: Id, kind: ExceptionKind, detectedAt: Instant, why: Type.Array(Evidence) }),
  ),
});
export type ProductView = Static<typeof ProductView>;

/** `id` is made by the screen, so that a repeated request counts once. */
export const CountRequest = Type.Object({ id: Id, sku: Sku, qty: Units, taskId: Type.Optional(Id) });
export type CountRequest = Static<typeof CountRequest>;
export const SeenRequest = Type.Object({ id: Id, sku: Sku });
export type SeenRequest = Static<typeof SeenRequest>;
export const PromiseRequest = Type.Object({
  id: Id,
  sku: Sku,
  /** Default 1. */
  qty: Type.Optional(Type.Integer({ minimum: 1, maximum: 1000 })),
  /** What the customer shows; made from the id when absent. Never a name. */
  token: Type.Optional(Type.String({ minLength: 1, maxLength: 80 })),
});
export type PromiseRequest = Static<typeof PromiseRequest>;
export const TaskDoneRequest = Type.Object({ id: Id, qty: Type.Optional(Units) });
export type TaskDoneRequest = Static<typeof TaskDoneRequest>;
export const DismissRequest = Type.Object({ reason: ShortText });
export type DismissRequest = Static<typeof DismissRequest>;
export const UndoRequest = Type.Object({ id: Id });
export type UndoRequest = Static<typeof UndoRequest>;
export const DecisionRequest = Type.Object({
  id: Id,
  verdict: Type.Union([Type.Literal('approve'), Type.Literal('decline')]),
  qty: Type.Optional(Units),
  reason: Type.Optional(ShortText),
});
export type DecisionRequest = Static<typeof DecisionRequest>;
export const StepRequest = Type.Object({
  id: Id,
  step: Type.Union([Type.Literal('picked'), Type.Literal('shipped'), Type.Literal('received')]),
  qty: Units,
});
export type StepRequest = Static<typeof StepRequest>;
/** Committed on this device; the hub's answer comes later. */
export const Accepted = Type.Object({ id: Id, committedAt: Instant });
export type Accepted = Static<typeof Accepted>;

/** `ask`: the count differs from the record of an exception; somebody may know why. */
export const CountAccepted = Type.Object({ ...Accepted.properties, ask: Type.Optional(Id) });
export type CountAccepted = Static<typeof CountAccepted>;
export const CauseQuestion = Type.Object({
  exceptionId: Id,
  kind: ExceptionKind,
  product: ProductRef,
  /** Most likely first, every cause there is. */
  causes: Type.Array(StockCause),
  found: Type.Optional(StockCause),
});
export type CauseQuestion = Static<typeof CauseQuestion>;
export const CauseRequest = Type.Object({ cause: StockCause });
export type CauseRequest = Static<typeof CauseRequest>;

export const TransferView = Type.Object({
  transfer: Transfer,
  stage: Type.Enum(transferStages),
  side: Type.Union([Type.Literal('donor'), Type.Literal('receiver')]),
  /** What this store may do next; empty when it is the other side's turn or over. */
  next: Type.Array(Type.String()),
  /** True when a manager has to decide here. */
  awaitsDecision: Type.Boolean(),
  /** Why a decision is closed to managers now (amount above the limit, machine not locked), in plain words. */
  blocked: Type.Optional(ShortText),
  product: ProductRef,
  /** This store's own view of the product now. */
  record: Type.Number(),
  confidence: Probability,
});
export type TransferView = Static<typeof TransferView>;

export const PinRequest = Type.Object({ pin: Type.String({ minLength: 4, maxLength: 12 }) });
export type PinRequest = Static<typeof PinRequest>;
export const SessionView = Type.Object({
  signedIn: Type.Boolean(),
  name: Type.Optional(Type.String()),
  role: Type.Optional(RoleSchema),
  expiresAt: Type.Optional(Instant),
  /** Set after too many wrong PINs. */
  lockedUntil: Type.Optional(Instant),
});
export type SessionView = Static<typeof SessionView>;

/** `needed`: this device belongs to no store yet; every other address answers 404 until it does. */
export const SetUpView = Type.Object({
  state: Type.Union([Type.Literal('needed'), Type.Literal('done')]),
  /** Address of the hub's API, where it is known. */
  hub: Type.Optional(Type.String()),
  store: Type.Optional(Type.Object({ id: StoreId, name: Type.String() })),
  device: Type.Optional(Id),
});
export type SetUpView = Static<typeof SetUpView>;
/** A code that the hub made for this device, as typed. */
export const SetUpRequest = Type.Object({
  hub: Type.String({ minLength: 3, maxLength: 300 }),
  code: Type.String({ minLength: 8, maxLength: 20 }),
  /** SHA-256 of the hub's certificate, where the system does not know its authority. */
  fingerprint: Type.Optional(Type.String({ maxLength: 120 })),
});
export type SetUpRequest = Static<typeof SetUpRequest>;

/** How learning on the device is doing. */
export const LearningView = Type.Object({
  /** Version of the error rates that beliefs are folded with. */
  model: Type.String({ maxLength: 80 }),
  since: Type.Optional(Instant),
  /** `night`, or who put it in force. */
  by: Type.Optional(Type.String({ maxLength: 80 })),
  /** While it works: what at, and how much is done, 0..1. */
  phase: Type.Optional(Type.String({ maxLength: 40 })),
  share: Type.Optional(Probability),
  last: Type.Optional(
    Type.Object({
      finishedAt: Instant,
      took: Type.Union([Type.Literal('challenger'), Type.Literal('champion'), Type.Literal('nothing')]),
      because: Type.String(),
      seconds: Type.Number({ minimum: 0 }),
      /** Of TensorFlow.js: native, wasm or cpu. */
      backend: Type.Optional(Type.String({ maxLength: 20 })),
    }),
  ),
});
export type LearningView = Static<typeof LearningView>;

export const HealthView = Type.Object({
  status: Type.Union([Type.Literal('ok'), Type.Literal('degraded')]),
  store: Type.Object({ id: StoreId, name: Type.String() }),
  device: Id,
  epoch: Type.Integer(),
  version: Type.String(),
  now: Instant,
  sync: SyncView,
  feeds: Type.Array(FeedHealth),
  ledger: Type.Object({ entries: Type.Integer(), lastSeq: Type.Integer() }),
  learning: Type.Optional(LearningView),
  checks: Type.Array(Type.Object({ name: Type.String(), ok: Type.Boolean(), text: Type.String() })),
});
export type HealthView = Static<typeof HealthView>;

export const changeTopics = ['now', 'transfers', 'products', 'sync', 'session', 'health', 'shelf'] as const;
export const ChangeEvent = Type.Object({
  topics: Type.Array(Type.Enum(changeTopics)),
});
export type ChangeEvent = Static<typeof ChangeEvent>;

/** Sent as an event named `scan` on the same stream: a serial scanner of this store read something. */
export const ScanPush = Type.Object({
  text: Type.String(),
  gtin: Type.Optional(Type.String()),
  sku: Type.Optional(Sku),
});
export type ScanPush = Static<typeof ScanPush>;

/** RFC 9457. `code` is stable for programs; `detail` is for people: what happened, to what, what to do. */
export const Problem = Type.Object({
  type: Type.String(),
  title: Type.String(),
  status: Type.Integer(),
  detail: Type.String(),
  code: Type.String(),
});
export type Problem = Static<typeof Problem>;
