/** The hub's API as the console uses it: one function per call, every answer checked against the contract. */
import {
  AuditPage,
  AuditVerdict,
  type CaseDecisionRequest,
  CasePage,
  type CaseSummary,
  CaseView,
  type CodeRequest,
  DeviceView,
  HubSessionView,
  HubTransferView,
  IssuedCode,
  newId,
  OpenCode,
  PlanView,
  PolicyDocument,
  QuarantineView,
  type Reader,
  readerFor,
  StoreView,
} from '@truecount/protocol';
import { ask, tell } from './request.ts';

const readCasePage = readerFor(CasePage);
const readCase = readerFor(CaseView);
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

/** Pages of cases that are loaded at most; the table then says how many more there are. */
const MOST_CASE_PAGES = 20;

function listOf<T>(read: Reader<T>): Reader<readonly T[]> {
  return (input) => {
    if (!Array.isArray(input)) return { ok: false, problem: 'must be a list' };
    const values: T[] = [];
    for (const [index, item] of input.entries()) {
      const parsed = read(item);
      if (!parsed.ok) return { ok: false, problem: `${index}.${parsed.problem}` };
      values.push(parsed.value);
    }
    return { ok: true, value: values };
  };
}

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
  stores: (signal: AbortSignal) => ask('/api/stores', readStores, { signal }),
  cases,
  case: (id: string, signal: AbortSignal) =>
    ask(`/api/cases/${encodeURIComponent(id)}`, readCase, { signal }),
  decide: (id: string, body: CaseDecisionRequest) =>
    ask(`/api/cases/${encodeURIComponent(id)}/decision`, readCase, { method: 'POST', body }),
  transfers: (signal: AbortSignal) => ask('/api/transfers', readTransfers, { signal }),
  plan: (signal: AbortSignal) => ask('/api/plan', readPlan, { signal }),
  planNow: () => ask('/api/plan', readPlan, { method: 'POST', timeoutMs: 60_000 }),
  policies: (signal: AbortSignal) => ask('/api/policies', readPolicies, { signal }),
  audit: (cursor: string, signal: AbortSignal) =>
    ask(`/api/audit${query({ cursor })}`, readAudit, { signal }),
  verifyAudit: () => ask('/api/audit/verify', readVerdict, { timeoutMs: 60_000 }),
  devices: (signal: AbortSignal) => ask('/api/devices', readDevices, { signal }),
  codes: (signal: AbortSignal) => ask('/api/devices/codes', readCodes, { signal }),
  issueCode: (body: CodeRequest) => ask('/api/devices/codes', readIssued, { method: 'POST', body }),
  rotate: (id: string) =>
    ask(`/api/devices/${encodeURIComponent(id)}/rotation`, readDevice, { method: 'POST' }),
  revoke: (id: string, reason: string) =>
    ask(`/api/devices/${encodeURIComponent(id)}/revocation`, readDevice, {
      method: 'POST',
      body: { reason },
    }),
  quarantine: (signal: AbortSignal) => ask('/api/quarantine', readQuarantine, { signal }),
};
