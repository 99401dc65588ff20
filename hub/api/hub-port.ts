/** What the HTTP API needs of the hub; the composition root gives it. */
import type {
  AuditPage,
  AuditVerdict,
  CaseDecisionRequest,
  CasePage,
  CaseUndoRequest,
  CaseView,
  DeviceView,
  HubTransferView,
  OrderDocument,
  OrderRequest,
  PlanView,
  PolicyDocument,
  PolicyTrial,
  PolicyTrialRequest,
  QuarantineView,
  ReplayVerdict,
  Role,
  StoreView,
} from '@truecount/protocol';
import type { CaseFilter, DecisionOutcome } from '../cases/index.ts';
import type { Operator } from './operators.ts';

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
  transfers(): Promise<readonly HubTransferView[]>;
  plan(): Promise<PlanView>;
  planNow(): Promise<PlanView>;
  policies(): Promise<readonly PolicyDocument[]>;
  audit(cursor: string | undefined): Promise<AuditPage>;
  verifyAudit(): Promise<AuditVerdict>;
  devices(): Promise<readonly DeviceView[]>;
  quarantine(): Promise<readonly QuarantineView[]>;
  placeOrder(request: OrderRequest): Promise<OrderDocument>;
  /** Lines in the Prometheus text format. */
  metrics(): Promise<string>;
}
