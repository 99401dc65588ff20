/** What changed for one store after a sequence number: its own documents and those that all stores hold. */
import type { CollectionName } from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import { ALL_STORES } from './document-scope.ts';
import { type DocumentRow, documentColumns, storedFrom, type StoredDocument } from './stored-document.ts';

/** What a store holds of a collection now: newest change, and how many documents are not deleted. */
export async function holdings(
  database: Queryable,
  collection: CollectionName,
  store: string,
): Promise<{ readonly seq: number; readonly total: number }> {
  const part = (condition: string): string =>
    `SELECT seq, deleted FROM documents WHERE collection = $1 AND ${condition}`;
  const [row] = await database.query<{ seq: number; total: number }>(
    `SELECT coalesce(max(seq), 0)::bigint AS seq, (count(*) FILTER (WHERE NOT deleted))::bigint AS total FROM (
       ${part('store = $2')} UNION ALL ${part('other_store = $2 AND store <> $2')} UNION ALL ${part('store = $3')}
     ) AS documents`,
    [collection, store, ALL_STORES],
  );
  return row ?? { seq: 0, total: 0 };
}

/** Newest change first, without deleted documents. Each part walks one index and stops at the limit. */
export async function documentsBefore<C extends CollectionName>(
  database: Queryable,
  collection: C,
  place: { readonly store: string; readonly beforeSeq: number; readonly limit: number },
): Promise<readonly StoredDocument<C>[]> {
  const part = (condition: string): string =>
    `(SELECT ${documentColumns} FROM documents
      WHERE collection = $1 AND ${condition} AND seq < $3 AND NOT deleted ORDER BY seq DESC LIMIT $4)`;
  const rows = await database.query<DocumentRow>(
    `SELECT * FROM (
       ${part('store = $2')} UNION ALL ${part('other_store = $2 AND store <> $2')} UNION ALL ${part('store = $5')}
     ) AS documents ORDER BY seq DESC LIMIT $4`,
    [collection, place.store, place.beforeSeq, place.limit, ALL_STORES],
  );
  return rows.map((row) => storedFrom<C>(row));
}

/** Oldest change first, deleted documents included. Each part walks one index and stops at the limit. */
export async function changesAfter<C extends CollectionName>(
  database: Queryable,
  collection: C,
  place: { readonly store: string; readonly afterSeq: number; readonly limit: number },
): Promise<readonly StoredDocument<C>[]> {
  const part = (condition: string): string =>
    `(SELECT ${documentColumns} FROM documents
      WHERE collection = $1 AND ${condition} AND seq > $3 ORDER BY seq LIMIT $4)`;
  const rows = await database.query<DocumentRow>(
    `SELECT * FROM (
       ${part('store = $2')} UNION ALL ${part('other_store = $2 AND store <> $2')} UNION ALL ${part('store = $5')}
     ) AS documents ORDER BY seq LIMIT $4`,
    [collection, place.store, place.afterSeq, place.limit, ALL_STORES],
  );
  return rows.map((row) => storedFrom<C>(row));
}
