/** What the HTTP API needs of the hub; the composition root gives it. */
import type {
  AuditPage,
  AutomationView,
  MetricName,
  MetricsView,
  PlanAccepted,
  PlanAcceptRequest,
  PolicyBundle,
  PolicyChange,
  PolicyInheritRequest,
  PolicyPublishRequest,
  AuditVerdict,
  CaseDecisionRequest,
  CasePage,
  CaseUndoRequest,
  CaseView,
  CodeRequest,
  DeviceView,
  EnrolmentRequest,
  EnrolmentResult,
  HubTransferView,
  IssuedCode,
  OpenCode,
  OrderDocument,
  OrderRequest,
  PlanView,
  PolicyDocument,
  PolicyTrial,
  PolicyTrialRequest,
  QuarantineView,
  ReplayVerdict,
  Role,
  StandingRequest,
  StandingResult,
  StoreView,
} from '@truecount/protocol';
import type { CaseFilter, DecisionOutcome } from '../cases/index.ts';
import type { Operator } from './operators.ts';

type Refused = { readonly problem: string };

/** How devices get, change and lose their credentials. */
export interface EnrolmentPort {
  issue(wanted: CodeRequest & { readonly by: string }): Promise<IssuedCode | Refused>;
  open(): Promise<readonly OpenCode[]>;
  /** @param host under which the device has reached this API */
  redeem(request: EnrolmentRequest, host: string): Promise<EnrolmentResult | Refused>;
  standing(request: StandingRequest): Promise<StandingResult>;
  rotate(device: string, by: string): Promise<Refused | undefined>;
  revoke(device: string, why: { readonly reason: string; readonly by: string }): Promise<Refused | undefined>;
}

/** One part of a list, and where the next begins. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor?: string;
}
export interface PageRequest {
  readonly cursor?: string | undefined;
  readonly limit?: number | undefined;
}

export interface HubPort {
  /** The hub's own time, an instant. */
  now(): string;
  stores(): Promise<readonly StoreView[]>;
  isStore(id: string): boolean;
  cases(filter: CaseFilter): Promise<CasePage>;
  caseView(id: string, role: Role): Promise<CaseView | undefined>;
  decide(
    caseId: string,
    decision: { readonly request: CaseDecisionRequest; readonly operator: Operator },
  ): Promise<DecisionOutcome>;
  undo(
    caseId: string,
    wanted: { readonly request: CaseUndoRequest; readonly operator: Operator },
  ): Promise<DecisionOutcome>;
  /** Undefined when there is no such case. */
  replay(caseId: string): Promise<ReplayVerdict | undefined>;
  tryPolicy(request: PolicyTrialRequest): Promise<PolicyTrial>;
  transfers(page: PageRequest): Promise<Page<HubTransferView>>;
  plan(): Promise<PlanView>;
  planNow(): Promise<PlanView>;
  acceptMoves(wanted: {
    readonly request: PlanAcceptRequest;
    readonly operator: Operator;
  }): Promise<PlanAccepted>;
  policies(): Promise<readonly PolicyDocument[]>;
  publishPolicy(
    request: PolicyPublishRequest,
    by: Operator,
  ): Promise<PolicyDocument | { readonly problem: string }>;
  inheritPolicy(request: PolicyInheritRequest): Promise<PolicyBundle | { readonly problem: string }>;
  /** Undefined when one of them is not known. */
  policyChanges(from: string, to: string): Promise<readonly PolicyChange[] | undefined>;
  metric<M extends MetricName>(name: M, days: number): Promise<MetricsView[M]>;
  allMetrics(days: number): Promise<MetricsView>;
  automation(): Promise<AutomationView>;
  audit(cursor: string | undefined): Promise<AuditPage>;
  verifyAudit(): Promise<AuditVerdict>;
  devices(): Promise<readonly DeviceView[]>;
  readonly enrolment: EnrolmentPort;
  quarantine(): Promise<readonly QuarantineView[]>;
  placeOrder(request: OrderRequest): Promise<OrderDocument>;
  /** Lines in the Prometheus text format. */
  metrics(): Promise<string>;
}
