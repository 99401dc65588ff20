/**
 * From exceptions to cases. Looks at one exception as it is now and does what is missing: open a case or join the
 * live one with the same root, keep its numbers in step, end it when all its evidence is gone.
 */
import type { Exception } from '@truecount/protocol';
import type { SqlValue } from '../database/index.ts';
import type { PolicyInForce } from '../governance/index.ts';
import { getDocument, updateDocument } from '../intake/index.ts';
import { standingSubject } from './automation/standings.ts';
import {
  type CaseRow,
  findCase,
  liveCaseOf,
  lockRoot,
  moveCase,
  openCase,
  refreshCase,
} from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import { type HubFound, rootOf } from './case-root.ts';
import { headlineOf } from './headline.ts';

export interface FindingContext {
  readonly storeName: (id: string) => string;
  readonly policyOf: (work: CaseWork, store: string) => Promise<PolicyInForce>;
  /** Takes back what a case asked for and nobody has done yet. */
  readonly withdraw: (work: CaseWork, row: CaseRow, reason: string) => Promise<void>;
}

/** A store's exception, as it stands in the document table now. */
export async function lookAtException(work: CaseWork, id: string, context: FindingContext): Promise<void> {
  const stored = await getDocument(work.tx, 'exceptions', id);
  if (!stored) return;
  const exception = stored.document;
  const isOpen = exception.state === 'open' && !stored.deleted;
  const row = await takeFinding(work, { exception, isOpen, foundBy: 'store' }, context);
  if (row && exception.caseId !== row.id)
    await updateDocument(
      work.tx,
      'exceptions',
      id,
      (current) => (current.caseId === row.id ? undefined : { ...current, caseId: row.id }),
      { by: 'hub:cases' },
    );
}

export interface Finding {
  readonly exception: HubFound;
  readonly isOpen: boolean;
  readonly foundBy: 'store' | 'hub';
}

/** @returns the case the finding belongs to; undefined when it ended before it had one */
export async function takeFinding(
  work: CaseWork,
  finding: Finding,
  context: FindingContext,
): Promise<CaseRow | undefined> {
  const { exception } = finding;
  const root = rootOf(exception);
  await lockRoot(work, root);
  const [known] = await work.tx.query<{ case_id: string; is_open: boolean }>(
    'SELECT case_id, is_open FROM case_findings WHERE exception_id = $1',
    [exception.id],
  );
  if (!known && !finding.isOpen) return undefined;
  const row = known ? await findCase(work.tx, known.case_id) : await joinOrOpen(work, root, finding, context);
  if (!row) return undefined;
  await keepFinding(work, row, finding);
  if (exception.kind === 'model-drift' && known?.is_open !== finding.isOpen)
    work.followUp({ topic: 'standing', subject: standingSubject('*', exception.store) });
  return settle(work, row, {
    context,
    ended: known?.is_open === true && !finding.isOpen ? exception : undefined,
  });
}

async function joinOrOpen(
  work: CaseWork,
  root: string,
  { exception, foundBy }: Finding,
  context: FindingContext,
): Promise<CaseRow> {
  const live = await liveCaseOf(work.tx, root);
  if (live) return live;
  const policy = await context.policyOf(work, exception.store);
  const headline = headlineOf(exception, context.storeName(exception.store));
  return openCase(work, { root, exception, headline, foundBy, policyHash: policy.hash });
}

async function keepFinding(work: CaseWork, row: CaseRow, finding: Finding): Promise<void> {
  const values: SqlValue[] = [
    finding.exception.id,
    row.id,
    finding.foundBy,
    finding.isOpen,
    JSON.stringify(finding.exception),
  ];
  await work.tx.query(
    `INSERT INTO case_findings (exception_id, case_id, found_by, is_open, exception)
     VALUES ($1, $2, $3, $4, $5::text::jsonb)
     ON CONFLICT (exception_id) DO UPDATE SET is_open = EXCLUDED.is_open, exception = EXCLUDED.exception`,
    values,
  );
}

/** Open findings of a case, the one with most at stake first. */
export async function openFindings(
  work: Pick<CaseWork, 'tx'>,
  caseId: string,
): Promise<readonly Exception[]> {
  const rows = await work.tx.query<{ exception: Exception }>(
    `SELECT exception FROM case_findings WHERE case_id = $1 AND is_open
     ORDER BY (exception -> 'exposure' ->> 'minor')::bigint DESC, exception_id`,
    [caseId],
  );
  return rows.map(({ exception }) => exception);
}

async function settle(
  work: CaseWork,
  row: CaseRow,
  { context, ended }: { readonly context: FindingContext; readonly ended: Exception | undefined },
): Promise<CaseRow> {
  const [leading] = await openFindings(work, row.id);
  if (leading) return refreshCase(work, row, leading);
  if (!ended) return row;
  const because = ended.outcome?.text ?? 'the store no longer sees it';
  // Goods that are on their way arrive whatever the evidence says now; their own steps end the case.
  const event = row.state === 'acting' || row.state === 'approved' ? undefined : 'dissolve';
  if (event === undefined) return endAskedWork(work, row, because);
  const settled = await moveCase(work, row, {
    event,
    actor: `store ${row.store}`,
    text: `settled: ${because}`,
  });
  if (settled !== row) await context.withdraw(work, settled, `settled: ${because}`);
  return settled;
}

/** A count or restock that was asked for and led to the evidence is done; a moving transfer is not. */
async function endAskedWork(work: CaseWork, row: CaseRow, because: string): Promise<CaseRow> {
  const moving = await work.tx.query('SELECT id FROM case_transfers WHERE case_id = $1 AND is_live', [
    row.id,
  ]);
  if (moving.length > 0 || (await isPickedElsewhere(work, row))) return row;
  return moveCase(work, row, { event: 'succeed', actor: `store ${row.store}`, text: `done: ${because}` });
}

/** An order that another store has yet to pick is not kept because the first one no longer looks for it. */
export async function isPickedElsewhere(work: CaseWork, row: CaseRow): Promise<boolean> {
  const open = await work.tx.query(
    `SELECT 1 FROM case_actions a JOIN documents o ON o.collection = 'orders' AND NOT o.deleted
       AND o.document ->> 'state' = 'open' AND (o.id = a.undo ->> 'to' OR a.undo -> 'parts' ? o.id)
     WHERE a.case_id = $1 AND a.undone_at IS NULL AND a.undo ->> 'kind' IN ('reassigned', 'split', 'substituted')`,
    [row.id],
  );
  return open.length > 0;
}
