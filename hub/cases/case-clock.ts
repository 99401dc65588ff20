/** The clocks of cases and transfers: what is due becomes work, by whichever hub process looks first. */
import { instant } from '@truecount/protocol';
import type { RunCaseWork } from './case-work.ts';
import { type CaseRow, lockCase, moveCase } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';

/** Items per look; what is left is due at the next one. */
const MAX_DUE = 200;

export async function followClocks(run: RunCaseWork): Promise<number> {
  return run(async (work) => {
    const now = instant(work.nowMs);
    const due = await work.tx.query<{ topic: string; subject: string }>(
      `SELECT d.topic, d.subject FROM (
         (SELECT 'case' AS topic, id AS subject FROM cases WHERE wake_at <= $1 LIMIT ${MAX_DUE})
         UNION ALL
         (SELECT 'transfer' AS topic, id AS subject FROM case_transfers WHERE wake_at <= $1 LIMIT ${MAX_DUE})
       ) AS d
       WHERE NOT EXISTS (SELECT 1 FROM work_items w WHERE w.topic = d.topic AND w.subject = d.subject)`,
      [now],
    );
    for (const item of due) work.followUp(item);
    return due.length;
  });
}

/** A case whose time has come: what was asked for has not happened. */
export async function lookAtCase(work: CaseWork, id: string): Promise<void> {
  const row: CaseRow | undefined = await lockCase(work, id);
  if (!row || row.wake_at === null || work.nowMs < Date.parse(row.wake_at)) return;
  const moved = await moveCase(work, row, {
    event: 'escalate',
    actor: 'hub',
    text: `not done by ${row.wake_at.slice(0, 16).replace('T', ' ')}; somebody has to look`,
    set: { tier: 'escalate' },
  });
  if (moved === row) await work.tx.query('UPDATE cases SET wake_at = NULL WHERE id = $1', [id]);
}
