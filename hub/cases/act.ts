/**
 * Carries out the option that was chosen for a case. Everything an option does is rows of this database and documents
 * in it, so it commits with the case's new state or not at all.
 */
import { instant, newId, type Task, taxonomy, moneyText } from '@truecount/protocol';
import { putDocument, updateDocument } from '../intake/index.ts';
import { type CaseRow, moveCase } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import { noteAction, type UndoPlan } from './actions.ts';
import { type Changed, reassignOrder, splitOrder, substituteLine } from './order-parts.ts';
import { sendMessage } from './outbox.ts';
import type { Candidate } from './scoring/candidate.ts';
import type { ScoreInputs } from './scoring/score-inputs.ts';
import { proposeTransfer } from './transfers/propose-transfer.ts';

const HOUR_MS = 3_600_000;

export interface Choice {
  readonly inputs: ScoreInputs;
  readonly candidate: Candidate;
  readonly others: readonly Candidate[];
  readonly policyHash: string;
  /** Who chose: the policy, or a person. */
  readonly actor: string;
  readonly isAutomatic: boolean;
}

/** Moves a proposed or escalated case on by carrying out the choice, or, for a transfer, by asking its donor. */
export async function carryOut(work: CaseWork, row: CaseRow, choice: Choice): Promise<CaseRow> {
  const { candidate, actor } = choice;
  if (candidate.action.kind === 'move-units') return askDonor(work, row, choice);
  const approved = await moveCase(work, row, { event: 'approve', actor, text: candidate.text });
  if (approved === row) return row;
  const done = await perform(work, approved, choice);
  if (!done.ok)
    return reopened(work, await moveCase(work, approved, { event: 'fail', actor: 'hub', text: done.reason }));
  await noteAction(work, approved, {
    option: candidate.option,
    undo: done.undo,
    isAutomatic: choice.isAutomatic,
    // Asking somebody to look puts no money at stake.
    atStakeMinor: candidate.action.kind === 'ask-store' ? 0 : candidate.expectedMinor,
  });
  await tellStore(work, approved, candidate);
  return moveCase(work, approved, {
    event: 'act',
    actor,
    text: `${candidate.text}, worth ${moneyText({ minor: candidate.expectedMinor, currency: row.currency })}`,
    set: { wakeAtMs: done.dueAtMs },
  });
}

const reopened = (work: CaseWork, row: CaseRow): Promise<CaseRow> =>
  moveCase(work, row, {
    event: 'reopen',
    actor: 'hub',
    text: 'looking for another answer',
    set: { wantsScore: true },
  });

async function askDonor(work: CaseWork, row: CaseRow, choice: Choice): Promise<CaseRow> {
  const proposed = await proposeTransfer(work, choice);
  // The belief moved on between planning and now: the next round plans with what is true then.
  if (!proposed.ok)
    return moveCase(work, row, {
      event: 'reopen',
      actor: 'hub',
      text: `not proposed: ${proposed.reason}`,
      set: { wantsScore: true },
    });
  const { transfer } = proposed;
  const { action } = choice.candidate;
  const meanwhile = action.kind === 'move-units' ? action.meanwhile : undefined;
  if (meanwhile) {
    const { port, what, undoWhat } = meanwhile;
    await sendMessage(work, {
      port,
      what,
      caseId: row.id,
      body: { store: row.store, sku: row.sku, text: what },
    });
    const undo = { kind: 'message', port, what: undoWhat, until: transfer.id } as const;
    await noteAction(work, row, { option: 'transfer', undo, isAutomatic: false, atStakeMinor: 0 });
    work.audit({
      actor: choice.actor,
      action: 'case.meanwhile',
      subject: `case:${row.id}`,
      text: `${port}: ${what}`,
    });
  }
  await noteAction(work, row, {
    option: 'transfer',
    undo: { kind: 'transfer', transferId: transfer.id },
    isAutomatic: false,
    atStakeMinor: transfer.value.minor,
  });
  await tellStore(work, row, choice.candidate);
  return moveCase(work, row, {
    event: 'ask',
    actor: choice.actor,
    text: `the manager of ${transfer.fromName} decides until ${transfer.dueAt.slice(0, 16).replace('T', ' ')}`,
    source: `transfer ${transfer.id}`,
  });
}

