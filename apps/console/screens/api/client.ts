/** The hub's API as the console uses it: one function per call, every answer checked against the contract. */
import {
  AuditPage,
  AuditVerdict,
  AutomationView,
  type CaseDecisionRequest,
  CasePage,
  type CaseSummary,
  CaseView,
  type CodeRequest,
  DeviceView,
  HubSessionView,
  HubTransferView,
  IssuedCode,
  MetricsView,
  newId,
  PlanAccepted,
  type PlanAcceptRequest,
  PolicyBundle,
  PolicyChange,
  PolicyTrial,
  type PolicyTrialRequest,
  ReplayVerdict,
  OpenCode,
  PlanView,
  PolicyDocument,
  QuarantineView,
  readerFor,
  StoreView,
} from '@truecount/protocol';
import { ask, askAll, listOf, tell } from '@truecount/screens/request';

const readCasePage = readerFor(CasePage);
const readCase = readerFor(CaseView);
const readReplay = readerFor(ReplayVerdict);
const readAccepted = readerFor(PlanAccepted);
const readBundle = readerFor(PolicyBundle);
const readTrial = readerFor(PolicyTrial);
const readPolicy = readerFor(PolicyDocument);
const readChanges = listOf(readerFor(PolicyChange));
const readMetrics = readerFor(MetricsView);
const readAutomation = readerFor(AutomationView);
const readPlan = readerFor(PlanView);
const readSession = readerFor(HubSessionView);
const readAudit = readerFor(AuditPage);
const readVerdict = readerFor(AuditVerdict);
const readStores = listOf(readerFor(StoreView));
const readTransfers = listOf(readerFor(HubTransferView));
const readPolicies = listOf(readerFor(PolicyDocument));
const readDevices = listOf(readerFor(DeviceView));
const readDevice = readerFor(DeviceView);
const readIssued = readerFor(IssuedCode);
const readCodes = listOf(readerFor(OpenCode));
const readQuarantine = listOf(readerFor(QuarantineView));

/** Parts of a list that are loaded at most. */
const MOST_PARTS = 20;
/** Pages of cases that are loaded at most; the table then says how many more there are. */
const MOST_CASE_PAGES = 20;

export interface CaseFilter {
  readonly state?: string;
  readonly store?: string;
  readonly kind?: string;
}
interface CaseList {
  readonly items: readonly CaseSummary[];
  readonly total: number;
}

const query = (params: Readonly<Record<string, string | undefined>>): string => {
  const given = Object.entries(params).filter((entry): entry is [string, string] => Boolean(entry[1]));
  return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
};

async function cases(filter: CaseFilter, signal: AbortSignal): Promise<CaseList> {
  const items: CaseSummary[] = [];
  let cursor: string | undefined;
  let total = 0;
  for (let page = 0; page < MOST_CASE_PAGES; page += 1) {
    const answer = await ask(`/api/cases${query({ ...filter, cursor })}`, readCasePage, { signal });
    items.push(...answer.items);
    total = answer.total;
    cursor = answer.nextCursor;
    if (cursor === undefined) break;
  }
  return { items, total };
}

/** Made here, so that a request that is sent again counts once. */
export const requestId = (): string => newId(Date.now());

export const hub = {
  session: (signal: AbortSignal) => ask('/api/session', readSession, { signal }),
  signIn: (key: string) => ask('/api/session', readSession, { method: 'POST', body: { key } }),
  signOut: () => tell('/api/session', { method: 'DELETE' }),
  stores: (signal: AbortSignal) => askAll('/api/stores', readStores, { signal, mostParts: MOST_PARTS }),
  cases,
  case: (id: string, signal: AbortSignal) =>
    ask(`/api/cases/${encodeURIComponent(id)}`, readCase, { signal }),
  decide: (id: string, body: CaseDecisionRequest) =>
    ask(`/api/cases/${encodeURIComponent(id)}/decision`, readCase, { method: 'POST', body }),
  transfers: (signal: AbortSignal) =>
    askAll('/api/transfers', readTransfers, { signal, mostParts: MOST_PARTS }),
  plan: (signal: AbortSignal) => ask('/api/plan', readPlan, { signal }),
  undo: (id: string, reason: string) =>
    ask(`/api/cases/${encodeURIComponent(id)}/undo`, readCase, {
      method: 'POST',
      body: { id: requestId(), reason },
    }),
  replay: (id: string) =>
    ask(`/api/cases/${encodeURIComponent(id)}/replay`, readReplay, { timeoutMs: 60_000 }),
  acceptMoves: (moves: PlanAcceptRequest['moves']) =>
    ask('/api/plan/accept', readAccepted, {
      method: 'POST',
      body: { id: requestId(), ...(moves ? { moves } : {}) },
      timeoutMs: 60_000,
    }),
  tryPolicy: (body: PolicyTrialRequest) =>
    ask('/api/policies/trial', readTrial, { method: 'POST', body, timeoutMs: 120_000 }),
  /** A draft for a store that has no policy of its own. */
  inheritPolicy: (store: string) =>
    ask('/api/policies/inherit', readBundle, { method: 'POST', body: { store, patch: {} } }),
  publishPolicy: (bundle: PolicyBundle) =>
    ask('/api/policies', readPolicy, { method: 'POST', body: { bundle } }),
  policyChanges: (from: string, to: string, signal: AbortSignal) =>
    ask(`/api/policies/diff${query({ from, to })}`, readChanges, { signal }),
  metrics: (days: number, signal: AbortSignal) =>
    ask(`/api/metrics?days=${days}`, readMetrics, { signal, timeoutMs: 60_000 }),
  automation: (signal: AbortSignal) => ask('/api/automation', readAutomation, { signal }),
  planNow: () => ask('/api/plan', readPlan, { method: 'POST', timeoutMs: 60_000 }),
  policies: (signal: AbortSignal) => askAll('/api/policies', readPolicies, { signal, mostParts: MOST_PARTS }),
  audit: (cursor: string, signal: AbortSignal) =>
    ask(`/api/audit${query({ cursor })}`, readAudit, { signal }),
  verifyAudit: () => ask('/api/audit/verify', readVerdict, { timeoutMs: 60_000 }),
  devices: (signal: AbortSignal) => askAll('/api/devices', readDevices, { signal, mostParts: MOST_PARTS }),
  codes: (signal: AbortSignal) => ask('/api/devices/codes', readCodes, { signal }),
  issueCode: (body: CodeRequest) => ask('/api/devices/codes', readIssued, { method: 'POST', body }),
  rotate: (id: string) =>
    ask(`/api/devices/${encodeURIComponent(id)}/rotation`, readDevice, { method: 'POST' }),
  revoke: (id: string, reason: string) =>
    ask(`/api/devices/${encodeURIComponent(id)}/revocation`, readDevice, {
      method: 'POST',
      body: { reason },
    }),
  quarantine: (signal: AbortSignal) =>
    askAll('/api/quarantine', readQuarantine, { signal, mostParts: MOST_PARTS }),
};
