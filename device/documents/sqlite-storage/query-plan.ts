import type { SQLInputValue } from 'node:sqlite';
import type { FilledMangoQuery } from 'rxdb';
import { indexName, quoted } from './collection-layout.ts';
import type { CollectionTable } from './collection-table.ts';
import { selectorCondition } from './selector-sql.ts';

/** How a Mango query runs: which rows SQLite returns in which order, and what is left for JavaScript. */
export interface QueryPlan {
  /** Everything after `SELECT ...`. */
  readonly from: string;
  readonly orderBy: string;
  readonly params: readonly SQLInputValue[];
  /** The rows still have to pass RxDB's matcher. */
  readonly needsMatcher: boolean;
  /** The rows come unsorted and have to be sorted by RxDB's comparator. */
  readonly needsSort: boolean;
  readonly skip: number;
  /** Infinity without a limit. */
  readonly limit: number;
}

/** RxDB fills `skip` in; the queries of its storage suite come without. */
type AnyQuery = Pick<FilledMangoQuery<unknown>, 'selector' | 'sort' | 'limit' | 'index'> & {
  readonly skip?: number;
};

/** What a plan needs to know of a table. */
type PlannedTable = Pick<CollectionTable, 'name' | 'layout' | 'terms'>;

export function planQuery(table: PlannedTable, query: AnyQuery): QueryPlan {
  const condition = selectorCondition(table.terms, query.selector);
  const order = orderTerms(table, query.sort);
  const where = condition.sql === '' ? '' : ` WHERE ${condition.sql}`;
  return {
    from: ` FROM ${quoted(table.name)}${indexHint(table, query.index)}${where}`,
    orderBy: order ? ` ORDER BY ${order.join(', ')}` : '',
    params: condition.params,
    needsMatcher: !condition.isExact,
    needsSort: !order,
    skip: query.skip ?? 0,
    limit: query.limit ?? Infinity,
  };
}

/** A query that names an index gets that index; otherwise SQLite's planner chooses among all of them. */
function indexHint({ name, layout }: PlannedTable, index: readonly string[] | undefined): string {
  if (!index) return '';
  const wanted = index.join(',');
  const found = layout.indexes.find((candidate) => candidate.join(',') === wanted);
  return found ? ` INDEXED BY ${quoted(indexName(name, found))}` : '';
}

/** ORDER BY terms, or undefined when a sort field has no column. Nothing after the primary key can matter. */
function orderTerms(
  { layout, terms: columns }: PlannedTable,
  sort: readonly Readonly<Record<string, string>>[],
): string[] | undefined {
  const terms: string[] = [];
  for (const part of sort) {
    for (const [path, direction] of Object.entries(part)) {
      const column = columns.get(path);
      if (!column) return undefined;
      terms.push(`${column.sql} ${direction === 'desc' ? 'DESC' : 'ASC'}`);
      if (path === layout.primaryPath) return terms;
    }
  }
  return terms;
}
