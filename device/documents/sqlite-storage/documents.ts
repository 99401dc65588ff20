import {
  getQueryMatcher,
  getSortComparator,
  type PreparedQuery,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorageCountResult,
} from 'rxdb';
import type { CollectionTable } from './collection-table.ts';
import { numberIn, type Connection } from './connection.ts';
import type { CachedTable } from './document-cache.ts';
import { isDeleted } from './document-fields.ts';
import { orderedKey } from './key-order.ts';
import { planQuery, type QueryPlan } from './query-plan.ts';
import type { Steps } from './steps.ts';

/** Where the documents of a collection come from. */
export interface DocumentSource<RxDocType> {
  readonly table: CollectionTable;
  readonly cache: CachedTable;
  readonly schema: Readonly<RxJsonSchema<RxDocumentData<RxDocType>>>;
}

type Documents<RxDocType> = RxDocumentData<RxDocType>[];

/** Rows one statement names and documents one statement loads, so that no step holds the event loop for long. */
const seqsPerPage = 10_000;
const documentsPerStep = 100;
const idsPerStep = 1_000;

export function* findDocuments<RxDocType>(
  reader: Connection,
  source: DocumentSource<RxDocType>,
  { query }: PreparedQuery<RxDocType>,
): Steps<Documents<RxDocType>> {
  const plan = planQuery(source.table.name, source.table.layout, query);
  const matches = plan.needsMatcher ? getQueryMatcher(source.schema, query) : undefined;
  const isLimitedBySql = !plan.needsMatcher && !plan.needsSort;
  const wanted = plan.needsSort ? Infinity : isLimitedBySql ? plan.limit : plan.skip + plan.limit;
  const found: Documents<RxDocType> = [];

  for (const page of pagesOf(plan, { wanted, isLimitedBySql })) {
    const seqs = reader.numbers(page.sql, page.params);
    for (let at = 0; at < seqs.length && found.length < wanted; at += documentsPerStep) {
      const documents = yield* loadDocuments(reader, source, seqs.slice(at, at + documentsPerStep));
      for (const document of documents) if (!matches || matches(document)) found.push(document);
    }
    if (seqs.length < page.size || found.length >= wanted) break;
  }
  if (isLimitedBySql) return found;
  if (plan.needsSort) found.sort(getSortComparator(source.schema, query));
  return found.slice(plan.skip, plan.skip + plan.limit);
}

/** Statements that together name all rows of a plan, in order; the reader's snapshot keeps them consistent. */
function* pagesOf(
  plan: QueryPlan,
  { wanted, isLimitedBySql }: { readonly wanted: number; readonly isLimitedBySql: boolean },
): Generator<{ readonly sql: string; readonly params: QueryPlan['params']; readonly size: number }> {
  const sql = `SELECT seq${plan.from}${plan.orderBy} LIMIT ? OFFSET ?`;
  const firstRow = isLimitedBySql ? plan.skip : 0;
  // With a matcher, how many rows it takes is unknown: begin small, grow.
  let size = isLimitedBySql ? seqsPerPage : Math.min(seqsPerPage, Math.max(2 * wanted, documentsPerStep));
  const end = isLimitedBySql ? wanted : Infinity;
  for (let offset = 0; offset < end; offset += size) {
    if (isLimitedBySql) size = Math.min(seqsPerPage, wanted - offset);
    else if (offset > 0) size = Math.min(seqsPerPage, 4 * size);
    yield { sql, params: [...plan.params, size, firstRow + offset], size };
  }
}

/** Counts inside SQLite when the selector is wholly an SQL condition ('fast'), by reading documents otherwise ('slow'). */
export function* countDocuments<RxDocType>(
  reader: Connection,
  source: DocumentSource<RxDocType>,
  prepared: PreparedQuery<RxDocType>,
): Steps<RxStorageCountResult> {
  const plan = planQuery(source.table.name, source.table.layout, prepared.query);
  if (plan.needsMatcher) {
    const found = yield* findDocuments(reader, source, prepared);
    return { count: found.length, mode: 'slow' };
  }
  const total = numberIn(reader.get(`SELECT count(*)${plan.from}`, plan.params));
  return { count: Math.min(Math.max(total - plan.skip, 0), plan.limit), mode: 'fast' };
}

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

/** The documents of these versions, all of which the snapshot holds; a pause after so many of them. */
export function* loadDocuments<RxDocType>(
  reader: Connection,
  { table, cache }: DocumentSource<RxDocType>,
  seqs: readonly number[],
): Steps<Documents<RxDocType>> {
  const documents: Documents<RxDocType> = [];
  for (let from = 0; from < seqs.length; from += documentsPerStep) {
    const end = Math.min(from + documentsPerStep, seqs.length);
    const missing: number[] = [];
    for (let at = from; at < end; at += 1) {
      const seq = seqs[at] ?? 0;
      const document = cache.get(seq) as RxDocumentData<RxDocType> | undefined;
      if (!document) missing.push(at);
      // A missing one's place is filled below.
      documents.push(document as RxDocumentData<RxDocType>);
    }
    if (missing.length > 0) {
      const rows = reader.all(table.sql.dataBySeqs, [JSON.stringify(missing.map((at) => seqs[at]))]);
      for (const [key, seq, data] of rows) {
        const json = String(data);
        const document = JSON.parse(json) as RxDocumentData<RxDocType>;
        cache.set(Number(seq), document, json.length);
        documents[missing[Number(key)] ?? 0] = document;
      }
    }
    yield;
  }
  return documents;
}
