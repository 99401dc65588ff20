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

/** Documents one statement loads and ids one looks up, so that no step holds the event loop for long. */
const documentsPerStep = 100;
const idsPerStep = 1_000;

/** Unknown ids are left out. */
export function* documentsById<RxDocType>(
  reader: Connection,
  source: DocumentSource<RxDocType>,
  { ids, withDeleted }: { readonly ids: readonly string[]; readonly withDeleted: boolean },
): Steps<Documents<RxDocType>> {
  const seqs: number[] = [];
  for (let at = 0; at < ids.length; at += idsPerStep) {
    const lookup = lookupOf(ids.slice(at, at + idsPerStep));
    const sql = lookup.isList ? source.table.sql.seqsByIds : source.table.sql.seqById;
    for (const param of lookup.params) for (const seq of reader.numbers(sql, [param])) seqs.push(seq);
    yield;
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
  const idByKey = new Map(ids.map((id) => [orderedKey(id), id]));
  for (let at = 0; at < ids.length; at += idsPerStep) {
    const lookup = lookupOf(ids.slice(at, at + idsPerStep));
    const sql = lookup.isList ? table.sql.versionsByIds : table.sql.versionById;
    for (const param of lookup.params) {
      for (const [key, seq, rev] of connection.all(sql, [param])) {
        found.set(idByKey.get(String(key)) ?? '', { seq: Number(seq), rev: String(rev) });
      }
    }
    yield;
  }
  return found;
}

interface IdLookup {
  /** Whether a parameter is a JSON list of ids, or one id. */
  readonly isList: boolean;
  /** The statement runs once for each. */
  readonly params: readonly string[];
}

function lookupOf(ids: readonly string[]): IdLookup {
  const keys = ids.map(orderedKey);
  // SQLite's JSON functions cut text at U+0000.
  if (keys.length < 3 || keys.some((key) => key.includes('\0'))) return { isList: false, params: keys };
  return { isList: true, params: [JSON.stringify(keys)] };
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
  for (let from = 0; from < seqs.length; from += documentsPerStep) {
    const missing: number[] = [];
    const places: number[] = [];
    for (const seq of seqs.slice(from, from + documentsPerStep)) {
      const document = cache.get(seq) as RxDocumentData<RxDocType> | undefined;
      if (!document) {
        missing.push(seq);
        places.push(documents.length);
      }
      // A missing one's place is filled below.
      documents.push(document as RxDocumentData<RxDocType>);
    }
    if (missing.length > 0) {
      for (const [key, seq, data] of reader.all(table.sql.dataBySeqs, [JSON.stringify(missing)])) {
        const json = String(data);
        const document = JSON.parse(json) as RxDocumentData<RxDocType>;
        cache.set(Number(seq), document, json.length);
        documents[places[Number(key)] ?? 0] = document;
      }
    }
    yield;
  }
  return documents;
}
