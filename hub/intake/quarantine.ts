/**
 * Documents the hub could not accept, each with its reason, kept until somebody retries or discards it or the device
 * sends a better version. They never hold up the documents behind them.
 */
import {
  type CollectionName,
  instant,
  newId,
  type QuarantineView,
  type WireDocument,
} from '@truecount/protocol';
import type { Queryable, Transaction } from '../database/index.ts';

export interface Refusal {
  readonly document: WireDocument;
  readonly reason: string;
}

interface QuarantineRow {
  readonly id: string;
  readonly device: string;
  readonly store: string;
  readonly collection: CollectionName;
  readonly document_id: string;
  readonly document: string;
  readonly reason: string;
  readonly at: Date;
}

export interface QuarantinedDocument extends QuarantineView {
  readonly collection: CollectionName;
  readonly document: WireDocument;
}

/** Puts refusals aside and releases earlier ones of documents that are now accepted. @returns how many wait */
export async function noteQuarantine(
  tx: Transaction,
  place: { readonly device: string; readonly store: string; readonly collection: CollectionName },
  outcome: {
    readonly accepted: readonly string[];
    readonly refused: readonly Refusal[];
    readonly atMs: number;
  },
): Promise<number> {
  const { device, store, collection } = place;
  const ids = [...outcome.accepted, ...outcome.refused.map(({ document }) => storableText(document.id))];
  const [counted] = await tx.query<{ total: number; touched: number }>(
    `SELECT count(*)::int AS total,
       (count(*) FILTER (WHERE collection = $2 AND document_id = ANY($3::text[])))::int AS touched
     FROM quarantine WHERE device = $1 AND state = 'waiting'`,
    [device, collection, ids],
  );
  const { total = 0, touched = 0 } = counted ?? {};
  if (touched > 0)
    await tx.query(
      `UPDATE quarantine SET state = 'superseded'
       WHERE device = $1 AND state = 'waiting' AND collection = $2 AND document_id = ANY($3::text[])`,
      [device, collection, ids],
    );
  for (const { document, reason } of outcome.refused)
    await tx.query(
      `INSERT INTO quarantine (id, device, store, collection, document_id, document, reason, at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
      [
        newId(outcome.atMs),
        device,
        store,
        collection,
        storableText(document.id),
        JSON.stringify(document),
        reason,
        instant(outcome.atMs),
      ],
    );
  return total - touched + outcome.refused.length;
}

/** An id may itself be what cannot be stored. */
const storableText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed();

export async function listQuarantine(
  database: Queryable,
  limit = 200,
): Promise<readonly QuarantinedDocument[]> {
  const rows = await database.query<QuarantineRow>(
    `SELECT * FROM quarantine WHERE state = 'waiting' ORDER BY at, id LIMIT $1`,
    [limit],
  );
  return rows.map(viewOf);
}

/** Takes one out of quarantine. @returns undefined when it waits no longer */
export async function takeQuarantined(
  tx: Transaction,
  id: string,
  state: 'accepted' | 'discarded',
): Promise<QuarantinedDocument | undefined> {
  const [row] = await tx.query<QuarantineRow>(
    `UPDATE quarantine SET state = $2 WHERE id = $1 AND state = 'waiting' RETURNING *`,
    [id, state],
  );
  return row && viewOf(row);
}

const viewOf = (row: QuarantineRow): QuarantinedDocument => ({
  id: row.id,
  device: row.device,
  store: row.store,
  collection: row.collection,
  documentId: row.document_id,
  reason: row.reason,
  at: instant(row.at.getTime()),
  document: JSON.parse(row.document) as WireDocument,
});
