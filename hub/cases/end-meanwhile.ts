/** Half of an answer that must not outlive the other half: a price that was changed only while goods were to move. */
import { type ActionRow, noteUndone } from './actions.ts';
import type { CaseWork } from './case-work.ts';
import { sendMessage } from './outbox.ts';

/**
 * What was only done until a transfer ended is taken back with its end, whether the goods came or not: in the
 * transaction that ends it, so once.
 */
export async function endMeanwhile(work: CaseWork, transferId: string, because: string): Promise<void> {
  const actions = await work.tx.query<ActionRow>(
    `SELECT * FROM case_actions WHERE undone_at IS NULL AND undo ->> 'until' = $1 FOR UPDATE`,
    [transferId],
  );
  for (const action of actions) {
    if (action.undo.kind !== 'message') continue;
    const { port, what } = action.undo;
    await sendMessage(work, { port, what, caseId: action.case_id, body: { text: because } });
    await noteUndone(work, action, because);
    work.audit({
      actor: 'hub',
      action: 'case.compensated',
      subject: `case:${action.case_id}`,
      text: `${port} was told: ${what}; ${because}`,
      detail: { action: action.id, undo: action.undo },
    });
  }
}
