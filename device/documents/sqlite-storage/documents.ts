import {
  getQueryMatcher,
  getSortComparator,
  type PreparedQuery,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorageCountResult,
} from 'rxdb';
import { quoted } from './collection-layout.ts';
import type { CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import { numberIn } from './database-file.ts';
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
      yield;
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
    const lookup = lookupById(source.table, ids.slice(at, at + idsPerStep));
    for (const params of lookup.params) {
      for (const seq of reader.numbers(`SELECT t.seq ${lookup.from}`, params)) seqs.push(seq);
    }
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
    const lookup = lookupById(table, ids.slice(at, at + idsPerStep));
    for (const params of lookup.params) {
      for (const [key, seq, rev] of connection.all(`SELECT t.id, t.seq, t.rev ${lookup.from}`, params)) {
        found.set(idByKey.get(String(key)) ?? '', { seq: Number(seq), rev: String(rev) });
      }
    }
    yield;
  }
  return found;
}

interface IdLookup {
  readonly from: string;
  /** The statement runs once for each. */
  readonly params: readonly (readonly [string])[];
}

/** Many ids travel as one JSON parameter. */
function lookupById(table: CollectionTable, ids: readonly string[]): IdLookup {
  const name = quoted(table.name);
  const keys = ids.map(orderedKey);
  // SQLite's JSON functions cut text at U+0000.
  if (keys.length < 3 || keys.some((key) => key.includes('\0'))) {
    return { from: `FROM ${name} AS t WHERE t.id = ?`, params: keys.map((key) => [key]) };
  }
  return {
    from: `FROM json_each(?) AS wanted CROSS JOIN ${name} AS t ON t.id = wanted.value`,
    params: [[JSON.stringify(keys)]],
  };
}

/** The documents of these versions, all of which the snapshot holds. */
export function* loadDocuments<RxDocType>(
  reader: Connection,
  { table, cache }: DocumentSource<RxDocType>,
  seqs: readonly number[],
): Steps<Documents<RxDocType>> {
  const documents = seqs.map((seq) => cache.get(seq) as RxDocumentData<RxDocType>);
  const missing: number[] = [];
  documents.forEach((document: unknown, at) => document ?? missing.push(at));
  for (let from = 0; from < missing.length; from += documentsPerStep) {
    const wanted = missing.slice(from, from + documentsPerStep);
    const rows = reader.all(
      `SELECT j.key, t.seq, t.data FROM json_each(?) AS j CROSS JOIN ${quoted(table.name)} AS t ON t.seq = j.value`,
      [JSON.stringify(wanted.map((at) => seqs[at]))],
    );
    for (const [key, seq, data] of rows) {
      const json = String(data);
      const document = JSON.parse(json) as RxDocumentData<RxDocType>;
      cache.set(Number(seq), document, json.length);
      documents[wanted[Number(key)] ?? 0] = document;
    }
    yield;
  }
  return documents;
}
