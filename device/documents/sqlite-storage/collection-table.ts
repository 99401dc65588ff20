import type { SQLInputValue } from 'node:sqlite';
import {
  columnReader,
  columnTermsOf,
  indexName,
  layoutOf,
  quoted,
  type AnySchema,
  type CollectionLayout,
  type ColumnTerms,
} from './collection-layout.ts';
import { numberIn, type Connection } from './connection.ts';
import type { DatabaseFile } from './database-file.ts';
import type { Steps } from './steps.ts';
import { tableSql, type TableSql } from './table-sql.ts';

/**
 * The tables of one collection at one schema version.
 *
 * `seq`, the row's key, numbers the writes of the file in commit order: a write gives the document a new one. Change
 * checkpoints count by it and the document cache is keyed by it. It never runs backwards and is never given out twice:
 * a table starts above every number before it, and purging tombstones remembers the highest.
 */
export interface CollectionTable {
  readonly number: number;
  readonly name: string;
  readonly attachments: string;
  readonly layout: CollectionLayout;
  readonly terms: ColumnTerms;
  readonly sql: TableSql;
  /** Appends the values of a document's index columns to a row, in the layout's order. */
  readonly addColumns: (document: object, row: SQLInputValue[]) => SQLInputValue[];
}

export interface CollectionIdentity {
  readonly collectionName: string;
  readonly version: number;
}

/** Finds or creates the tables; when an RxDB upgrade or a changed schema asks for other indexes, rebuilds those. */
export async function openCollectionTable(
  file: DatabaseFile,
  identity: CollectionIdentity,
  schema: Readonly<AnySchema>,
): Promise<CollectionTable> {
  const layout = layoutOf(schema);
  const table = await file.write(function* open(writer) {
    const found = writer.get(
      'SELECT number, table_name, layout FROM collections WHERE name = ? AND version = ?',
      [identity.collectionName, identity.version],
    );
    if (!found) return createTables(writer, identity, layout);
    const [number, name, stored] = found;
    const table = tableOf(Number(number), String(name), layout);
    if (stored !== JSON.stringify(layout)) yield* adoptLayout(writer, table, String(stored));
    return table;
  });
  file.readers.prepareAhead(table.sql.seqById);
  return table;
}

function tableOf(number: number, name: string, layout: CollectionLayout): CollectionTable {
  return {
    number,
    name,
    attachments: `${name}:attachments`,
    layout,
    terms: columnTermsOf(layout),
    sql: tableSql(name, layout),
    addColumns: columnReader(layout),
  };
}

function createTables(
  writer: Connection,
  { collectionName, version }: CollectionIdentity,
  layout: CollectionLayout,
): CollectionTable {
  const baseSeq = highestSeqOfFile(writer);
  writer.run(
    `INSERT INTO collections (name, version, table_name, layout, base_seq) VALUES (?, ?, '', ?, ?)`,
    [collectionName, version, JSON.stringify(layout), baseSeq],
  );
  const number = numberIn(writer.get('SELECT last_insert_rowid()'));
  // The number makes it unique, the collection's name makes it readable.
  const table = tableOf(number, `${collectionName}-${version}#${number}`, layout);
  writer.run('UPDATE collections SET table_name = ? WHERE number = ?', [table.name, number]);
  const columns = layout.columns.map(({ name }) => `, ${quoted(name)}`).join('');
  writer.exec(`
    CREATE TABLE ${quoted(table.name)} (
      seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, rev TEXT NOT NULL, data TEXT NOT NULL${columns});
    CREATE TABLE ${quoted(table.attachments)} (
      id TEXT NOT NULL, attachment TEXT NOT NULL, part INTEGER NOT NULL, digest TEXT NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (id, attachment, part));
  `);
  createIndexes(writer, table);
  return table;
}

function createIndexes(writer: Connection, { name, layout, terms }: CollectionTable): void {
  for (const index of layout.indexes) {
    const columns = index.map((path) => terms.get(path)?.sql).join(', ');
    writer.exec(
      `CREATE INDEX IF NOT EXISTS ${quoted(indexName(name, index))} ON ${quoted(name)} (${columns})`,
    );
  }
}

function* adoptLayout(writer: Connection, table: CollectionTable, storedLayout: string): Steps<void> {
  const stored = JSON.parse(storedLayout) as CollectionLayout;
  const name = quoted(table.name);
  for (const index of stored.indexes) {
    writer.exec(`DROP INDEX IF EXISTS ${quoted(indexName(table.name, index))}`);
  }
  // The kind of a column may have changed with its name unchanged, so all columns are made anew.
  for (const column of stored.columns) writer.exec(`ALTER TABLE ${name} DROP COLUMN ${quoted(column.name)}`);
  for (const column of table.layout.columns) {
    writer.exec(`ALTER TABLE ${name} ADD COLUMN ${quoted(column.name)}`);
  }
  yield* refillColumns(writer, table);
  createIndexes(writer, table);
  writer.run('UPDATE collections SET layout = ? WHERE number = ?', [
    JSON.stringify(table.layout),
    table.number,
  ]);
}

function* refillColumns(writer: Connection, table: CollectionTable): Steps<void> {
  const name = quoted(table.name);
  const assignments = table.layout.columns.map((column) => `${quoted(column.name)} = ?`).join(', ');
  const update = `UPDATE ${name} SET ${assignments} WHERE seq = ?`;
  const next = `SELECT seq, data FROM ${name} WHERE seq > ? ORDER BY seq LIMIT 1`;
  for (let row = writer.get(next, [0]); row; row = writer.get(next, [Number(row[0])])) {
    writer.run(update, [...table.addColumns(JSON.parse(String(row[1])) as object, []), Number(row[0])]);
    yield;
  }
}

export function* dropCollectionTable(writer: Connection, table: CollectionTable): Steps<void> {
  writer.run('UPDATE file_state SET last_removed_seq = max(last_removed_seq, ?)', [
    highestSeq(writer, table),
  ]);
  for (const name of [table.name, table.attachments]) {
    writer.exec(`DROP TABLE IF EXISTS ${quoted(name)}`);
    yield;
  }
  writer.run('DELETE FROM collections WHERE number = ?', [table.number]);
}

/** The highest sequence number this collection has given out, purged documents included. */
export function highestSeq(connection: Connection, { sql, number }: CollectionTable): number {
  return numberIn(connection.get(sql.highestSeq, [number]));
}

function highestSeqOfFile(writer: Connection): number {
  let highest = numberIn(writer.get('SELECT last_removed_seq FROM file_state'));
  for (const [name, baseSeq] of writer.all('SELECT table_name, base_seq FROM collections')) {
    const inTable = writer.get(`SELECT max(seq) FROM ${quoted(String(name))}`);
    highest = Math.max(highest, Number(baseSeq), numberIn(inTable));
  }
  return highest;
}
