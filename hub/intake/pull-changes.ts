/** What changed for one store after a sequence number: its own documents and those that all stores hold. */
import type { CollectionName } from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import { ALL_STORES } from './document-scope.ts';
import { type DocumentRow, documentColumns, storedFrom, type StoredDocument } from './stored-document.ts';

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
