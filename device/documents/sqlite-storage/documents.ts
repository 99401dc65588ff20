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
import { orderedKey } from './key-order.ts';
import { planQuery } from './query-plan.ts';
import { TimeSlice } from './time-slice.ts';

interface QuerySource<RxDocType> {
  readonly table: CollectionTable;
  readonly schema: Readonly<RxJsonSchema<RxDocumentData<RxDocType>>>;
}

type Documents<RxDocType> = RxDocumentData<RxDocType>[];

export async function findDocuments<RxDocType>(
  reader: Connection,
  { table, schema }: QuerySource<RxDocType>,
  { query }: PreparedQuery<RxDocType>,
): Promise<Documents<RxDocType>> {
  const plan = planQuery(table.name, table.layout, query);
  const end = plan.skip + plan.limit;
  const canSqlLimit = !plan.needsMatcher && !plan.needsSort;
  const sql = `SELECT data${plan.from}${plan.orderBy}${canSqlLimit ? ' LIMIT ? OFFSET ?' : ''}`;
  const params = canSqlLimit ? [...plan.params, end === Infinity ? -1 : plan.limit, plan.skip] : plan.params;
  const matches = plan.needsMatcher ? getQueryMatcher(schema, query) : undefined;

  const found: Documents<RxDocType> = [];
  const slice = new TimeSlice();
  const wanted = canSqlLimit || plan.needsSort ? Infinity : end;
  if (plan.limit === 0) return found;
  for (const [data] of reader.iterate(sql, params)) {
    const document = JSON.parse(String(data)) as RxDocumentData<RxDocType>;
    if (matches && !matches(document)) {
      if (slice.isSpent) await slice.pause();
      continue;
    }
    if (found.push(document) >= wanted) break;
    if (slice.isSpent) await slice.pause();
  }
  if (canSqlLimit) return found;
  if (plan.needsSort) found.sort(getSortComparator(schema, query) as (a: unknown, b: unknown) => number);
  return plan.skip === 0 && found.length <= plan.limit ? found : found.slice(plan.skip, end);
}

/** Counts inside SQLite when the selector is wholly an SQL condition ('fast'), by reading documents otherwise ('slow'). */
export async function countDocuments<RxDocType>(
  reader: Connection,
  source: QuerySource<RxDocType>,
  prepared: PreparedQuery<RxDocType>,
): Promise<RxStorageCountResult> {
  const plan = planQuery(source.table.name, source.table.layout, prepared.query);
  if (plan.needsMatcher) {
    return { count: (await findDocuments(reader, source, prepared)).length, mode: 'slow' };
  }
  const total = numberIn(reader.get(`SELECT count(*)${plan.from}`, plan.params));
  return { count: Math.min(Math.max(total - plan.skip, 0), plan.limit), mode: 'fast' };
}

/** In the order of `ids`; unknown ids are left out. */
export async function documentsById<RxDocType>(
  reader: Connection,
  { table }: QuerySource<RxDocType>,
  { ids, withDeleted }: { readonly ids: readonly string[]; readonly withDeleted: boolean },
): Promise<Documents<RxDocType>> {
  const found: Documents<RxDocType> = [];
  const slice = new TimeSlice();
  const sql = `SELECT data FROM ${quoted(table.name)} WHERE id = ?${withDeleted ? '' : ' AND "f._deleted" = 0'}`;
  for (const id of ids) {
    const row = reader.get(sql, [orderedKey(id)]);
    if (row) found.push(JSON.parse(String(row[0])) as RxDocumentData<RxDocType>);
    if (slice.isSpent) await slice.pause();
  }
  return found;
}
