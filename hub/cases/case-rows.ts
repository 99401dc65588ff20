/** Cases in the database: opening, locking, moving from state to state. The only code that writes `cases.state`. */
import {
  type CaseState,
  type Exception,
  type ExceptionKind,
  instant,
  newId,
  taxonomy,
  type Tier,
} from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import { type CaseEvent, isOver, nextState } from './case-machine.ts';
import type { CaseWork } from './case-work.ts';

/** Raised when the meaning of states or steps changes; a case keeps the version it was opened with. */
export const WORKFLOW_VERSION = 1;
const LOCK_SPACE = 7_236_205;

export interface CaseRow {
  readonly id: string;
  readonly root: string;
  readonly kind: ExceptionKind;
  readonly store: string;
  readonly sku: string | null;
  readonly name: string | null;
  readonly order_id: string | null;
  readonly state: CaseState;
  readonly tier: Tier;
  readonly opened_at: string;
  readonly updated_at: string;
  readonly due_at: string;
  readonly exposure_minor: number;
  readonly currency: string;
  readonly confidence: number;
  readonly headline: string;
  readonly policy_hash: string;
  readonly workflow_version: number;
  readonly rounds: number;
  readonly wants_score: boolean;
  readonly wake_at: string | null;
}

/** Work on one root takes turns, over all hub processes, from here to the end of the transaction. */
export async function lockRoot(work: CaseWork, root: string): Promise<void> {
  await work.tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, root]);
}

export async function findCase(database: Queryable, id: string): Promise<CaseRow | undefined> {
  return (await database.query<CaseRow>('SELECT * FROM cases WHERE id = $1', [id]))[0];
}

export async function liveCaseOf(database: Queryable, root: string): Promise<CaseRow | undefined> {
  return (await database.query<CaseRow>('SELECT * FROM cases WHERE root = $1 AND NOT is_over', [root]))[0];
}

/** The case with its root's turn taken and its row locked. */
export async function lockCase(work: CaseWork, id: string): Promise<CaseRow | undefined> {
  const seen = await findCase(work.tx, id);
  if (!seen) return undefined;
  await lockRoot(work, seen.root);
  return (await work.tx.query<CaseRow>('SELECT * FROM cases WHERE id = $1 FOR UPDATE', [id]))[0];
}

export interface CaseOpening {
  readonly root: string;
  readonly exception: Exception;
  readonly headline: string;
  readonly foundBy: 'store' | 'hub';
  readonly policyHash: string;
}

export async function openCase(work: CaseWork, opening: CaseOpening): Promise<CaseRow> {
  const { exception, headline } = opening;
  const id = newId(work.nowMs);
  const at = instant(work.nowMs);
  await work.tx.query(
    `INSERT INTO cases (id, root, kind, store, sku, name, order_id, state, tier, opened_at, updated_at, due_at,
       exposure_minor, currency, confidence, headline, policy_hash, workflow_version, wants_score)
     VALUES ($1, $2, $3, $4, $5, $6, $7, 'open', 'recommend', $8, $8, $9, $10, $11, $12, $13, $14, $15, true)`,
    [
      id,
      opening.root,
      exception.kind,
      exception.store,
      exception.sku ?? null,
      exception.name ?? null,
      exception.order ?? null,
      at,
      exception.dueAt,
      exception.exposure.minor,
      exception.exposure.currency,
      exception.confidence,
      headline,
      opening.policyHash,
      WORKFLOW_VERSION,
    ],
  );
  await work.tx.query(
    `INSERT INTO case_transitions (case_id, seq, at, from_state, to_state, event, actor, source, text)
     VALUES ($1, 1, $2, NULL, 'open', 'open', $3, $4, $5)`,
    [id, at, 'hub', opening.foundBy === 'store' ? `store ${exception.store}` : 'hub', headline],
  );
  work.audit({
    actor: 'hub',
    action: 'case.opened',
    subject: `case:${id}`,
    text: headline,
    detail: { root: opening.root, kind: exception.kind, store: exception.store, exception: exception.id },
  });
  work.tell({
    event: 'case-opened',
    case: id,
    kind: exception.kind,
    store: exception.store,
    text: `case opened: ${headline} (${taxonomy[exception.kind].owner})`,
  });
  work.changed('cases', 'stores');
  const [row] = await work.tx.query<CaseRow>('SELECT * FROM cases WHERE id = $1', [id]);
  if (!row) throw new Error(`case ${id} was not stored`);
  return row;
}

