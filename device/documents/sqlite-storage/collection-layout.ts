import { getPrimaryFieldOfPrimaryKey, getSchemaByObjectPath } from 'rxdb';
import type { RxDocumentData, RxJsonSchema } from 'rxdb';
import type { SQLInputValue } from 'node:sqlite';
import { orderedKey } from './key-order.ts';

/** How a document's field is kept in its index column. */
export type ColumnKind = 'text' | 'number' | 'boolean';

interface IndexColumn {
  /** Path in the document, such as `deep.name` or `_meta.lwt`. */
  readonly path: string;
  /** Column name in the table. */
  readonly name: string;
  readonly kind: ColumnKind;
}

/** What a collection's table looks like: derived from the schema alone, stored beside the table, compared on open. */
export interface CollectionLayout {
  readonly primaryPath: string;
  /** The columns beside `seq`, `id`, `rev` and `data`; always holds `_deleted` and `_meta.lwt`. */
  readonly columns: readonly IndexColumn[];
  /**
   * Paths of each index, the primary key included. RxDB's index over write time is left out: it only serves the order
   * of changes, which goes by `seq` here.
   */
  readonly indexes: readonly (readonly string[])[];
}

export type AnySchema = RxJsonSchema<RxDocumentData<unknown>>;

const alwaysIndexed = ['_deleted', '_meta.lwt'];

export function layoutOf(schema: Readonly<AnySchema>): CollectionLayout {
  const primaryPath: string = getPrimaryFieldOfPrimaryKey(schema.primaryKey);
  const indexes = (schema.indexes ?? [])
    .map((index) => (typeof index === 'string' ? [index] : [...index]))
    .filter((index) => index[0] !== '_meta.lwt');
  const paths = new Set([...alwaysIndexed, ...indexes.flat()]);
  paths.delete(primaryPath);
  const columns = [...paths].map((path) => ({
    path,
    name: `f.${caseMarked(path)}`,
    kind: kindOf(schema, path),
  }));
  return { primaryPath, columns, indexes };
}

/** SQLite's names ignore case and a document's fields do not, so capitals are marked. */
function caseMarked(path: string): string {
  return path.replaceAll(/[A-Z^]/g, (capital) => `^${capital}`);
}

function kindOf(schema: Readonly<AnySchema>, path: string): ColumnKind {
  const { type } = getSchemaByObjectPath(schema, path) as { readonly type?: unknown };
  if (type === 'boolean') return 'boolean';
  if (type === 'number' || type === 'integer') return 'number';
  return 'text';
}

/** Quotes an SQL identifier. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** What SQL calls the fields that have a column, by their path. */
export type ColumnTerms = ReadonlyMap<string, ColumnTerm>;

export interface ColumnTerm {
  /** The quoted column. */
  readonly sql: string;
  readonly kind: ColumnKind;
}

export function columnTermsOf({ columns, primaryPath }: CollectionLayout): ColumnTerms {
  const terms = new Map<string, ColumnTerm>([[primaryPath, { sql: 'id', kind: 'text' }]]);
  for (const { path, name, kind } of columns) terms.set(path, { sql: quoted(name), kind });
  return terms;
}

export function indexName(table: string, index: readonly string[]): string {
  return `${table}:${index.map(caseMarked).join(',')}`;
}

/**
 * A value as its column stores it, or null when it is not of the column's kind. The schema promises the kind, so null
 * stands for an absent optional field.
 */
export function columnValue(kind: ColumnKind, value: unknown): SQLInputValue {
  switch (kind) {
    case 'text':
      return typeof value === 'string' ? orderedKey(value) : null;
    case 'number':
      return typeof value === 'number' && Number.isFinite(value) ? value : null;
    case 'boolean':
      return typeof value === 'boolean' ? Number(value) : null;
    default:
      return kind satisfies never;
  }
}

/** Reads the values of all index columns out of a document, in the layout's order, and appends them to a row. */
export function columnReader(
  layout: CollectionLayout,
): (document: object, row: SQLInputValue[]) => SQLInputValue[] {
  const columns = layout.columns.map(({ path, kind }) => ({ steps: path.split('.'), kind }));
  return (document, row) => {
    for (const { steps, kind } of columns) {
      let value: unknown = document;
      for (const step of steps) value = fieldOf(value, step);
      row.push(columnValue(kind, value));
    }
    return row;
  };
}

function fieldOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
