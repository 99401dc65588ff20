/** The hub's cases on a database that is emptied first, with stores that are only their documents and a clock that the test turns. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type AuditVerdict,
  type CaseView,
  type CollectionName,
  type DocumentOf,
  instant,
  type OrderRequest,
  type PositionDocument,
  type Transfer,
} from '@truecount/protocol';
import {
  CaseEngine,
  caseMigrations,
  casePage,
  caseView,
  type EngineParts,
  type Happening,
} from '../../hub/cases/index.ts';
import { type CaseWork, inTransaction } from '../../hub/cases/case-work.ts';
import { placeOrder } from '../../hub/cases/place-order.ts';
import { deliverMessage, type OutboundMessage } from '../../hub/connectors/index.ts';
import { type Database, migrate } from '../../hub/database/index.ts';
import {
  AuditAnchor,
  AuditLog,
  auditMigrations,
  bundlesFrom,
  loadHubKey,
  type PolicyInForce,
  PolicyRegistry,
  readAnchor,
  verifyAudit,
} from '../../hub/governance/index.ts';
import defaultPolicy from '../../hub/governance/policies/default.json' with { type: 'json' };
import { lockStores } from '../../hub/intake/document-locks.ts';
import { writeDocuments } from '../../hub/intake/document-table.ts';
import { getDocument, intakeMigrations, listDocuments } from '../../hub/intake/index.ts';
import { createPlanner } from '../../hub/planner/index.ts';
import { aPosition } from '../builders/documents.ts';

export const START = Date.parse('2026-03-02T09:00:00.000Z');
export const HOUR_MS = 3_600_000;

export const trialNetwork: EngineParts['network'] = {
  stores: [
    { id: 'harbour', name: 'Harbour', currency: 'EUR' },
    { id: 'market', name: 'Market Square', currency: 'EUR' },
    { id: 'station', name: 'Station', currency: 'EUR' },
  ],
  lanes: ['harbour', 'market', 'station'].flatMap((from) =>
    ['harbour', 'market', 'station']
      .filter((to) => to !== from)
      .map((to) => ({ from, to, fixedMinor: 200, perUnitMinor: 5, hours: from === 'station' ? 6 : 3 })),
  ),
};

export interface TrialEngine {
  readonly engine: CaseEngine;
  readonly database: Database;
  readonly clock: { nowMs: number; now(): number };
  readonly happenings: Happening[];
  readonly delivered: OutboundMessage[];
  /** What a step of case work asks of the hub. */
  readonly context: {
    readonly policyOf: (work: CaseWork, store: string) => Promise<PolicyInForce>;
    readonly placeOrder: (work: CaseWork, request: OrderRequest) => Promise<void>;
  };
  /** A second engine beside the first, on the same database. */
  another(): CaseEngine;
  /** A store writes its documents, as replication would bring them. */
  says<C extends CollectionName>(collection: C, ...documents: readonly DocumentOf<C>[]): Promise<void>;
  /** The part of a transfer that one side owns, on top of what is there. */
  answers(id: string, part: Pick<Transfer, 'donor' | 'receiver'>): Promise<void>;
  transfers(): Promise<readonly Transfer[]>;
  document<C extends CollectionName>(collection: C, id: string): Promise<DocumentOf<C> | undefined>;
  /** The only case, or the one of that kind. */
  onlyCase(kind?: string): Promise<CaseView>;
  cases(): Promise<readonly CaseView['case'][]>;
  transitions(caseId: string): Promise<readonly string[]>;
  reserved(): Promise<readonly { readonly owner: string; readonly qty: number }[]>;
  /** Runs a step of case work in a process that dies right before its commit. */
  dies(step: (work: CaseWork) => Promise<unknown>): Promise<void>;
  pass(hours: number): Promise<void>;
  verify(): Promise<AuditVerdict>;
  close(): Promise<void>;
}

