/** A task that the store finished or put aside, as far as a case or an order waits for it. */
import type { Task } from '@truecount/protocol';
import { getDocument, updateDocument } from '../intake/index.ts';
import { lockCase, moveCase } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import { isPickedElsewhere } from './findings.ts';
import { release } from './escrow.ts';

export async function lookAtTask(work: CaseWork, id: string): Promise<void> {
  const task = (await getDocument(work.tx, 'tasks', id))?.document;
  if (!task) return;
  if (task.kind === 'pick' && task.order !== undefined && task.done)
    await notePicked(work, { ...task, order: task.order });
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

/**
 * Picked units have left the shelf and are held no longer, found or not; the order is picked when every line was found
 * in full. A pick that came out short stays an open order, which its case answers.
 */
async function notePicked(work: CaseWork, task: Task & { readonly order: string }): Promise<void> {
  await release(work.tx, `order:${task.order}`, { nowMs: work.nowMs, reason: 'picked' }, task.sku);
  const picks = await work.tx.query<{ sku: string; found: number }>(
    `SELECT document ->> 'sku' AS sku, coalesce((document -> 'done' ->> 'qty')::int, (document ->> 'qty')::int, 1000000) AS found
     FROM documents WHERE collection = 'tasks' AND NOT deleted AND document ->> 'order' = $1
       AND document ->> 'kind' = 'pick' AND document -> 'done' IS NOT NULL`,
    [task.order],
  );
  const foundOf = (sku: string): number =>
    picks.filter((pick) => pick.sku === sku).reduce((sum, { found }) => sum + found, 0);
  await updateDocument(
    work.tx,
    'orders',
    task.order,
    (order) =>
      order.state === 'open' && order.lines.every(({ sku, qty }) => foundOf(sku) >= qty)
        ? { ...order, state: 'picked' }
        : undefined,
    { by: 'hub:cases' },
  );
  await keepCasesOf(work, task.order);
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
