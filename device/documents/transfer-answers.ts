/**
 * What this store may answer about a transfer: decide it, then pick, ship or receive it. Pure: each answer is
 * a value, either the store's new part of the document or why not. Repeating an answer changes nothing.
 */
import {
  amountAtRiskMinor,
  instant,
  managerLimitMinor,
  type PolicyBundle,
  type Role,
  type Transfer,
  type TransferDecision,
  transferStage,
  type TransferStage,
} from '@truecount/protocol';

export type TransferSide = 'donor' | 'receiver';
export type TransferStep = 'picked' | 'shipped' | 'received';

export type Answer =
  | { readonly ok: true; readonly transfer: Transfer; readonly changed: boolean }
  | { readonly ok: false; readonly code: AnswerProblem; readonly detail: string };
export type AnswerProblem =
  | 'E_NOT_THIS_STORE'
  | 'E_TRANSFER_OVER'
  | 'E_PROPOSAL_EXPIRED'
  | 'E_ROLE'
  | 'E_QUANTITY'
  | 'E_ABOVE_LIMIT'
  | 'E_STEP_ORDER';

export const sideOf = (transfer: Transfer, store: string): TransferSide | undefined =>
  transfer.from === store ? 'donor' : transfer.to === store ? 'receiver' : undefined;

/** Steps of each side in the stage that allows them. */
const STEP_IN_STAGE: { readonly [S in TransferStage]?: readonly [TransferSide, TransferStep] } = {
  approved: ['donor', 'picked'],
  picked: ['donor', 'shipped'],
  shipped: ['receiver', 'received'],
};

export function nextStep(transfer: Transfer, store: string): TransferStep | undefined {
  const [side, step] = STEP_IN_STAGE[transferStage(transfer)] ?? [];
  return side !== undefined && side === sideOf(transfer, store) ? step : undefined;
}

/** A decision is the donor's manager's: its store gives the units away. */
export const awaitsDecision = (transfer: Transfer, store: string, nowMs: number): boolean =>
  transferStage(transfer) === 'proposed' &&
  sideOf(transfer, store) === 'donor' &&
  nowMs < Date.parse(transfer.dueAt);

export interface Decider {
  readonly store: string;
  readonly by: string;
  readonly role: Role;
  readonly nowMs: number;
  readonly bundle: PolicyBundle;
  readonly policyHash: string;
  /** How long there has been no route to the hub; undefined while there is one. */
  readonly outageMs: number | undefined;
}

export interface Verdict {
  readonly verdict: 'approve' | 'decline';
  readonly qty?: number;
  readonly reason?: string;
}

const no = (code: AnswerProblem, detail: string): Answer => ({ ok: false, code, detail });

/** Why a manager cannot approve `qty` units now; undefined when nothing stands in the way. */
export function limitProblem(
  transfer: Transfer,
  qty: number,
  policy: Pick<Decider, 'bundle' | 'outageMs'>,
): string | undefined {
  const atRisk = amountAtRiskMinor(transfer, qty);
  const limit = managerLimitMinor(policy.bundle, policy.outageMs);
  if (atRisk <= limit) return undefined;
  const { currency } = policy.bundle;
  const money = (minor: number): string => `${(minor / 100).toFixed(2)} ${currency}`;
  const why = policy.outageMs === undefined ? 'your limit is' : 'without a route to the hub the limit is now';
  return `${money(atRisk)} are at stake, ${why} ${money(limit)}`;
}

export function decideTransfer(transfer: Transfer, wanted: Verdict, decider: Decider): Answer {
  const side = sideOf(transfer, decider.store);
  if (side !== 'donor')
    return no('E_NOT_THIS_STORE', `the sending store ${transfer.fromName} decides about this transfer`);
  if (decider.role === 'associate' || decider.role === 'auditor')
    return no('E_ROLE', 'only a manager decides about transfers; ask one to enter their PIN');
  const qty = wanted.verdict === 'approve' ? (wanted.qty ?? transfer.qty) : 0;
  const known = transfer.donor?.decision;
  if (known !== undefined)
    return known.verdict === wanted.verdict && known.qty === qty
      ? { ok: true, transfer, changed: false }
      : no('E_TRANSFER_OVER', `it was already ${known.verdict}d by ${known.by} at ${known.at}`);
  const stage = transferStage(transfer);
  if (stage !== 'proposed') return no('E_TRANSFER_OVER', `it is ${stage} and can no longer be decided`);
  if (decider.nowMs >= Date.parse(transfer.dueAt))
    return no(
      'E_PROPOSAL_EXPIRED',
      `the proposal ended at ${transfer.dueAt}; the hub will propose again if it still pays`,
    );
  if (wanted.verdict === 'approve') {
    if (qty < 1 || qty > transfer.qty)
      return no('E_QUANTITY', `between 1 and ${transfer.qty} units were proposed, not ${qty}`);
    const problem = limitProblem(transfer, qty, decider);
    if (problem !== undefined)
      return no('E_ABOVE_LIMIT', `${problem}; reduce the quantity or let the hub decide`);
  }
  const decision: TransferDecision = {
    verdict: wanted.verdict,
    qty,
    by: decider.by,
    role: decider.role,
    at: instant(decider.nowMs),
    ...(wanted.reason === undefined ? {} : { reason: wanted.reason }),
    offline: decider.outageMs !== undefined,
    policyHash: decider.policyHash,
  };
  return { ok: true, transfer: { ...transfer, donor: { ...transfer.donor, decision } }, changed: true };
}

export interface Stepper {
  readonly store: string;
  readonly by: string;
  readonly nowMs: number;
}

export function takeTransferStep(transfer: Transfer, step: TransferStep, qty: number, who: Stepper): Answer {
  const side = sideOf(transfer, who.store);
  const mine: TransferSide = step === 'received' ? 'receiver' : 'donor';
  if (side !== mine)
    return no(
      'E_NOT_THIS_STORE',
      `this step belongs to ${mine === 'donor' ? transfer.fromName : transfer.toName}`,
    );
  const known = step === 'received' ? transfer.receiver?.received : transfer.donor?.[step];
  if (known !== undefined)
    return known.qty === qty
      ? { ok: true, transfer, changed: false }
      : no('E_STEP_ORDER', `it was already ${step} with ${known.qty} units at ${known.at}`);
  if (nextStep(transfer, who.store) !== step)
    return no('E_STEP_ORDER', `the transfer is ${transferStage(transfer)}; it cannot be ${step} now`);
  const before = step === 'picked' ? transfer.donor?.decision?.qty : transfer.donor?.picked?.qty;
  if (step !== 'received' && before !== undefined && qty > before)
    return no('E_QUANTITY', `${before} units are ready for this step, not ${qty}`);
  const part = { qty, by: who.by, at: instant(who.nowMs) };
  const next: Transfer =
    step === 'received'
      ? { ...transfer, receiver: { ...transfer.receiver, received: part } }
      : { ...transfer, donor: { ...transfer.donor, [step]: part } };
  return { ok: true, transfer: next, changed: true };
}
