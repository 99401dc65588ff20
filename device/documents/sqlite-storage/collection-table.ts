import type { SQLInputValue } from 'node:sqlite';
import {
  columnReader,
  layoutOf,
  quoted,
  type AnySchema,
  type CollectionLayout,
} from './collection-layout.ts';
import type { Connection } from './connection.ts';
import { numberIn, type DatabaseFile } from './database-file.ts';
import { indexName } from './query-plan.ts';
import { TimeSlice } from './time-slice.ts';

/**
 * The tables of one collection at one schema version.
 *
 * `seq` numbers the writes of the file in commit order and is what change checkpoints count by. It never runs
 * backwards: a table starts above every number given out before, and purging tombstones remembers the highest.
 */
export interface CollectionTable {
  readonly number: number;
  readonly name: string;
  readonly attachments: string;
  readonly layout: CollectionLayout;
}

export interface CollectionIdentity {
  readonly collectionName: string;
  readonly version: number;
}

/** Finds or creates the tables; when an RxDB upgrade or a changed schema asks for other indexes, rebuilds those. */
export function openCollectionTable(
  file: DatabaseFile,
  identity: CollectionIdentity,
  schema: Readonly<AnySchema>,
): Promise<CollectionTable> {
  const layout = layoutOf(schema);
  return file.write(async (writer) => {
    const found = writer.get(
      'SELECT number, table_name, layout FROM collections WHERE name = ? AND version = ?',
      [identity.collectionName, identity.version],
    );
    if (!found) return createTables(writer, identity, layout);
    const [number, name, stored] = found;
    const table = tableOf(Number(number), String(name), layout);
    if (stored !== JSON.stringify(layout)) await adoptLayout(writer, table, String(stored));
    return table;
  });
}

function tableOf(number: number, name: string, layout: CollectionLayout): CollectionTable {
  return { number, name, attachments: `${name}:attachments`, layout };
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
      seq INTEGER NOT NULL, id TEXT NOT NULL UNIQUE, rev TEXT NOT NULL, data TEXT NOT NULL${columns});
    CREATE INDEX ${quoted(`${table.name}:seq`)} ON ${quoted(table.name)} (seq);
    CREATE TABLE ${quoted(table.attachments)} (
      id TEXT NOT NULL, attachment TEXT NOT NULL, part INTEGER NOT NULL, digest TEXT NOT NULL, bytes BLOB NOT NULL,
      PRIMARY KEY (id, attachment, part));
  `);
  createIndexes(writer, table, layout.indexes);
  return table;
}

function createIndexes(
  writer: Connection,
  table: CollectionTable,
  indexes: CollectionLayout['indexes'],
): void {
  for (const index of indexes) {
    const columns = index.map((path) => quotedColumn(table.layout, path)).join(', ');
    writer.exec(
      `CREATE INDEX IF NOT EXISTS ${quoted(indexName(table.name, index))} ON ${quoted(table.name)} (${columns})`,
    );
  }
}

function quotedColumn(layout: CollectionLayout, path: string): string {
  if (path === layout.primaryPath) return 'id';
  const column = layout.columns.find((candidate) => candidate.path === path);
  if (!column) throw new Error(`index path ${path} has no column`);
  return quoted(column.name);
}

async function adoptLayout(writer: Connection, table: CollectionTable, storedLayout: string): Promise<void> {
  const stored = JSON.parse(storedLayout) as CollectionLayout;
  const name = quoted(table.name);
  for (const index of stored.indexes) {
    writer.exec(`DROP INDEX IF EXISTS ${quoted(indexName(table.name, index))}`);
  }
  const storedColumns = new Set(stored.columns.map((column) => column.name));
  for (const column of table.layout.columns) {
    if (!storedColumns.has(column.name)) writer.exec(`ALTER TABLE ${name} ADD COLUMN ${quoted(column.name)}`);
  }
  await refillColumns(writer, table);
  createIndexes(writer, table, table.layout.indexes);
  const kept = new Set(table.layout.columns.map((column) => column.name));
  for (const column of stored.columns) {
    if (!kept.has(column.name)) writer.exec(`ALTER TABLE ${name} DROP COLUMN ${quoted(column.name)}`);
  }
  writer.run('UPDATE collections SET layout = ? WHERE number = ?', [
    JSON.stringify(table.layout),
    table.number,
  ]);
}

async function refillColumns(writer: Connection, table: CollectionTable): Promise<void> {
  const slice = new TimeSlice();
  const read = columnReader(table.layout);
  const name = quoted(table.name);
  const assignments = table.layout.columns.map((column) => `${quoted(column.name)} = ?`).join(', ');
  const update = `UPDATE ${name} SET ${assignments} WHERE rowid = ?`;
  const next = `SELECT rowid, data FROM ${name} WHERE rowid > ? ORDER BY rowid LIMIT 1`;
  for (let row = writer.get(next, [0]); row; row = writer.get(next, [Number(row[0])])) {
    const params: SQLInputValue[] = read(JSON.parse(String(row[1])) as object);
    writer.run(update, [...params, Number(row[0])]);
    if (slice.isSpent) await slice.pause();
  }
}

export function dropCollectionTable(writer: Connection, table: CollectionTable): void {
  writer.run('UPDATE file_state SET last_removed_seq = max(last_removed_seq, ?)', [
    highestSeq(writer, table),
  ]);
  writer.exec(
    `DROP TABLE IF EXISTS ${quoted(table.name)}; DROP TABLE IF EXISTS ${quoted(table.attachments)};`,
  );
  writer.run('DELETE FROM collections WHERE number = ?', [table.number]);
}

/** The highest sequence number this collection has given out, purged documents included. */
export function highestSeq(connection: Connection, table: CollectionTable): number {
  return numberIn(
    connection.get(
      `SELECT max(base_seq, coalesce((SELECT max(seq) FROM ${quoted(table.name)}), 0)) FROM collections WHERE number = ?`,
      [table.number],
    ),
  );
}

function highestSeqOfFile(writer: Connection): number {
  let highest = numberIn(writer.get('SELECT last_removed_seq FROM file_state'));
  for (const [number, name] of writer.all('SELECT number, table_name FROM collections')) {
    const table = { number: Number(number), name: String(name) } as CollectionTable;
    highest = Math.max(highest, highestSeq(writer, table));
  }
  return highest;
}
