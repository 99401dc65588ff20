/** The HTTP API's view of the hub, put together from its parts. */
import { type AuditPage, type AuditVerdict, type Clock, instant } from '@truecount/protocol';
import type { EnrolmentPort, HubPort } from './api/index.ts';
import {
  type CaseEngine,
  casePage,
  caseView,
  type Network,
  planView,
  replayDecisions,
  transferViews,
  tryPolicy,
} from './cases/index.ts';
import type { Database, Queryable } from './database/index.ts';
import type { PolicyRegistry } from './governance/index.ts';
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
    transfers: () => transferViews(database),
    plan: () => planView(database, network),
    planNow: async () => {
      await engine.planNow();
      return planView(database, network);
    },
    policies: () => parts.policies.all(database),
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
