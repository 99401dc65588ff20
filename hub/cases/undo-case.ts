/**
 * Takes back what was done for a case, step by step, last step first.
 *
 * Each compensation and the note that it ran commit in one transaction, and the next step is follow-up work of that
 * transaction: a process that dies inside a compensation has done nothing of it, and the next one does it once. What
 * cannot be taken back stops the undo loudly: the case is escalated and says why.
 */
import { type CaseUndoRequest, evidence, instant, type Transfer, transferStage } from '@truecount/protocol';
import type { PolicyInForce } from '../governance/index.ts';
import { getDocument, putDocument } from '../intake/index.ts';
import { type ActionRow, actionsToUndo, noteUndone } from './actions.ts';
import { type CaseRow, liveCaseOf, lockCase, moveCase } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import type { DecisionOutcome, Operator } from './decide-case.ts';
import { allocate } from './escrow.ts';
import { unitsText } from './figures.ts';
import { handBack, putBackLine } from './order-parts.ts';
import { sendMessage } from './outbox.ts';
import { sentence } from './scoring/transfer-option.ts';
import { findTransfer } from './transfers/transfer-rows.ts';
import { withdrawTask, withdrawTransfer } from './withdraw.ts';

const HOUR_MS = 3_600_000;
const by = 'hub:undo';

export async function beginUndo(
  work: CaseWork,
  caseId: string,
  wanted: { readonly request: CaseUndoRequest; readonly operator: Operator },
): Promise<DecisionOutcome> {
  const row = await lockCase(work, caseId);
  if (!row) return { kind: 'unknown-case' };
  if (row.state === 'undoing' || row.state === 'undone') return { kind: 'done' };
  const live = await liveCaseOf(work.tx, row.root);
  if (live && live.id !== row.id)
    return { kind: 'refused', reason: `a newer case about the same is open: ${live.headline}` };
  const actions = await actionsToUndo(work.tx, caseId);
  if (actions.length === 0) return { kind: 'refused', reason: 'nothing was done that could be taken back' };
  const actor = `${wanted.operator.name} (${wanted.operator.role})`;
  const undoing = await moveCase(work, row, {
    event: 'undo',
    actor,
    text: `${actor} takes it back: ${wanted.request.reason}`,
    detail: { request: wanted.request.id, actions: actions.map(({ id }) => id) },
  });
  if (undoing === row) return { kind: 'refused', reason: `a case that is ${row.state} cannot be taken back` };
  work.followUp({ topic: 'undo', subject: caseId });
  return { kind: 'done' };
}

export interface UndoContext {
  readonly policyOf: (work: CaseWork, store: string) => Promise<PolicyInForce>;
}

/** One step of an undo. */
export async function undoStep(work: CaseWork, caseId: string, context: UndoContext): Promise<void> {
  const row = await lockCase(work, caseId);
  if (row?.state !== 'undoing') return;
  const [action] = await actionsToUndo(work.tx, caseId);
  if (!action) {
    await moveCase(work, row, { event: 'undone', actor: 'hub', text: 'everything was taken back' });
    return;
  }
  const outcome = await compensate(work, row, action, context);
  if (!outcome.ok) {
    await moveCase(work, row, {
      event: 'fail',
      actor: 'hub',
      text: `could not be taken back: ${outcome.reason}`,
      set: { tier: 'escalate' },
    });
    return;
  }
  await noteUndone(work, action, outcome.how);
  work.audit({
    actor: 'hub',
    action: `case.compensated`,
    subject: `case:${caseId}`,
    text: outcome.how,
    detail: { action: action.id, undo: action.undo },
  });
  work.followUp({ topic: 'undo', subject: caseId });
}

type Compensated =
  | { readonly ok: true; readonly how: string }
  | { readonly ok: false; readonly reason: string };

