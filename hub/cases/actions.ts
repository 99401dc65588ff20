/** What was done for a case, each with the plan of its undo, made before the act. */
import { instant, newId, type OptionKind, type OrderDocument } from '@truecount/protocol';
import type { Migration, Queryable } from '../database/index.ts';
import type { CaseRow } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import type { MessagePort } from './outbox.ts';

export type UndoPlan =
  | { readonly kind: 'task'; readonly taskId: string }
  | { readonly kind: 'transfer'; readonly transferId: string }
  | { readonly kind: 'reassigned'; readonly from: string; readonly to: string }
  | {
      readonly kind: 'split';
      readonly order: string;
      /** As they were before. */
      readonly lines: OrderDocument['lines'];
      readonly parts: readonly string[];
    }
  | {
      readonly kind: 'substituted';
      readonly to: string;
      readonly lines: OrderDocument['lines'];
      readonly with: string;
    }
  | {
      readonly kind: 'message';
      readonly port: MessagePort;
      readonly what: string;
      /** The transfer whose end takes it back by itself. */
      readonly until?: string;
    }
  /** Nothing in the world was changed. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'impossible' };

export interface ActionRow {
  readonly id: string;
  readonly case_id: string;
  readonly option: OptionKind;
  readonly undo: UndoPlan;
  readonly done_at: string;
  readonly undone_at: string | null;
}

export const actionMigrations: readonly Migration[] = [
  {
    id: 'cases/003-actions',
    sql: `
      CREATE TABLE case_actions (
        id text PRIMARY KEY,
        case_id text NOT NULL REFERENCES cases (id),
        option text NOT NULL,
        undo jsonb NOT NULL,
        done_at text NOT NULL,
        undone_at text,
        undone_how text
      );
      CREATE INDEX case_actions_by_case ON case_actions (case_id, id);
      CREATE INDEX case_actions_by_time ON case_actions (done_at);`,
  },
  {
    id: 'cases/004-breakers',
    sql: `
      ALTER TABLE case_actions ADD COLUMN is_automatic boolean NOT NULL DEFAULT false;
      ALTER TABLE case_actions ADD COLUMN at_stake_minor bigint NOT NULL DEFAULT 0;
      CREATE TABLE breaker_trips (
        store text NOT NULL,
        sku text NOT NULL,
        kind text NOT NULL,
        reason text NOT NULL,
        tripped_at text NOT NULL,
        PRIMARY KEY (store, sku, kind)
      );`,
  },
];

export async function noteAction(
  work: CaseWork,
  row: CaseRow,
  action: {
    readonly option: OptionKind;
    readonly undo: UndoPlan;
    /** True when the policy alone decided. */
    readonly isAutomatic: boolean;
    readonly atStakeMinor: number;
  },
): Promise<void> {
  await work.tx.query(
    `INSERT INTO case_actions (id, case_id, option, undo, done_at, is_automatic, at_stake_minor, after_seq)
     SELECT $1, $2, $3, $4::text::jsonb, $5, $6, $7, coalesce(max(seq), 0) FROM case_transitions WHERE case_id = $2`,
    [
      newId(work.nowMs),
      row.id,
      action.option,
      JSON.stringify(action.undo),
      instant(work.nowMs),
      action.isAutomatic,
      action.atStakeMinor,
    ],
  );
}

/** Newest first: what was done last is taken back first. */
export function actionsToUndo(database: Queryable, caseId: string): Promise<readonly ActionRow[]> {
  return database.query<ActionRow>(
    'SELECT * FROM case_actions WHERE case_id = $1 AND undone_at IS NULL ORDER BY id DESC',
    [caseId],
  );
}

export async function noteUndone(work: CaseWork, action: ActionRow, how: string): Promise<void> {
  await work.tx.query('UPDATE case_actions SET undone_at = $2, undone_how = $3 WHERE id = $1', [
    action.id,
    instant(work.nowMs),
    how,
  ]);
}
