import {
  getQueryMatcher,
  getSortComparator,
  type PreparedQuery,
  type RxDocumentData,
  type RxStorageCountResult,
  type RxStorageQueryResult,
} from 'rxdb';
import { numberIn, type Connection } from './connection.ts';
import { loadDocuments, type DocumentSource } from './documents.ts';
import { planQuery, type QueryPlan } from './query-plan.ts';
import type { Steps } from './steps.ts';

/** Rows one statement names, and rows the matcher sees at once: no step holds the event loop for long. */
const seqsPerPage = 10_000;
const matchedPerStep = 100;

export function* findDocuments<RxDocType>(
  reader: Connection,
  source: DocumentSource<RxDocType>,
  { query }: PreparedQuery<RxDocType>,
): Steps<RxStorageQueryResult<RxDocType>> {
  const plan = planQuery(source.table, query);
  const matches = plan.needsMatcher ? getQueryMatcher(source.schema, query) : undefined;
  const isLimitedBySql = !plan.needsMatcher && !plan.needsSort;
  const wanted = plan.needsSort ? Infinity : isLimitedBySql ? plan.limit : plan.skip + plan.limit;
  const found: RxDocumentData<RxDocType>[] = [];

  for (const page of pagesOf(plan, { wanted, isLimitedBySql })) {
    const seqs = reader.numbers(page.sql, page.params);
    if (matches) yield* loadMatching(reader, source, { seqs, matches, wanted, found });
    else yield* loadDocuments(reader, source, seqs, found);
    if (seqs.length < page.size || found.length >= wanted) break;
  }
  if (isLimitedBySql) return { documents: found };
  if (plan.needsSort) found.sort(getSortComparator(source.schema, query));
  return { documents: found.slice(plan.skip, plan.skip + plan.limit) };
}

/** Adds to `found` what matches, until that is as much as is wanted. */
function* loadMatching<RxDocType>(
  reader: Connection,
  source: DocumentSource<RxDocType>,
  { seqs, matches, wanted, found }: Matching<RxDocType>,
): Steps<void> {
  for (let at = 0; at < seqs.length && found.length < wanted; at += matchedPerStep) {
    const documents = yield* loadDocuments(reader, source, seqs.slice(at, at + matchedPerStep));
    for (const document of documents) if (matches(document)) found.push(document);
  }
}

interface Matching<RxDocType> {
  readonly seqs: readonly number[];
  readonly matches: (document: RxDocumentData<RxDocType>) => boolean;
  readonly wanted: number;
  readonly found: RxDocumentData<RxDocType>[];
}

interface Page {
  readonly sql: string;
  readonly params: QueryPlan['params'];
  /** A page with fewer rows is the last. */
  readonly size: number;
}

/** Statements that together name all rows of a plan, in order; the reader's snapshot keeps them consistent. */
function* pagesOf(
  plan: QueryPlan,
  { wanted, isLimitedBySql }: { readonly wanted: number; readonly isLimitedBySql: boolean },
): Generator<Page> {
  const sql = `SELECT seq${plan.from}${plan.orderBy} LIMIT ? OFFSET ?`;
  const firstRow = isLimitedBySql ? plan.skip : 0;
  // With a matcher, how many rows it takes is unknown: begin small, grow.
  let size = isLimitedBySql ? seqsPerPage : Math.min(seqsPerPage, Math.max(2 * wanted, matchedPerStep));
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
  const plan = planQuery(source.table, prepared.query);
  if (plan.needsMatcher) {
    const { documents } = yield* findDocuments(reader, source, prepared);
    return { count: documents.length, mode: 'slow' };
  }
  const total = numberIn(reader.get(`SELECT count(*)${plan.from}`, plan.params));
  return { count: Math.min(Math.max(total - plan.skip, 0), plan.limit), mode: 'fast' };
}
