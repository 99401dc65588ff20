import { randomUUID } from 'node:crypto';
import { retryWhileBusy } from './busy-retry.ts';
import { Connection, type Row } from './connection.ts';
import { DurableLog } from './durable-log.ts';
import { storageError } from './errors.ts';

/**
 * One SQLite file, shared by all collections of a database in this process.
 *
 * One connection writes, one transaction at a time; up to `readerLimit` connections read, each from its own snapshot,
 * so a long query or a long bulk may give the event loop a turn without a reader seeing half of a bulk. Other
 * processes open the same file the same way; SQLite's locks order the writers.
 *
 * Invariants: a transaction either commits whole or leaves nothing; a connection serves one caller at a time; the file
 * closes when its last user has released it.
 */

const formatVersion = 1;
const readerLimit = 4;

const prologue = `
  PRAGMA synchronous = NORMAL;
  PRAGMA foreign_keys = OFF;
  PRAGMA temp_store = MEMORY;
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

export interface DatabaseFileOptions {
  readonly path: string;
  readonly busyTimeoutMs: number;
}

export class DatabaseFile {
  readonly path: string;
  readonly fileId: string;
  readonly #busyTimeoutMs: number;
  readonly #writer: Connection;
  readonly #log: DurableLog;
  readonly #idleReaders: Connection[] = [];
  readonly #waitingReads: ((reader: Connection) => void)[] = [];
  #readerCount = 0;
  #lastWrite: Promise<unknown> = Promise.resolve();

  private constructor(options: DatabaseFileOptions, writer: Connection, fileId: string) {
    this.path = options.path;
    this.fileId = fileId;
    this.#busyTimeoutMs = options.busyTimeoutMs;
    this.#writer = writer;
    this.#log = new DurableLog(`${options.path}-wal`);
  }

  static async open(options: DatabaseFileOptions): Promise<DatabaseFile> {
    const writer = new Connection(options.path);
    try {
      const fileId = await retryWhileBusy(`open ${options.path}`, options.busyTimeoutMs, () =>
        prepareFile(writer, options.path),
      );
      return new DatabaseFile(options, writer, fileId);
    } catch (error) {
      writer.close();
      throw error;
    }
  }

  /** Runs `work` in one write transaction. What `work` returns is returned after the commit. */
  async write<Result>(
    work: (writer: Connection) => Promise<Result> | Result,
    afterCommit?: (result: Result) => void,
  ): Promise<Result> {
    const turn = this.#lastWrite.then(() => this.#transaction(work, afterCommit));
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  /** Everything written so far survives a power cut once this resolves. */
  flush(): Promise<void> {
    return this.#log.flush();
  }

  /** Lends a reader whose statements see all writes committed in this process so far. */
  async read<Result>(work: (reader: Connection) => Promise<Result> | Result): Promise<Result> {
    const reader = this.#idleReaders.pop() ?? (await this.#anotherReader());
    try {
      return await retryWhileBusy(`read ${this.path}`, this.#busyTimeoutMs, () => work(reader));
    } finally {
      this.#handBack(reader);
    }
  }

  async close(): Promise<void> {
    await this.#lastWrite;
    await this.#log.close();
    for (const reader of this.#idleReaders.splice(0)) reader.close();
    this.#writer.close();
  }

  async #transaction<Result>(
    work: (writer: Connection) => Promise<Result> | Result,
    afterCommit: ((result: Result) => void) | undefined,
  ): Promise<Result> {
    const writer = this.#writer;
    await retryWhileBusy(`write ${this.path}`, this.#busyTimeoutMs, () => writer.run('BEGIN IMMEDIATE'));
    let result: Result;
    try {
      result = await work(writer);
      await retryWhileBusy(`commit ${this.path}`, this.#busyTimeoutMs, () => writer.run('COMMIT'));
    } catch (error) {
      rollBack(writer);
      throw error;
    }
    afterCommit?.(result);
    return result;
  }

  #anotherReader(): Promise<Connection> | Connection {
    if (this.#readerCount >= readerLimit) {
      return new Promise((resolve) => this.#waitingReads.push(resolve));
    }
    this.#readerCount += 1;
    try {
      const reader = new Connection(this.path);
      reader.exec(prologue);
      return reader;
    } catch (error) {
      this.#readerCount -= 1;
      throw error;
    }
  }

  #handBack(reader: Connection): void {
    const waiting = this.#waitingReads.shift();
    if (waiting) waiting(reader);
    else this.#idleReaders.push(reader);
  }
}

/** Brings a new or existing file to the state every user expects; safe to repeat and to run in several processes. */
function prepareFile(writer: Connection, path: string): string {
  writer.exec(prologue);
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
    rollBack(writer);
    throw error;
  }
}

function rollBack(writer: Connection): void {
  try {
    writer.exec('ROLLBACK');
  } catch {
    // SQLite has already rolled back (disk full, I/O error); the original error is the one to report.
  }
}

export function numberIn(row: Row | undefined): number {
  const value = row?.[0];
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;
}
