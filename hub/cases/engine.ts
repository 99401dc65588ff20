/**
 * Cases at work: hears of changed documents, keeps the work queue, the clocks and the planning rounds going.
 *
 * Invariants: everything it does is committed with its audit entry and its follow-ups; it holds nothing in memory that
 * a restart would miss; several processes on one PostgreSQL may run it side by side (rows and roots are locked, and
 * one process at a time plans). An outage of a store only means that its documents come later.
 */
import { randomUUID } from 'node:crypto';
import type {
  CaseDecisionRequest,
  CaseUndoRequest,
  Clock,
  CollectionName,
  Exception,
  OrderDocument,
  OrderRequest,
  PolicyBundle,
  PolicyDocument,
} from '@truecount/protocol';
import type { Database, Transaction } from '../database/index.ts';
import {
  type AuditLog,
  type PolicyInForce,
  type PolicyRegistry,
  PolicyVersionError,
} from '../governance/index.ts';
import type { Planner } from '../planner/index.ts';
import { reviewStandings, standingSubject } from './automation/standings.ts';
import { checkCaseMachine } from './case-machine.ts';
import { followClocks, lookAtCase } from './case-clock.ts';
import { caseWorkOn, type CaseWork, inTransaction, type RunCaseWork, type Watchers } from './case-work.ts';
import { decideCase, type DecisionOutcome, type Operator } from './decide-case.ts';
import { grantLeases } from './leases/grant-leases.ts';
import { endForgottenLeases, lookAtLease } from './leases/look-at-lease.ts';
import { type FindingContext, lookAtException, takeFinding } from './findings.ts';
import { lookAtTask } from './look-at-task.ts';
import { placeOrder } from './place-order.ts';
import { planRound } from './planning/plan-round.ts';
import type { Network } from './planning/round-facts.ts';
import { noteEvent, type PortEvent } from './port-events.ts';
import { selfCheck } from './self-check.ts';
import { inTurn } from './turns.ts';
import { lookAtTransfer, type TransferContext } from './transfers/look-at-transfer.ts';
import { beginUndo, undoStep } from './undo-case.ts';
import { withdraw } from './withdraw.ts';
import { enqueue, WorkQueue, type WorkReport } from './work-queue.ts';

/** How often the engine looks at its clocks and for cases to score, in real time. */
const TICK_MS = 500;

export interface EngineParts {
  readonly database: Database;
  readonly audit: AuditLog;
  readonly policies: PolicyRegistry;
  readonly planner: Planner;
  readonly clock: Clock;
  readonly network: Network;
  readonly watchers: Watchers;
  readonly report: (report: WorkReport) => void;
  /** On the hub's clock: how often every open case is scored again. */
  readonly planEveryMs: number;
  readonly orderServiceMinor: number;
  readonly reach: Reach;
  /** Hands a message for another system over; throws when it has to be tried again. */
  readonly deliver: (tx: Transaction, messageId: string, nowMs: number) => Promise<void>;
}

/** What the hub knows about the way to its stores. */
export interface Reach {
  /** Stores out of reach for longer than decisions may rest on. */
  readonly staleStores: (tx: Transaction, nowMs: number) => Promise<readonly string[]>;
  /** How long the store had been out of reach at that instant; undefined when it was not. */
  readonly outageMsAt: (tx: Transaction, store: string, at: string) => Promise<number | undefined>;
}

const WATCHED: ReadonlySet<CollectionName> = new Set(['exceptions', 'transfers', 'tasks', 'leases']);

export class CaseEngine {
  readonly #parts: EngineParts;
  /** What somebody waits for. */
  readonly #run: RunCaseWork;
  /** What follows by itself: it does not hold up devices and people. */
  readonly #runLater: RunCaseWork;
  readonly #queue: WorkQueue;
  readonly #owner = randomUUID();
  readonly #stop = new AbortController();
  #tick: NodeJS.Timeout | undefined;
  #busy: Promise<void> | undefined;
  #plannedAtMs: number | undefined;

