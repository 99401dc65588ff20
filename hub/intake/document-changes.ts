/** "There is something new": told after the commit, to every hub process on the same database. */
import type { CollectionName } from '@truecount/protocol';
import type { Database, Transaction } from '../database/index.ts';
import { type DocumentScope, storesOf } from './document-scope.ts';

const CHANNEL = 'truecount_documents';

/** Documents of `collection` that `store` holds (`*`: every store) have changed. */
export interface DocumentsChanged {
  readonly collection: CollectionName;
  readonly store: string;
  /** Newest of the changes. */
  readonly seq: number;
  /** Who wrote them: `hub:<part>` or `device:<id>`. */
  readonly by: string;
}

export async function announceChanges(
  tx: Transaction,
  scopes: readonly DocumentScope[],
  change: Omit<DocumentsChanged, 'store'>,
): Promise<void> {
  const { collection, seq, by } = change;
  const payloads = [...new Set(scopes.flatMap(storesOf))].map((store) =>
    JSON.stringify({ collection, store, seq, by } satisfies DocumentsChanged),
  );
  await tx.query('SELECT pg_notify($1, payload) FROM unnest($2::text[]) AS payload', [CHANNEL, payloads]);
}

/** @param onChange hears `undefined` when changes may have been missed: look at everything */
export function listenForDocuments(
  database: Database,
  onChange: (change: DocumentsChanged | undefined) => void,
): Promise<() => Promise<void>> {
  return database.listen(CHANNEL, (payload) => {
    onChange(payload === undefined ? undefined : (JSON.parse(payload) as DocumentsChanged));
  });
}
