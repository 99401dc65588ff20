/**
 * The hub judges every decision about a transfer again: it may have been taken offline, on an older policy, or after
 * the proposal's time. Pure. What is judged is the moment of the decision, not the moment it arrived.
 */
import {
  amountAtRiskMinor,
  managerLimitMinor,
  type PolicyBundle,
  type Transfer,
  type TransferDecision,
  moneyText,
} from '@truecount/protocol';

export interface Judgement {
  readonly transfer: Transfer;
  readonly decision: TransferDecision;
  readonly policy: PolicyBundle;
  /** How long the store had been out of reach when it decided; undefined while it had a route. */
  readonly outageMs: number | undefined;
  /** True when the case still wants the units. */
  readonly isWanted: boolean;
  /** Whether the donor's units are still there to be promised. */
  readonly stock: { readonly ok: true } | { readonly ok: false; readonly reason: string };
}

export type Verdict = { readonly ok: true } | { readonly ok: false; readonly reason: string };

export function judgeApproval(judgement: Judgement): Verdict {
  const { transfer, decision, policy } = judgement;
  const refuse = (reason: string): Verdict => ({ ok: false, reason });
  if (decision.role === 'associate' || decision.role === 'auditor')
    return refuse(`${decision.by} may not approve transfers; a manager has to`);
  if (Date.parse(decision.at) > Date.parse(transfer.dueAt))
    return refuse(`it was approved at ${decision.at}, after the proposal had ended at ${transfer.dueAt}`);
  if (decision.qty < 1 || decision.qty > transfer.qty)
    return refuse(`${decision.qty} units were approved, ${transfer.qty} were proposed`);
  const limit = managerLimitMinor(policy, decision.offline ? (judgement.outageMs ?? 0) : undefined);
  const atRisk = amountAtRiskMinor(transfer, decision.qty);
  const currency = policy.currency;
  if (decision.role === 'manager' && atRisk > limit)
    return refuse(
      `${moneyText({ minor: atRisk, currency })} are at stake, ${decision.offline ? 'the limit during the outage was' : 'the limit is'} ${moneyText({ minor: limit, currency })}`,
    );
  if (!judgement.isWanted) return refuse('the units are no longer needed there');
  if (!judgement.stock.ok) return refuse(judgement.stock.reason);
  return { ok: true };
}