  constructor(parts: EngineParts) {
    checkCaseMachine();
    this.#parts = parts;
    this.#run = caseWorkOn(parts.database, parts);
    this.#runLater = caseWorkOn(parts.database.background, parts);
    const handler =
      (look: (work: CaseWork, subject: string) => Promise<void>) => (tx: Transaction, subject: string) =>
        inTransaction(tx, parts, (work) => look(work, subject));
    this.#queue = new WorkQueue({
      database: parts.database.background,
      report: parts.report,
      handlers: {
        exceptions: handler((work, id) => lookAtException(work, id, this.#findings)),
        transfers: handler((work, id) => lookAtTransfer(work, id, this.#transfers)),
        transfer: handler((work, id) => lookAtTransfer(work, id, this.#transfers)),
        tasks: handler(lookAtTask),
        case: handler(lookAtCase),
        leases: handler((work, id) => lookAtLease(work, id, this.#orders)),
        undo: handler((work, id) => undoStep(work, id, this.#findings)),
        standing: handler((work, subject) => reviewStandings(work, subject, this.#findings)),
        deliver: (tx, id) => parts.deliver(tx, id, parts.clock.now()),
      },
    });
  }

  readonly #policyOf = (work: CaseWork, store: string): Promise<PolicyInForce> =>
    this.#parts.policies.inForce(work.tx, store);

  readonly #findings: FindingContext = {
    storeName: (id) => this.#parts.network.stores.find((store) => store.id === id)?.name ?? id,
    policyOf: this.#policyOf,
    withdraw,
  };

  readonly #raise = async (work: CaseWork, exception: Exception): Promise<void> => {
    await takeFinding(work, { exception, isOpen: true, foundBy: 'hub' }, this.#findings);
  };

  readonly #transfers: TransferContext = {
    policyOf: this.#policyOf,
    outageMsAt: (work, store, at) => this.#parts.reach.outageMsAt(work.tx, store, at),
    raise: this.#raise,
  };

  /** Called in the transaction that changed documents. */
  async onDocuments(
    tx: Transaction,
    changes: readonly { readonly collection: CollectionName; readonly id: string }[],
  ): Promise<void> {
    const watched = changes.filter(({ collection }) => WATCHED.has(collection));
    await enqueue(
      tx,
      watched.map(({ collection, id }) => ({ topic: collection, subject: id })),
    );
  }

  async start(): Promise<void> {
    // In its own database nobody else can have the turn that a killed process left behind.
    if (this.#parts.database.kind === 'pglite') await this.#parts.database.query('DELETE FROM hub_turns');
    await this.#queue.start();
    this.#schedule();
  }

  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#tick);
    await this.#busy;
    await this.#queue.close();
  }

  decide(
    caseId: string,
    decision: { readonly request: CaseDecisionRequest; readonly operator: Operator },
  ): Promise<DecisionOutcome> {
    return this.#run((work) => decideCase(work, caseId, decision, { withdraw }));
  }

  undo(
    caseId: string,
    wanted: { readonly request: CaseUndoRequest; readonly operator: Operator },
  ): Promise<DecisionOutcome> {
    return this.#run((work) => beginUndo(work, caseId, wanted));
  }

  placeOrder(request: OrderRequest): Promise<OrderDocument> {
    return this.#run((work) => this.#orders.placeOrder(work, request));
  }

  readonly #orders = {
    placeOrder: async (work: CaseWork, request: OrderRequest): Promise<OrderDocument> => {
      const policy = await this.#policyOf(work, request.store);
      return placeOrder(work, request, { policy, raise: this.#raise });
    },
  };

  /** Lends every store what its policy allows it to promise without the hub. @returns how many leases are new */
  async grantLeases(): Promise<number> {
    const { database, policies, network } = this.#parts;
    await this.#run(endForgottenLeases);
    let granted = 0;
    for (const { id } of network.stores) {
      if (this.#stop.signal.aborted) break;
      granted += await grantLeases(this.#run, id, (await policies.inForce(database, id)).bundle);
    }
    return granted;
  }

  /** Signs and publishes a bundle, and says who wanted it. */
  async publishPolicy(
    bundle: PolicyBundle,
    by: Operator,
  ): Promise<PolicyDocument | { readonly problem: string }> {
    const { policies, network } = this.#parts;
    const { scope } = bundle;
    if (scope !== '*' && !network.stores.some(({ id }) => id === scope))
      return { problem: `there is no store ${scope}` };
    try {
      return await this.#run(async (work) => {
        for (const fact of await policies.publish(work.tx, [bundle]))
          work.audit({ ...fact, actor: `${by.name} (${by.role})` });
        for (const { id } of network.stores)
          work.followUp({ topic: 'standing', subject: standingSubject('*', id) });
        work.changed('policies');
        const id = `policy|${scope}|${bundle.version}`;
        const published = (await policies.all(work.tx)).find((document) => document.id === id);
        if (!published) throw new Error(`policy ${id} was not stored`);
        return published;
      });
    } catch (error) {
      if (error instanceof PolicyVersionError) return { problem: error.message };
      throw error;
    }
  }

  /** Scores every open case now. */
  async planNow(): Promise<void> {
    await this.#wantScores();
    await this.settle();
  }

  /** Notes what another system said; the same event again changes nothing. */
  noteEvents(events: readonly PortEvent[], after?: (tx: Transaction) => Promise<void>): Promise<void> {
    return this.#run(async (work) => {
      for (const event of events) await noteEvent(work, event, this.#orders);
      await after?.(work.tx);
    });
  }

  /** Looks whether promises, orders and beliefs still add up. @returns how many do not */
  async check(): Promise<number> {
    const { database, policies, network } = this.#parts;
    const alphas: number[] = [];
    for (const { id } of network.stores)
      alphas.push((await policies.inForce(database, id)).bundle.planner.alpha);
    return selfCheck(this.#runLater, {
      findings: this.#findings,
      alpha: Math.min(...alphas),
      currency: network.stores[0]?.currency ?? 'EUR',
    });
  }

  /** Works until there is nothing left to do: queue, clocks, planning. */
  async settle(): Promise<void> {
    for (let rounds = 0; rounds < 50 && !this.#stop.signal.aborted; rounds += 1) {
      const worked =
        (await followClocks(this.#runLater)) + (await this.#queue.drain()) + (await this.#plan());
      if (worked === 0) return;
    }
  }

  async #wantScores(): Promise<void> {
    await this.#parts.database.query(
      `UPDATE cases SET wants_score = true WHERE NOT is_over AND state IN ('open', 'observing')`,
    );
  }

  /** Outcomes grow old and policies change without any case moving. */
  async #reviewStandings(): Promise<void> {
    await this.#run(async (work) => {
      for (const { id } of this.#parts.network.stores)
        work.followUp({ topic: 'standing', subject: standingSubject('*', id) });
    });
  }

  #schedule(): void {
    if (this.#stop.signal.aborted) return;
    this.#tick = setTimeout(() => {
      this.#busy = this.#beat().finally(() => this.#schedule());
    }, TICK_MS);
  }

  async #beat(): Promise<void> {
    try {
      await followClocks(this.#runLater);
      const nowMs = this.#parts.clock.now();
      if (this.#plannedAtMs === undefined || nowMs - this.#plannedAtMs >= this.#parts.planEveryMs) {
        this.#plannedAtMs = nowMs;
        await this.check();
        await this.#wantScores();
        await this.#reviewStandings();
        await this.grantLeases();
      }
      await this.#plan();
    } catch (error) {
      if (this.#stop.signal.aborted) return;
      const problem = error instanceof Error ? error.message : String(error);
      this.#parts.report({ item: { topic: 'planning', subject: '' }, problem, parked: false });
    }
  }

  async #plan(): Promise<number> {
    const { planner, clock, network, orderServiceMinor, reach } = this.#parts;
    const database = this.#parts.database.background;
    const [wanting] = await database.query('SELECT 1 FROM cases WHERE wants_score AND NOT is_over LIMIT 1');
    if (!wanting) return 0;
    const scored = await inTurn(database, { name: 'planning', owner: this.#owner }, async () => {
      const nowMs = clock.now();
      const staleStores = await database.transaction((tx) => reach.staleStores(tx, nowMs));
      return planRound(
        { database, planner, run: this.#runLater, decisions: { withdraw }, signal: this.#stop.signal },
        { nowMs, network, orderServiceMinor, staleStores },
      );
    });
    return scored ?? 0;
  }
}
