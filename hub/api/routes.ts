/** The routes of protocol/hub-api.ts, as one table: who may call what, with which shapes, and what answers. */
import {
  AuditPage,
  AuditVerdict,
  CaseDecisionRequest,
  CasePage,
  caseStates,
  CaseUndoRequest,
  CaseView,
  CodeRequest,
  collections,
  DeviceView,
  EnrolmentRequest,
  EnrolmentResult,
  ExceptionKind,
  HubTransferView,
  IssuedCode,
  OpenCode,
  OrderRequest,
  PlanAccepted,
  PlanAcceptRequest,
  PlanView,
  QuarantineView,
  ReplayVerdict,
  RevocationRequest,
  StandingRequest,
  StandingResult,
  StoreId,
  StoreView,
} from '@truecount/protocol';
import { type Static, Type } from 'typebox';
import type { DecisionOutcome } from '../cases/index.ts';
import { governanceRoutes } from './governance-routes.ts';
import type { HubPort } from './hub-port.ts';
import { PageQuery, pageOf, pageRequest } from './paging.ts';
import { ProblemError } from './problem.ts';
import { ADMINS, type Call, DECIDERS, READERS, type Route } from './route.ts';

/** A whole chain that opens behind one address still gets its stores in; guessing codes gets nowhere. */
const ENROLMENTS_PER_MINUTE = 30;

const Cursor = Type.Optional(Type.String({ maxLength: 200 }));
const CaseQuery = Type.Object({
  state: Type.Optional(Type.Union(caseStates.map((state) => Type.Literal(state)))),
  store: Type.Optional(StoreId),
  kind: Type.Optional(ExceptionKind),
  cursor: Cursor,
});
const CursorQuery = Type.Object({ cursor: Cursor });