async function compensate(
  work: CaseWork,
  row: CaseRow,
  action: ActionRow,
  context: UndoContext,
): Promise<Compensated> {
  const { undo, option } = action;
  const { alpha } = (await context.policyOf(work, row.store)).bundle.planner;
  switch (undo.kind) {
    case 'nothing':
      return { ok: true, how: `${option}: nothing had been changed` };
    case 'impossible':
      return { ok: false, reason: `${option} cannot be undone` };
    case 'task':
      await withdrawTask(work, undo.taskId, 'taken back');
      return { ok: true, how: 'the task was withdrawn' };
    case 'message':
      await sendMessage(work, {
        port: undo.port,
        what: undo.what,
        caseId: row.id,
        body: { store: row.store, sku: row.sku, order: row.order_id, text: `taken back: ${undo.what}` },
      });
      return { ok: true, how: `${undo.port} was told: ${undo.what}` };
    case 'reassigned':
    case 'split':
      return handBack(work, undo, alpha);
    case 'substituted':
      return putBackLine(work, row.id, undo, alpha);
    case 'transfer':
      return bringBack(work, undo.transferId);
  }
  return undo satisfies never;
}

async function bringBack(work: CaseWork, transferId: string): Promise<Compensated> {
  const [row, stored] = [
    await findTransfer(work.tx, transferId),
    await getDocument(work.tx, 'transfers', transferId),
  ];
  if (!row || !stored) return { ok: false, reason: `transfer ${transferId} is not known` };
  const { document: transfer } = stored;
  const stage = transferStage(transfer);
  if (stage === 'declined' || stage === 'refused' || stage === 'expired')
    return { ok: true, how: `the transfer had ended: ${stage}` };
  if (!transfer.donor?.shipped && !transfer.receiver?.received) {
    await withdrawTransfer(work, row, 'taken back; units already picked go back to their shelf', {
      evenPicked: true,
    });
    return { ok: true, how: 'the transfer was withdrawn before anything left' };
  }
  return sendBack(work, transfer, row.lane_hours);
}

/** What has left the donor can only come back as a transfer of its own, which its new holder's manager decides. */
async function sendBack(work: CaseWork, transfer: Transfer, laneHours: number): Promise<Compensated> {
  const qty = transfer.receiver?.received?.qty ?? transfer.donor?.shipped?.qty ?? transfer.qty;
  if (qty < 1) return { ok: true, how: 'nothing had arrived' };
  const { donor: _donor, receiver: _receiver, hub: _hub, order: _order, ...terms } = transfer;
  const id = `${transfer.id}|back`;
  const at = instant(work.nowMs);
  const why = evidence('transfer-back', { store: transfer.fromName, qty }, at);
  const ifNot = evidence('units-stay', { store: transfer.toName }, at);
  const back: Transfer = {
    ...terms,
    id,
    from: transfer.to,
    to: transfer.from,
    fromName: transfer.toName,
    toName: transfer.fromName,
    qty,
    proposedAt: instant(work.nowMs),
    dueAt: instant(work.nowMs + 24 * HOUR_MS),
    value: transfer.donorLoss,
    donorLoss: transfer.value,
    because: sentence(why.text),
    otherwise: sentence(ifNot.text),
    why: [why],
    ifNot,
    alternatives: [],
  };
  // Held where the belief supports it; the manager who decides sees the shelf.
  await allocate(
    work.tx,
    { store: back.from, sku: back.sku, qty, owner: `transfer:${id}`, expiresAtMs: Date.parse(back.dueAt) },
    { alpha: 0.5, nowMs: work.nowMs },
  );
  await putDocument(work.tx, 'transfers', back, { by });
  await work.tx.query(
    `INSERT INTO case_transfers (id, case_id, donor, receiver, sku, stage, lane_hours, wake_at)
     VALUES ($1, NULL, $2, $3, $4, 'proposed', $5, $6) ON CONFLICT (id) DO NOTHING`,
    [id, back.from, back.to, back.sku, laneHours, back.dueAt],
  );
  work.changed('transfers', 'plan');
  return { ok: true, how: `${unitsText(qty)} are to come back from ${back.fromName}` };
}
