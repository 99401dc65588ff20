/** What the API needs of the rest of the agent, as small capabilities; the composition root provides them. */
import type { Advice, GuidanceEvent, GuidanceQuestion, Role } from '@truecount/protocol';
import type {
  Clock,
  Evidence,
  FeedHealth,
  FeedObservation,
  LearningView,
  SyncView,
  Transfer,
} from '@truecount/protocol';
import type { Exception, StaffGrant, Task } from '@truecount/protocol';
import type { CatalogEntry, Position } from '../belief/index.ts';
import type { PolicyInForce, StoreCollections } from '../documents/index.ts';
import type { CameraPort } from './camera-port.ts';
import type { AppendResult, LedgerHead, LedgerIdentity } from '../ledger/index.ts';
import type { LedgerEntry } from '@truecount/protocol';

interface StoreFacts {
  readonly id: string;
  readonly name: string;
  readonly currency: string;
  readonly timeZone: string;
}

interface BeliefReader {
  position(sku: string): Position | undefined;
  catalog(sku: string): CatalogEntry | undefined;
  skus(): readonly string[];
  atp(sku: string, target: number, reserved: number): number;
}

interface LedgerPort {
  readonly identity: LedgerIdentity;
  head(): LedgerHead;
  find(id: string): LedgerEntry | undefined;
  latest(sku: string, limit: number): readonly LedgerEntry[];
  correctedIds(): ReadonlySet<string>;
}

export interface HealthCheck {
  readonly name: string;
  readonly ok: boolean;
  readonly text: string;
}

/** Advice from the store's procedures. */
export interface GuidancePort {
  /** undefined: cancelled. */
  ask(
    question: GuidanceQuestion,
    options: {
      readonly role: Role;
      readonly signal: AbortSignal;
      readonly onEvent: (event: GuidanceEvent) => void;
    },
  ): Promise<Advice | undefined>;
  /** @returns false when the answer is not kept */
  judge(id: string, right: boolean): boolean;
}

export interface AgentPort {
  readonly store: StoreFacts;
  readonly clock: Clock;
  readonly version: string;
  readonly ledger: LedgerPort;
  readonly collections: StoreCollections;
  /** Absent where it is switched off. */
  readonly guidance?: GuidancePort;
  belief(): BeliefReader;
  policy(): PolicyInForce;
  /** Grants that the hub signed and that have not expired. */
  staff(): readonly StaffGrant[];
  sync(): SyncView;
  feeds(): readonly FeedHealth[];
  cameras(): CameraPort;
  checks(): readonly HealthCheck[];
  /** How much more than usual people here act on such a task; 1 where nothing was learned. For ordering only. */
  attention(task: Task, reason: Exception | undefined): number;
  /** How learning on the device is doing. */
  learning(): LearningView;
  /** Why nobody may sign in on this machine now; undefined where they may. */
  closed(): string | undefined;
  /** What the ledger last heard about a SKU, newest first. */
  heard(sku: string, limit: number): readonly Evidence[];
  /** Commits observations and folds them; resolves after the commit. */
  observe(feed: string, observations: readonly FeedObservation[]): Promise<readonly AppendResult[]>;
  /** Takes an entry back and folds its SKU as if it had never been written. */
  takeBack(entryId: string, by: FeedObservation): Promise<void>;
  /** Brings exceptions, tasks and positions up to date with what was just observed. */
  settle(skus: readonly string[]): Promise<void>;
  /** A transfer's document has changed here: its observations and tasks follow. */
  transferChanged(transfer: Transfer): Promise<void>;
}
