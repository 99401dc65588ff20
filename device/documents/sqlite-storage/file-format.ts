import { randomUUID } from 'node:crypto';
import { lastResortPages } from './checkpoints.ts';
import { numberIn, type Connection } from './connection.ts';
import { storageError } from './errors.ts';

const formatVersion = 1;

/** What every connection to a file begins with. */
export const connectionSettings = `
  PRAGMA synchronous = NORMAL;
  PRAGMA temp_store = MEMORY;
  PRAGMA wal_autocheckpoint = ${lastResortPages};
`;

const baseTables = `
  CREATE TABLE IF NOT EXISTS file_state (
    only INTEGER PRIMARY KEY CHECK (only = 1),
    file_id TEXT NOT NULL,
    last_removed_seq INTEGER NOT NULL DEFAULT 0
  );
  CREATE TABLE IF NOT EXISTS collections (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    name TEXT NOT NULL,
    version INTEGER NOT NULL,
    table_name TEXT NOT NULL,
    layout TEXT NOT NULL,
    base_seq INTEGER NOT NULL,
    UNIQUE (name, version)
  );
  PRAGMA user_version = ${formatVersion};
`;

/**
 * Brings a new or existing file to the state every user expects and answers its id, which is made once for each file;
 * copies of a file share it. Safe to repeat and to run in several processes.
 */
export function prepareFile(writer: Connection, path: string): string {
  writer.exec(connectionSettings);
  // Takes effect only on an empty file; lets cleanup give pages back to the file system.
  writer.exec('PRAGMA auto_vacuum = INCREMENTAL');
  writer.exec('PRAGMA journal_mode = WAL');
  const version = numberIn(writer.get('PRAGMA user_version'));
  if (version > formatVersion) {
    throw storageError(
      'STORAGE_FORMAT',
      `${path}: written by a newer version of this storage (format ${version}, this one reads ${formatVersion}). Update the program.`,
    );
  }
  if (version < formatVersion) createBaseTables(writer);
  return String(writer.get('SELECT file_id FROM file_state')?.[0]);
}

function createBaseTables(writer: Connection): void {
  writer.exec('BEGIN IMMEDIATE');
  try {
    writer.exec(baseTables);
    writer.run('INSERT OR IGNORE INTO file_state (only, file_id) VALUES (1, ?)', [randomUUID()]);
    writer.exec('COMMIT');
  } catch (error) {
    writer.rollBack();
    throw error;
  }
}
