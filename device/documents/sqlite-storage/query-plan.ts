import type { SQLInputValue } from 'node:sqlite';
import type { FilledMangoQuery } from 'rxdb';
import { columnOf, indexName, quoted, type CollectionLayout } from './collection-layout.ts';
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

export function planQuery(table: string, layout: CollectionLayout, query: AnyQuery): QueryPlan {
  const condition = selectorCondition(layout, query.selector);
  const order = orderTerms(layout, query.sort);
  const where = condition.sql === '' ? '' : ` WHERE ${condition.sql}`;
  return {
    from: ` FROM ${quoted(table)}${indexHint(table, layout, query.index)}${where}`,
    orderBy: order ? ` ORDER BY ${order.join(', ')}` : '',
    params: condition.params,
    needsMatcher: !condition.isExact,
    needsSort: !order,
    skip: query.skip ?? 0,
    limit: query.limit ?? Infinity,
  };
}

/** A query that names an index gets that index; otherwise SQLite's planner chooses among all of them. */
function indexHint(table: string, layout: CollectionLayout, index: readonly string[] | undefined): string {
  if (!index) return '';
  const wanted = index.join(',');
  const found = layout.indexes.find((candidate) => candidate.join(',') === wanted);
  return found ? ` INDEXED BY ${quoted(indexName(table, found))}` : '';
}

/** ORDER BY terms, or undefined when a sort field has no column. Nothing after the primary key can matter. */
function orderTerms(
  layout: CollectionLayout,
  sort: readonly Readonly<Record<string, string>>[],
): string[] | undefined {
  const terms: string[] = [];
  for (const part of sort) {
    for (const [path, direction] of Object.entries(part)) {
      const column = columnOf(layout, path);
      if (!column) return undefined;
      terms.push(`${column.sql} ${direction === 'desc' ? 'DESC' : 'ASC'}`);
      if (path === layout.primaryPath) return terms;
    }
  }
  return terms;
}
