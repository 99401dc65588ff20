/** The journal's tables, and the one way to open the file with the durability the ledger promises. */
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const FORMAT = 1;

const CREATE = `
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE entry (
  seq    INTEGER PRIMARY KEY,
  id     TEXT    NOT NULL UNIQUE,
  epoch  INTEGER NOT NULL,
  feed   TEXT    NOT NULL,
  key    TEXT,
  t      INTEGER NOT NULL,
  sku    TEXT,
  source TEXT,
  corrects TEXT,
  body   TEXT    NOT NULL,
  hash   BLOB    NOT NULL
) STRICT;
CREATE UNIQUE INDEX entry_feed_key ON entry (feed, key) WHERE key IS NOT NULL;
CREATE INDEX entry_t ON entry (t);
CREATE INDEX entry_sku_t ON entry (sku, t, seq);
CREATE INDEX entry_corrects ON entry (corrects) WHERE corrects IS NOT NULL;
PRAGMA user_version = ${FORMAT};
`;

export class LedgerFormatError extends Error {
  readonly code = 'E_LEDGER_FORMAT';
}

/**
 * WAL with `synchronous=FULL`: a commit returns after the journal's bytes are on disk
 * (https://www.sqlite.org/pragma.html#pragma_synchronous), so what was acknowledged survives a power cut.
 */
export function openJournalFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  const db = new DatabaseSync(path, { timeout: 5000 });
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;');
  const format = Number(db.prepare('PRAGMA user_version').get()?.['user_version'] ?? 0);
  if (format === FORMAT) return db;
  if (format === 0) {
    db.exec(`BEGIN IMMEDIATE; ${CREATE} COMMIT;`);
    return db;
  }
  db.close();
  throw new LedgerFormatError(
    `${path} has ledger format ${format}, this version writes ${FORMAT}; start the version of truecount that made it`,
  );
}

export function readMeta(db: DatabaseSync, key: string): string | undefined {
  const row = db.prepare('SELECT value FROM meta WHERE key = ?').get(key);
  return row === undefined ? undefined : String(row['value']);
}

export function writeMeta(db: DatabaseSync, key: string, value: string): void {
  db.prepare(
    'INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  ).run(key, value);
}
