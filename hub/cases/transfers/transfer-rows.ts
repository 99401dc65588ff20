/** The hub's own notes about a transfer: whose case it serves and how its decision was judged. */
import { instant, type TransferStage } from '@truecount/protocol';
import type { Queryable } from '../../database/index.ts';
import type { CaseWork } from '../case-work.ts';

export type Judged =
  | 'waiting'
  | 'accepted'
  | 'refused'
  | 'declined'
  | 'expired'
  | 'withdrawn'
  /** Accepted, and then the donor found none. */
  | 'undelivered';

export interface TransferRow {
  readonly id: string;
  readonly case_id: string | null;
  readonly donor: string;
  readonly receiver: string;
  readonly sku: string;
  readonly stage: TransferStage;
  readonly judged: Judged;
  readonly is_live: boolean;
  readonly lane_hours: number;
  readonly wake_at: string | null;
}

export async function findTransfer(database: Queryable, id: string): Promise<TransferRow | undefined> {
  return (await database.query<TransferRow>('SELECT * FROM case_transfers WHERE id = $1', [id]))[0];
}

export function transfersOfCase(database: Queryable, caseId: string): Promise<readonly TransferRow[]> {
  return database.query<TransferRow>('SELECT * FROM case_transfers WHERE case_id = $1 ORDER BY id', [caseId]);
}

export interface Noted {
  readonly stage?: TransferStage;
  readonly judged?: Judged;
  readonly isLive?: boolean;
  /** `null` clears it. */
  readonly wakeAtMs?: number | null;
}

export async function noteTransfer(work: CaseWork, row: TransferRow, noted: Noted): Promise<TransferRow> {
  const wakeAt =
    noted.wakeAtMs === undefined ? row.wake_at : noted.wakeAtMs === null ? null : instant(noted.wakeAtMs);
  const [updated] = await work.tx.query<TransferRow>(
    `UPDATE case_transfers SET stage = $2, judged = $3, is_live = $4, wake_at = $5 WHERE id = $1 RETURNING *`,
    [row.id, noted.stage ?? row.stage, noted.judged ?? row.judged, noted.isLive ?? row.is_live, wakeAt],
  );
  work.changed('transfers', 'plan');
  return updated ?? row;
}
