import type { SQLInputValue } from 'node:sqlite';
import { columnValue, type ColumnTerm, type ColumnTerms } from './collection-layout.ts';

/**
 * A Mango selector as an SQL condition over the index columns.
 *
 * `sql` holds for every document the selector matches. `isExact` says that it holds for no other document, so the
 * matcher need not run. What has no column or no equal meaning in SQL becomes no condition and is left to the matcher.
 */
export interface SqlCondition {
  /** Empty: no condition. */
  readonly sql: string;
  readonly params: readonly SQLInputValue[];
  readonly isExact: boolean;
}

const unknownToSql: SqlCondition = { sql: '', params: [], isExact: false };
const always: SqlCondition = { sql: '', params: [], isExact: true };

const comparisons: Readonly<Record<string, string>> = {
  $eq: '=',
  $gt: '>',
  $gte: '>=',
  $lt: '<',
  $lte: '<=',
};

/** Longer lists travel as one JSON parameter, so that a statement's text does not depend on the list's length. */
const inlineListLimit = 16;

export function selectorCondition(terms: ColumnTerms, selector: unknown): SqlCondition {
  if (!isRecord(selector)) return unknownToSql;
  return allOf(Object.entries(selector).map(([key, value]) => entryCondition(terms, key, value)));
}

function entryCondition(terms: ColumnTerms, key: string, value: unknown): SqlCondition {
  if (key === '$and' && Array.isArray(value)) {
    return allOf(value.map((part) => selectorCondition(terms, part)));
  }
  if (key === '$or' && Array.isArray(value)) {
    return anyOf(value.map((part) => selectorCondition(terms, part)));
  }
  const column = terms.get(key);
  if (!column || !isRecord(value)) return unknownToSql;
  const operators = Object.entries(value);
  if (operators.length === 0) return unknownToSql;
  return allOf(operators.map(([operator, operand]) => operatorCondition(column, operator, operand)));
}

function operatorCondition(column: ColumnTerm, operator: string, operand: unknown): SqlCondition {
  if (operator === '$in' && Array.isArray(operand)) return listCondition(column, operand);
  const param = columnValue(column.kind, operand);
  if (param === null) return unknownToSql;
  // A document without the field satisfies $ne; in SQL that is IS NOT.
  if (operator === '$ne') return { sql: `${column.sql} IS NOT ?`, params: [param], isExact: true };
  const comparison = comparisons[operator];
  if (comparison === undefined) return unknownToSql;
  return { sql: `${column.sql} ${comparison} ?`, params: [param], isExact: true };
}

function listCondition(column: ColumnTerm, operands: readonly unknown[]): SqlCondition {
  const params = operands.map((operand) => columnValue(column.kind, operand));
  if (params.includes(null)) return unknownToSql;
  if (params.length === 0) return { sql: 'FALSE', params: [], isExact: true };
  if (params.length <= inlineListLimit) {
    return { sql: `${column.sql} IN (${params.map(() => '?').join(',')})`, params, isExact: true };
  }
  if (!params.every(survivesJson)) return unknownToSql;
  const json = JSON.stringify(params);
  return { sql: `${column.sql} IN (SELECT value FROM json_each(?))`, params: [json], isExact: true };
}

/** SQLite's JSON functions cut text at U+0000 and may round a fraction by its last bit. */
function survivesJson(param: SQLInputValue): boolean {
  return typeof param === 'string' ? !param.includes('\0') : Number.isSafeInteger(param);
}

function allOf(parts: readonly SqlCondition[]): SqlCondition {
  const [first] = parts;
  if (first && parts.length === 1) return first;
  const conditions = parts.filter((part) => part.sql !== '');
  return {
    sql: conditions.map((part) => part.sql).join(' AND '),
    params: conditions.flatMap((part) => part.params),
    isExact: parts.every((part) => part.isExact),
  };
}

function anyOf(parts: readonly SqlCondition[]): SqlCondition {
  if (parts.length === 0) return unknownToSql;
  // A branch without a condition may match anything, and then so may the whole.
  if (parts.some((part) => part.sql === '')) {
    return parts.some((part) => part.sql === '' && part.isExact) ? always : unknownToSql;
  }
  return {
    sql: `(${parts.map((part) => `(${part.sql})`).join(' OR ')})`,
    params: parts.flatMap((part) => part.params),
    isExact: parts.every((part) => part.isExact),
  };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
