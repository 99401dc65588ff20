import type { RxDocumentData, RxJsonSchema } from 'rxdb';
import type { CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import type { CachedTable } from './document-cache.ts';
import { isDeleted } from './document-fields.ts';
import { orderedKey } from './key-order.ts';
import type { Steps } from './steps.ts';

/** Where the documents of a collection come from. */
export interface DocumentSource<RxDocType> {
  readonly table: CollectionTable;
  readonly cache: CachedTable;
  readonly schema: Readonly<RxJsonSchema<RxDocumentData<RxDocType>>>;
}

type Documents<RxDocType> = RxDocumentData<RxDocType>[];

/** Rows read between two pauses of the event loop. */
const rowsPerStep = 100;

/**
 * Unknown ids are left out. A statement for each: one that takes a list as JSON is no quicker, and loses what follows
 * U+0000 in an id.
 */
export function* documentsById<RxDocType>(
  reader: Connection,
  source: DocumentSource<RxDocType>,
  { ids, withDeleted }: { readonly ids: readonly string[]; readonly withDeleted: boolean },
): Steps<Documents<RxDocType>> {
  const seqs: number[] = [];
  for (const [at, id] of ids.entries()) {
    if (at % rowsPerStep === rowsPerStep - 1) yield;
    const found = reader.get(source.table.sql.seqById, [orderedKey(id)]);
    if (found) seqs.push(Number(found[0]));
  }
  const documents = yield* loadDocuments(reader, source, seqs);
  return withDeleted ? documents : documents.filter((document) => !isDeleted(document));
}

export interface StoredVersion {
  readonly seq: number;
  readonly rev: string;
}

/** The stored versions of those ids that exist. */
export function* storedVersions(
  connection: Connection,
  table: CollectionTable,
  ids: readonly string[],
): Steps<Map<string, StoredVersion>> {
  const found = new Map<string, StoredVersion>();
  for (const [at, id] of ids.entries()) {
    if (at % rowsPerStep === rowsPerStep - 1) yield;
    const row = connection.get(table.sql.versionById, [orderedKey(id)]);
    if (row) found.set(id, { seq: Number(row[0]), rev: String(row[1]) });
  }
  return found;
}

/** As `documentsById` for one document, outside a transaction: each statement sees one state of it. */
export function documentById<RxDocType>(
  reader: Connection,
  { table, cache }: DocumentSource<RxDocType>,
  { id, withDeleted }: { readonly id: string; readonly withDeleted: boolean },
): RxDocumentData<RxDocType> | undefined {
  const key = [orderedKey(id)];
  const found = reader.get(table.sql.seqById, key);
  if (!found) return undefined;
  let document = cache.get(Number(found[0])) as RxDocumentData<RxDocType> | undefined;
  if (!document) {
    const stored = reader.get(table.sql.seqAndDataById, key);
    if (!stored) return undefined;
    const json = String(stored[1]);
    document = JSON.parse(json) as RxDocumentData<RxDocType>;
    cache.set(Number(stored[0]), document, json.length);
  }
  return withDeleted || !isDeleted(document) ? document : undefined;
}

/** Adds the documents of these versions, all of which the snapshot holds, to `documents`. */
export function* loadDocuments<RxDocType>(
  reader: Connection,
  { table, cache }: DocumentSource<RxDocType>,
  seqs: readonly number[],
  documents: Documents<RxDocType> = [],
): Steps<Documents<RxDocType>> {
  for (let from = 0; from < seqs.length; from += rowsPerStep) {
    for (const seq of seqs.slice(from, from + rowsPerStep)) {
      const document = cache.get(seq) ?? loadDocument(reader, table, cache, seq);
      documents.push(document as RxDocumentData<RxDocType>);
    }
    yield;
  }
  return documents;
}

function loadDocument(reader: Connection, table: CollectionTable, cache: CachedTable, seq: number): object {
  const json = String(reader.get(table.sql.dataBySeq, [seq])?.[0]);
  const document = JSON.parse(json) as object;
  cache.set(seq, document, json.length);
  return document;
}
