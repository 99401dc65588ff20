/** A task that the store finished or put aside, as far as a case or an order waits for it. */
import { getDocument, updateDocument } from '../intake/index.ts';
import { lockCase, moveCase } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import { isPickedElsewhere } from './findings.ts';
import { release } from './escrow.ts';

export async function lookAtTask(work: CaseWork, id: string): Promise<void> {
  const task = (await getDocument(work.tx, 'tasks', id))?.document;
  if (!task) return;
  if (task.kind === 'pick' && task.order !== undefined && task.done) await notePicked(work, task.order);
  if (task.caseId === undefined || task.createdBy !== 'hub') return;
  const row = await lockCase(work, task.caseId);
  if (row?.state !== 'acting') return;
  const source = `task ${id}`;
  if (task.done) {
    const counted = task.done.qty === undefined ? 'done' : `counted ${task.done.qty}`;
    await moveCase(work, row, {
      event: 'reopen',
      actor: `${task.done.by} (${row.store})`,
      source,
      text: `${counted}; scoring again`,
    });
  } else if (task.dismissed)
    await moveCase(work, row, {
      event: 'escalate',
      actor: `${task.dismissed.by} (${row.store})`,
      source,
      text: `put aside: ${task.dismissed.reason}`,
      set: { tier: 'escalate' },
    });
}

/** An order whose pick is done holds no units any more: they have left the shelf. */
async function notePicked(work: CaseWork, orderId: string): Promise<void> {
  await release(work.tx, `order:${orderId}`, { nowMs: work.nowMs, reason: 'picked' });
  await updateDocument(
    work.tx,
    'orders',
    orderId,
    (order) => (order.state === 'open' ? { ...order, state: 'picked' } : undefined),
    { by: 'hub:cases' },
  );
  await keepCasesOf(work, orderId);
}

/** A case that gave its order to other stores ends well when the last of them has picked its part. */
async function keepCasesOf(work: CaseWork, orderId: string): Promise<void> {
  const cases = await work.tx.query<{ case_id: string }>(
    `SELECT DISTINCT case_id FROM case_actions
     WHERE undone_at IS NULL AND (undo ->> 'to' = $1 OR undo -> 'parts' ? $1)`,
    [orderId],
  );
  for (const { case_id: id } of cases) {
    const row = await lockCase(work, id);
    if (row?.state !== 'acting' || (await isPickedElsewhere(work, row))) continue;
    await moveCase(work, row, { event: 'succeed', actor: 'hub', text: `order ${orderId} was picked` });
  }
}