export const routes: readonly Route[] = [
  {
    method: 'GET',
    url: '/stores',
    summary: 'Every store: whether it is in reach, its feeds, what is open there',
    roles: READERS,
    query: PageQuery,
    answers: Type.Array(StoreView),
    handle: async (hub, { query }) => pageOf(await hub.stores(), ({ id }) => id, query),
    isList: true,
  },
  {
    method: 'GET',
    url: '/cases',
    summary: 'Cases, newest change first',
    roles: READERS,
    query: CaseQuery,
    answers: CasePage,
    handle: (hub, { query }) => hub.cases(query as Static<typeof CaseQuery>),
  },
  {
    method: 'GET',
    url: '/cases/:id',
    summary: 'One case with its timeline and its scored options',
    roles: READERS,
    answers: CaseView,
    handle: (hub, call) => caseOr404(hub, call),
  },
  {
    method: 'POST',
    url: '/cases/:id/decision',
    summary: 'Approve, decline or pass on; the same id counts once',
    roles: DECIDERS,
    body: CaseDecisionRequest,
    answers: CaseView,
    handle: decide,
  },
  {
    method: 'POST',
    url: '/cases/:id/undo',
    summary: 'Take back what was done, as far as the world allows',
    roles: DECIDERS,
    body: CaseUndoRequest,
    answers: CaseView,
    handle: async (hub, call) => {
      const wanted = { request: call.body as CaseUndoRequest, operator: call.operator };
      return answerOf(hub, call, await hub.undo(call.params['id'] ?? '', wanted));
    },
  },
  {
    method: 'GET',
    url: '/cases/:id/replay',
    summary: 'Computes the decisions of a case again from their kept inputs',
    roles: READERS,
    answers: ReplayVerdict,
    handle: async (hub, { params }) => {
      const verdict = await hub.replay(params['id'] ?? '');
      if (!verdict) throw new ProblemError(404, 'E_NO_SUCH_CASE', 'there is no such case');
      return verdict;
    },
  },
  {
    method: 'GET',
    url: '/transfers',
    summary: 'Transfers between stores, newest first',
    roles: READERS,
    query: PageQuery,
    answers: Type.Array(HubTransferView),
    handle: (hub, { query }) => hub.transfers(pageRequest(query)),
    isList: true,
  },
  {
    method: 'GET',
    url: '/plan',
    summary: 'The reallocation as it stands',
    roles: READERS,
    answers: PlanView,
    handle: (hub) => hub.plan(),
  },
  {
    method: 'POST',
    url: '/plan',
    summary: 'Score every open case and plan now',
    roles: DECIDERS,
    answers: PlanView,
    handle: (hub) => hub.planNow(),
  },
  {
    method: 'POST',
    url: '/plan/accept',
    summary: 'Ask the donors of planned moves that were not proposed yet: of some, or of all',
    roles: DECIDERS,
    body: PlanAcceptRequest,
    answers: PlanAccepted,
    handle: (hub, { body, operator }) => hub.acceptMoves({ request: body as PlanAcceptRequest, operator }),
  },
  ...governanceRoutes,
  {
    method: 'GET',
    url: '/audit',
    summary: 'The audit chain, newest first',
    roles: READERS,
    query: CursorQuery,
    answers: AuditPage,
    handle: (hub, { query }) => hub.audit((query as Static<typeof CursorQuery>).cursor),
  },
  {
    method: 'GET',
    url: '/audit/verify',
    summary: 'Recomputes the whole chain; names the first broken link',
    roles: READERS,
    answers: AuditVerdict,
    handle: (hub) => hub.verifyAudit(),
  },
  {
    method: 'GET',
    url: '/devices',
    summary: 'Devices known to the hub',
    roles: READERS,
    query: PageQuery,
    answers: Type.Array(DeviceView),
    handle: async (hub, { query }) => pageOf(await hub.devices(), ({ id }) => id, query),
    isList: true,
  },
  {
    method: 'GET',
    url: '/devices/codes',
    summary: 'Codes that still wait for their device',
    roles: READERS,
    answers: Type.Array(OpenCode),
    handle: (hub) => hub.enrolment.open(),
  },
  {
    method: 'POST',
    url: '/devices/codes',
    summary: 'A one-time code for a device of a store; shown once',
    roles: ADMINS,
    body: CodeRequest,
    answers: IssuedCode,
    handle: async (hub, { body, operator }) => {
      const wanted = body as CodeRequest;
      if (!hub.isStore(wanted.store))
        throw new ProblemError(404, 'E_NO_SUCH_STORE', `there is no store ${wanted.store}`);
      return orProblem(await hub.enrolment.issue({ ...wanted, by: operator.name }));
    },
  },
  {
    method: 'POST',
    url: '/devices/:id/rotation',
    summary: 'A new secret for a device; the present one holds until the new one is used',
    roles: ADMINS,
    answers: DeviceView,
    handle: async (hub, call) => {
      const device = call.params['id'] ?? '';
      return deviceAfter(hub, device, await hub.enrolment.rotate(device, call.operator.name));
    },
  },
  {
    method: 'POST',
    url: '/devices/:id/revocation',
    summary: 'Withdraws a device’s access at once; its screen says why',
    roles: ADMINS,
    body: RevocationRequest,
    answers: DeviceView,
    handle: async (hub, call) => {
      const device = call.params['id'] ?? '';
      const { reason } = call.body as RevocationRequest;
      return deviceAfter(hub, device, await hub.enrolment.revoke(device, { reason, by: call.operator.name }));
    },
  },
  {
    method: 'POST',
    url: '/enrolment',
    summary: 'A device redeems its code; the same key may ask again and gets the same answer',
    roles: 'anyone',
    perMinute: ENROLMENTS_PER_MINUTE,
    body: EnrolmentRequest,
    answers: EnrolmentResult,
    handle: async (hub, { body, host }) => {
      const redeemed = await hub.enrolment.redeem(body as EnrolmentRequest, host);
      if ('problem' in redeemed) throw new ProblemError(403, 'E_CODE', redeemed.problem);
      return redeemed;
    },
  },
  {
    method: 'POST',
    url: '/enrolment/standing',
    summary: 'A device that the broker does not let in asks why',
    roles: 'anyone',
    perMinute: ENROLMENTS_PER_MINUTE,
    body: StandingRequest,
    answers: StandingResult,
    handle: (hub, { body }) => hub.enrolment.standing(body as StandingRequest),
  },
  {
    method: 'GET',
    url: '/quarantine',
    summary: 'Documents that could not be accepted, with the reason',
    roles: READERS,
    query: PageQuery,
    answers: Type.Array(QuarantineView),
    handle: async (hub, { query }) => pageOf(await hub.quarantine(), ({ id }) => id, query),
    isList: true,
  },
  {
    method: 'POST',
    url: '/orders',
    summary: 'An order to pick at a store; the same id counts once',
    roles: DECIDERS,
    body: OrderRequest,
    answers: collections.orders.schema,
    handle: (hub, { body }) => {
      const request = body as OrderRequest;
      if (!hub.isStore(request.store))
        throw new ProblemError(404, 'E_NO_SUCH_STORE', `there is no store ${request.store}`);
      return hub.placeOrder(request);
    },
  },
];

function orProblem<T extends object>(outcome: T | { readonly problem: string }): T {
  if ('problem' in outcome) throw new ProblemError(409, 'E_NOT_NOW', outcome.problem);
  return outcome;
}

async function deviceAfter(
  hub: HubPort,
  id: string,
  refused: { readonly problem: string } | undefined,
): Promise<DeviceView> {
  const device = (await hub.devices()).find((known) => known.id === id);
  if (!device) throw new ProblemError(404, 'E_NO_SUCH_DEVICE', `there is no device ${id.slice(0, 128)}`);
  if (refused) throw new ProblemError(409, 'E_NOT_NOW', refused.problem);
  return device;
}

async function caseOr404(hub: HubPort, { params, operator }: Call): Promise<CaseView> {
  const id = params['id'] ?? '';
  const view = await hub.caseView(id, operator.role);
  if (!view) throw new ProblemError(404, 'E_NO_SUCH_CASE', `there is no case ${id.slice(0, 128)}`);
  return view;
}

async function decide(hub: HubPort, call: Call): Promise<CaseView> {
  const request = call.body as CaseDecisionRequest;
  return answerOf(hub, call, await hub.decide(call.params['id'] ?? '', { request, operator: call.operator }));
}

function answerOf(hub: HubPort, call: Call, outcome: DecisionOutcome): Promise<CaseView> {
  switch (outcome.kind) {
    case 'unknown-case':
    case 'done':
    case 'waiting':
      return caseOr404(hub, call);
    case 'refused':
      throw new ProblemError(409, 'E_NOT_NOW', outcome.reason);
  }
  return outcome satisfies never;
}
