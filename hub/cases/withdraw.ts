/** Takes back what a case asked for and nobody has done yet: undecided or unpicked transfers, open tasks. */
import { type Evidence, instant, taskIsOpen } from '@truecount/protocol';
import { getDocument, updateDocument } from '../intake/index.ts';
import type { CaseRow } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import { release } from './escrow.ts';
import { endMeanwhile } from './end-meanwhile.ts';
import { noteTransfer, type TransferRow, transfersOfCase } from './transfers/transfer-rows.ts';

const by = 'hub:cases';

export async function withdraw(work: CaseWork, row: CaseRow, reason: string): Promise<void> {
  await withdrawTransfers(work, row, reason);
  await withdrawTasks(work, row, reason);
}

async function withdrawTransfers(work: CaseWork, row: CaseRow, reason: string): Promise<void> {
  for (const transfer of await transfersOfCase(work.tx, row.id))
    if (transfer.is_live) await withdrawTransfer(work, transfer, reason);
}

/** A transfer that was picked is physical: it goes on, and only a transfer back undoes it. */
export async function withdrawTransfer(
  work: CaseWork,
  transfer: TransferRow,
  reason: string,
  options: { readonly evenPicked?: boolean; readonly why?: Evidence } = {},
): Promise<void> {
  const stored = await getDocument(work.tx, 'transfers', transfer.id);
  if (!stored || stored.document.donor?.shipped) return;
  if (stored.document.donor?.picked && options.evenPicked !== true) return;
  const { why } = options;
  const refused = { at: instant(work.nowMs), reason: reason.slice(0, 500), ...(why ? { why } : {}) };
  await updateDocument(
    work.tx,
    'transfers',
    transfer.id,
    (current) => ({ ...current, hub: { ...current.hub, refused } }),
    { by },
  );
  await release(work.tx, `transfer:${transfer.id}`, { nowMs: work.nowMs, reason: 'withdrawn' });
  await noteTransfer(work, transfer, {
    judged: 'withdrawn',
    stage: 'refused',
    isLive: false,
    wakeAtMs: null,
  });
  await endMeanwhile(work, transfer.id, reason);
}

async function withdrawTasks(work: CaseWork, row: CaseRow, reason: string): Promise<void> {
  const tasks = await work.tx.query<{ id: string }>(
    `SELECT id FROM documents WHERE collection = 'tasks' AND store = $1 AND document ->> 'caseId' = $2 AND NOT deleted`,
    [row.store, row.id],
  );
  for (const { id } of tasks) await withdrawTask(work, id, reason);
}

export async function withdrawTask(work: CaseWork, id: string, reason: string): Promise<void> {
  await updateDocument(
    work.tx,
    'tasks',
    id,
    (task) =>
      task.createdBy === 'hub' && taskIsOpen(task)
        ? { ...task, withdrawn: { at: instant(work.nowMs), reason: reason.slice(0, 500) } }
        : undefined,
    { by },
  );
}
