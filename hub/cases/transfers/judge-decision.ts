/**
 * The hub judges every decision about a transfer again: it may have been taken offline, on an older policy, or after
 * the proposal's time. Pure. What is judged is the moment of the decision, not the moment it arrived.
 */
import {
  amountAtRiskMinor,
  managerLimitMinor,
  evidence,
  type Evidence,
  type PolicyBundle,
  type Transfer,
  type TransferDecision,
} from '@truecount/protocol';

const MINUTE_MS = 60_000;

export interface Judgement {
  readonly transfer: Transfer;
  readonly decision: TransferDecision;
  readonly policy: PolicyBundle;
  /** How long the store had been out of reach when it decided; undefined while it had a route. */
  readonly outageMs: number | undefined;
  /** True when the case still wants the units. */
  readonly isWanted: boolean;
  /** Whether the donor's units are still there to be promised. */
  readonly stock: Verdict;
}

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly why: Evidence };

export function judgeApproval(judgement: Judgement): Verdict {
  const { transfer, decision, policy } = judgement;
  const refuse = (why: Evidence): Verdict => ({ ok: false, why });
  const { at } = decision;
  if (decision.role === 'associate' || decision.role === 'auditor')
    return refuse(evidence('may-not-approve', { by: decision.by }, at));
  const lateMs = Date.parse(at) - Date.parse(transfer.dueAt);
  if (lateMs > 0) return refuse(evidence('approved-late', { minutes: Math.ceil(lateMs / MINUTE_MS) }, at));
  if (decision.qty < 1 || decision.qty > transfer.qty)
    return refuse(evidence('approved-other', { qty: decision.qty, proposed: transfer.qty }, at));
  const limit = managerLimitMinor(policy, decision.offline ? (judgement.outageMs ?? 0) : undefined);
  const minor = amountAtRiskMinor(transfer, decision.qty);
  if (decision.role === 'manager' && minor > limit) {
    const code = decision.offline ? 'over-outage-limit' : 'over-limit';
    return refuse(evidence(code, { minor, limit, currency: policy.currency }, at));
  }
  if (!judgement.isWanted) return refuse(evidence('not-needed', {}, at));
  return judgement.stock;
}
