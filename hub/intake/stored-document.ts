/** A row of the document table as the hub's code sees it. */
import type { CollectionName, DocumentOf } from '@truecount/protocol';

export interface StoredDocument<C extends CollectionName = CollectionName> {
  readonly collection: C;
  readonly id: string;
  /** Number of its last change. */
  readonly seq: number;
  /** The stores that hold it; `*` is every store. */
  readonly stores: readonly string[];
  readonly document: DocumentOf<C>;
  readonly deleted: boolean;
  /** `hub:<part>` or `device:<id>`. */
  readonly updatedBy: string;
  readonly updatedAt: Date;
}

export interface DocumentRow {
  readonly collection: string;
  readonly id: string;
  readonly seq: number;
  readonly store: string;
  readonly other_store: string | null;
  readonly document: object;
  readonly deleted: boolean;
  readonly updated_by: string;
  readonly updated_at: Date;
}

export const documentColumns =
  'documents.collection, documents.id, documents.seq, documents.store, documents.other_store, ' +
  'documents.document, documents.deleted, documents.updated_by, documents.updated_at';

/** The table is written through `writeDocuments` only, so its rows have the shape of their collection. */
export function storedFrom<C extends CollectionName>(row: DocumentRow): StoredDocument<C> {
  return {
    collection: row.collection as C,
    id: row.id,
    seq: row.seq,
    stores: row.other_store === null ? [row.store] : [row.store, row.other_store],
    document: row.document as DocumentOf<C>,
    deleted: row.deleted,
    updatedBy: row.updated_by,
    updatedAt: row.updated_at,
  };
}