export async function openTrialEngine(
  database: Database,
  options: { readonly policy?: object; readonly network?: EngineParts['network'] } = {},
): Promise<TrialEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'truecount-engine-'));
  // Starting a database takes longer than most tests, so one serves many: each begins with nothing in it.
  await database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
  await migrate(database, [...intakeMigrations, ...auditMigrations, ...caseMigrations]);
  const clock = {
    nowMs: START,
    now() {
      return this.nowMs;
    },
  };
  const key = loadHubKey(join(folder, 'hub-key.pem'));
  const anchorFile = join(folder, 'audit-head.json');
  const audit = new AuditLog({ key, anchor: new AuditAnchor(anchorFile), clock });
  const policies = new PolicyRegistry({ key, clock });
  await database.transaction(async (tx) =>
    audit.append(tx, await policies.publish(tx, bundlesFrom(options.policy ?? defaultPolicy))),
  );
  const planner = createPlanner();
  const happenings: Happening[] = [];
  const delivered: OutboundMessage[] = [];
  const sink = {
    deliver: (message: OutboundMessage) => {
      delivered.push(message);
      return Promise.resolve();
    },
  };
  const problems: string[] = [];
  const make = (): CaseEngine =>
    new CaseEngine({
      database,
      audit,
      policies,
      planner,
      clock,
      network: options.network ?? trialNetwork,
      watchers: { onHappening: (happening) => happenings.push(happening) },
      report: ({ item, problem }) => problems.push(`${item.topic} ${item.subject}: ${problem}`),
      planEveryMs: HOUR_MS,
      orderServiceMinor: 500,
      reach: { staleStores: () => Promise.resolve([]), outageMsAt: () => Promise.resolve(2 * HOUR_MS) },
      deliver: (tx, id, nowMs) => deliverMessage(tx, id, { sink, nowMs }),
    });
  const engine = make();
  const settle = async (): Promise<void> => {
    await engine.settle();
    if (problems.length > 0) throw new Error(problems.join('\n'));
  };
  const says: TrialEngine['says'] = async (collection, ...documents) => {
    await database.transaction(async (tx) => {
      await lockStores(
        tx,
        trialNetwork.stores.map(({ id }) => id),
      );
      const written = await writeDocuments(
        tx,
        collection,
        documents.map((document) => ({ document: document as never, deleted: false })),
        'device:trial',
      );
      await engine.onDocuments(tx, written);
    });
    await settle();
  };
  const cases = async () => (await casePage(database, options.network ?? trialNetwork, {})).items;
  return {
    engine,
    database,
    clock,
    happenings,
    delivered,
    context: {
      policyOf: (work, store) => policies.inForce(work.tx, store),
      placeOrder: async (work, request) => {
        const policy = await policies.inForce(work.tx, request.store);
        await placeOrder(work, request, { policy, raise: () => Promise.resolve() });
      },
    },
    another: make,
    says,
    answers: async (id, part) => {
      const known = (await getDocument(database, 'transfers', id))?.document;
      if (!known) throw new Error(`there is no transfer ${id}`);
      await says('transfers', {
        ...known,
        ...(part.donor ? { donor: { ...known.donor, ...part.donor } } : {}),
        ...(part.receiver ? { receiver: { ...known.receiver, ...part.receiver } } : {}),
      });
    },
    transfers: async () => (await listDocuments(database, 'transfers')).map(({ document }) => document),
    document: async (collection, id) => (await getDocument(database, collection, id))?.document,
    onlyCase: async (kind) => {
      const found = (await cases()).filter((row) => kind === undefined || row.kind === kind);
      const [first] = found;
      if (!first || found.length !== 1) throw new Error(`${found.length} cases of ${kind ?? 'any kind'}`);
      const view = await caseView(database, first.id, {
        network: options.network ?? trialNetwork,
        role: 'ops',
      });
      if (!view) throw new Error('the case is gone');
      return view;
    },
    cases,
    transitions: async (caseId) =>
      (
        await database.query<{ to_state: string }>(
          'SELECT to_state FROM case_transitions WHERE case_id = $1 ORDER BY seq',
          [caseId],
        )
      ).map(({ to_state }) => to_state),
    reserved: () =>
      database.query(
        'SELECT owner, qty FROM reservations WHERE ended_at IS NULL AND expires_at > $1 ORDER BY id',
        [instant(clock.nowMs)],
      ),
    dies: async (step) => {
      const died = new Error('the process died here');
      const run = database.transaction(async (tx) => {
        await inTransaction(tx, { audit, clock, watchers: { onHappening: () => undefined } }, step);
        throw died;
      });
      await run.catch((error: unknown) => {
        if (error !== died) throw error;
      });
    },
    pass: async (hours) => {
      clock.nowMs += hours * HOUR_MS;
      await settle();
    },
    verify: async () => {
      await audit.close();
      return verifyAudit(database, { key, anchor: readAnchor(anchorFile) });
    },
    close: async () => {
      await engine.close();
      await planner.close();
      await audit.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A position with the given probability of being empty and the rest around `mean` units. */
export function positionOf(
  store: string,
  sku: string,
  stock: { readonly mean: number; readonly p0: number; readonly rate: number; readonly record?: number },
): PositionDocument {
  const { mean, p0, rate } = stock;
  const weights = Array.from({ length: Math.ceil(mean * 2) + 2 }, (_, n) =>
    n === 0 ? 0 : Math.exp(-((n - mean) ** 2) / (2 * (1 + mean / 8))),
  );
  const sum = weights.reduce((all, weight) => all + weight, 0);
  const pmf = weights.map((weight, n) => (n === 0 ? p0 : ((1 - p0) * weight) / sum));
  return aPosition({
    store,
    sku,
    record: stock.record ?? Math.round(mean),
    confidence: 1 - p0,
    p0,
    mean: pmf.reduce((all, p, n) => all + p * n, 0),
    p05: 0,
    p95: Math.ceil(mean * 1.5),
    rate,
    pmf,
  });
}
