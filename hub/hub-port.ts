/** The HTTP API's view of the hub, put together from its parts. */
import { type AuditPage, type AuditVerdict, type Clock, instant } from '@truecount/protocol';
import type { EnrolmentPort, HubPort } from './api/index.ts';
import {
  acceptMoves,
  automationView,
  type CaseEngine,
  casePage,
  caseView,
  type Network,
  planView,
  readMetric,
  readMetrics,
  replayDecisions,
  transferViews,
  tryPolicy,
} from './cases/index.ts';
import type { Database, Queryable } from './database/index.ts';
import { draftFor, policyDiff, type PolicyRegistry } from './governance/index.ts';
import { hubMetrics } from './hub-metrics.ts';
import type { Intake } from './intake/index.ts';
import { storeViews } from './store-views.ts';

const AUDIT_PAGE = 100;

export function hubPort(parts: {
  readonly database: Database;
  readonly engine: CaseEngine;
  readonly intake: Intake;
  readonly policies: PolicyRegistry;
  readonly network: Network;
  readonly clock: Clock;
  readonly enrolment: EnrolmentPort;
  readonly verify: () => Promise<AuditVerdict>;
}): HubPort {
  const { database, engine, intake, network } = parts;
  const period = (days: number) => ({
    nowMs: parts.clock.now(),
    days,
    currency: network.stores[0]?.currency ?? 'EUR',
  });
  return {
    now: () => instant(parts.clock.now()),
    stores: async () => storeViews(database, network, await intake.statuses()),
    isStore: (id) => network.stores.some((store) => store.id === id),
    cases: (filter) => casePage(database, network, filter),
    caseView: (id, role) => caseView(database, id, { network, role }),
    decide: (caseId, decision) => engine.decide(caseId, decision),
    undo: (caseId, wanted) => engine.undo(caseId, wanted),
    replay: (caseId) => replayDecisions(database, caseId),
    tryPolicy: ({ bundle, days }) => tryPolicy(database, bundle, { days, nowMs: parts.clock.now() }),
    transfers: (page) => transferViews(database, page),
    plan: () => planView(database, network),
    planNow: async () => {
      await engine.planNow();
      return planView(database, network);
    },
    acceptMoves: async (wanted) => {
      const { moves } = await planView(database, network);
      const done = await acceptMoves(
        {
          database,
          planned: moves.filter(({ transferId }) => transferId === undefined),
          decide: (caseId, decision) => engine.decide(caseId, decision),
        },
        wanted,
      );
      await engine.settle();
      return { ...done, refused: [...done.refused], plan: await planView(database, network) };
    },
    policies: () => parts.policies.all(database),
    publishPolicy: ({ bundle }, by) => engine.publishPolicy(bundle, by),
    inheritPolicy: async ({ store, patch }) => {
      if (!network.stores.some(({ id }) => id === store)) return { problem: `there is no store ${store}` };
      return draftFor(await parts.policies.all(database), store, patch);
    },
    policyChanges: async (from, to) => {
      const known = await parts.policies.all(database);
      const [before, after] = [from, to].map((id) => known.find((document) => document.id === id));
      return before && after && policyDiff(before.bundle, after.bundle);
    },
    metric: (name, days) => readMetric(database, name, period(days)),
    allMetrics: (days) => readMetrics(database, period(days)),
    automation: async () =>
      automationView(database, network, {
        policies: await parts.policies.all(database),
        nowMs: parts.clock.now(),
      }),
    audit: (cursor) => auditPage(database, cursor),
    verifyAudit: parts.verify,
    devices: () => intake.devices(),
    enrolment: parts.enrolment,
    quarantine: async () =>
      (await intake.quarantine()).map(({ id, device, store, collection, documentId, reason, at }) => ({
        id,
        device,
        store,
        collection,
        documentId,
        reason,
        at,
      })),
    placeOrder: (request) => engine.placeOrder(request),
    metrics: hubMetrics(database),
  };
}

async function auditPage(database: Queryable, cursor: string | undefined): Promise<AuditPage> {
  const before = cursor !== undefined && /^\d{1,15}$/.test(cursor) ? Number(cursor) : Number.MAX_SAFE_INTEGER;
  const rows = await database.query<AuditPage['items'][number]>(
    `SELECT seq, at, actor, action, subject, left(text, 500) AS text, hash FROM audit_entries
     WHERE seq < $1 ORDER BY seq DESC LIMIT ${AUDIT_PAGE + 1}`,
    [before],
  );
  const items = rows.slice(0, AUDIT_PAGE);
  const last = items.at(-1);
  return { items, ...(rows.length > AUDIT_PAGE && last ? { nextCursor: String(last.seq) } : {}) };
}