async function perform(work: CaseWork, row: CaseRow, choice: Choice): Promise<Changed> {
  const { action } = choice.candidate;
  const { alpha } = choice.inputs.policy.planner;
  switch (action.kind) {
    case 'ask-store':
      return askStore(work, row, choice, action);
    case 'reassign-order': {
      const done = await reassignOrder(work, action, alpha);
      const { text } = choice.candidate;
      if (done.ok) work.tell({ event: 'order-reassigned', order: action.order, store: action.to, text });
      return done;
    }
    case 'split-order':
      return splitOrder(work, action, alpha);
    case 'substitute':
      return substituteLine(work, row.id, action, alpha);
    case 'message':
      await sendMessage(work, {
        port: action.port,
        what: action.what,
        caseId: row.id,
        body: { store: row.store, sku: row.sku, order: row.order_id, text: choice.candidate.text },
      });
      return { ok: true, dueAtMs: work.nowMs + 24 * HOUR_MS, undo: undoOfMessage(action) };
    case 'move-units':
      throw new TypeError('a transfer is carried out by asking its donor');
  }
  return action satisfies never;
}

/** What customers have read, or a carrier has done, cannot be taken back. */
const undoOfMessage = ({ port, undoWhat }: Extract<Candidate['action'], { kind: 'message' }>): UndoPlan =>
  undoWhat === undefined ? { kind: 'impossible' } : { kind: 'message', port, what: undoWhat };

/**
 * The store already shows its own exception with its first answer; a task of the hub's is made only when the hub
 * wants something else, or somebody else, than that.
 */
async function askStore(
  work: CaseWork,
  row: CaseRow,
  choice: Choice,
  action: Extract<Candidate['action'], { kind: 'ask-store' }>,
): Promise<Changed> {
  const dueAtMs = Math.max(Date.parse(row.due_at), work.nowMs + HOUR_MS);
  const shown = taxonomy[row.kind].firstAnswer === action.task && action.store === row.store;
  if (shown) return { ok: true, dueAtMs, undo: { kind: 'nothing' } };
  const { entry, policy } = choice.inputs;
  const exceptionId = entry.findings[0]?.id;
  const task: Task = {
    id: newId(work.nowMs),
    store: action.store,
    kind: action.task,
    ...(row.sku === null ? {} : { sku: row.sku }),
    ...(row.name === null ? {} : { name: row.name }),
    ...(exceptionId === undefined ? {} : { exceptionId }),
    caseId: row.id,
    createdBy: 'hub',
    createdAt: instant(work.nowMs),
    dueAt: instant(dueAtMs),
    value: { minor: choice.candidate.expectedMinor, currency: row.currency },
    minutes: policy.labour.minutesPerCount,
    because: (entry.findings[0]?.evidence.map(({ text }) => text).join(', ') ?? choice.candidate.text).slice(
      0,
      500,
    ),
  };
  await putDocument(work.tx, 'tasks', task, { by: 'hub:cases' });
  return { ok: true, dueAtMs, undo: { kind: 'task', taskId: task.id } };
}

/** The store's screens say what was decided about its exception. */
async function tellStore(work: CaseWork, row: CaseRow, candidate: Candidate): Promise<void> {
  const found = await work.tx.query<{ exception_id: string }>(
    `SELECT exception_id FROM case_findings WHERE case_id = $1 AND is_open AND found_by = 'store'`,
    [row.id],
  );
  const decision = { option: candidate.option, at: instant(work.nowMs), text: candidate.text.slice(0, 500) };
  for (const { exception_id } of found)
    await updateDocument(work.tx, 'exceptions', exception_id, (current) => ({ ...current, decision }), {
      by: 'hub:cases',
    });
}