/** Steps on the way to one that is told: a person who watches hears each decision once. */
const QUIET: ReadonlySet<CaseEvent> = new Set(['propose', 'approve', 'ask', 'reopen']);

/** Events that say how an act turned out; what the option has shown is looked at again. */
const LABELS: ReadonlySet<CaseEvent> = new Set([
  'succeed',
  'fail',
  'escalate',
  'decline',
  'undo',
  'undone',
  'reopen',
]);

export interface Move {
  readonly event: CaseEvent;
  readonly actor: string;
  readonly text: string;
  /** Where the fact came from, when it was not the hub itself. */
  readonly source?: string;
  readonly detail?: unknown;
  /** New values to set with the move. */
  readonly set?: {
    readonly tier?: Tier;
    readonly wakeAtMs?: number;
    readonly wantsScore?: boolean;
    readonly rounds?: number;
    readonly policyHash?: string;
  };
}

/**
 * Applies an event to a locked case: state, transition row and audit fact together.
 * @returns the case as it is now; the same object when the event does not apply in its state
 */
export async function moveCase(work: CaseWork, row: CaseRow, move: Move): Promise<CaseRow> {
  const to = nextState(row.state, move.event);
  if (to === undefined) return row;
  const at = instant(work.nowMs);
  const over = isOver(to);
  const { set = {} } = move;
  const [updated] = await work.tx.query<CaseRow>(
    `UPDATE cases SET state = $2, updated_at = $3, is_over = $4, tier = $5, wake_at = $6, wants_score = $7,
       rounds = $8, policy_hash = $9
     WHERE id = $1 RETURNING *`,
    [
      row.id,
      to,
      at,
      over,
      set.tier ?? row.tier,
      over || set.wakeAtMs === undefined ? null : instant(set.wakeAtMs),
      !over && (set.wantsScore ?? to === 'open'),
      set.rounds ?? row.rounds,
      set.policyHash ?? row.policy_hash,
    ],
  );
  if (!updated) throw new Error(`case ${row.id} is gone`);
  await work.tx.query(
    `INSERT INTO case_transitions (case_id, seq, at, from_state, to_state, event, actor, source, text)
     SELECT $1, coalesce(max(seq), 0) + 1, $2, $3, $4, $5, $6, $7, $8 FROM case_transitions WHERE case_id = $1`,
    [row.id, at, row.state, to, move.event, move.actor, move.source ?? 'hub', move.text.slice(0, 500)],
  );
  work.audit({
    actor: move.actor,
    action: `case.${move.event}`,
    subject: `case:${row.id}`,
    text: move.text.slice(0, 500),
    detail: {
      from: row.state,
      to,
      policy: updated.policy_hash,
      ...(move.detail === undefined ? {} : { inputs: move.detail }),
    },
  });
  if (LABELS.has(move.event)) work.followUp({ topic: 'standing', subject: `${row.kind}|${row.store}` });
  if (!QUIET.has(move.event))
    work.tell({ event: `case-${to}`, case: row.id, store: row.store, text: `${row.headline}: ${move.text}` });
  work.changed('cases', 'stores');
  return updated;
}

/** Keeps what a case is about in step with its findings. */
export async function refreshCase(work: CaseWork, row: CaseRow, leading: Exception): Promise<CaseRow> {
  if (
    row.exposure_minor === leading.exposure.minor &&
    row.confidence === leading.confidence &&
    row.due_at === leading.dueAt
  )
    return row;
  const [updated] = await work.tx.query<CaseRow>(
    `UPDATE cases SET exposure_minor = $2, confidence = $3, due_at = $4, updated_at = $5 WHERE id = $1 RETURNING *`,
    [row.id, leading.exposure.minor, leading.confidence, leading.dueAt, instant(work.nowMs)],
  );
  work.changed('cases', 'stores');
  return updated ?? row;
}
