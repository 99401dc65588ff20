import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { retryWhileBusy } from './busy-retry.ts';
import { lastResortPages, LogSize, type Checkpoints, type LogGrowth } from './checkpoints.ts';
import { Connection, type Row } from './connection.ts';
import { DurableLog } from './durable-log.ts';
import { isBusy, storageError } from './errors.ts';
import { retryWhileFull } from './full-disk.ts';
import { runInSlices, type Steps } from './steps.ts';

/**
 * One SQLite file, shared by all collections of a database in this process.
 *
 * One connection writes, one transaction at a time; up to `readerLimit` connections read, each from its own snapshot,
 * so a long query or a long bulk gives the event loop its turns and no reader sees half of a bulk. Other processes open
 * the same file the same way; SQLite's locks order the writers.
 *
 * A turn of the event loop sees one commit at most: whoever wrote has its answer before the next change is heard of, and
 * a queue of small writes does not starve the loop.
 *
 * While the disk is full writes wait (see full-disk.ts); closing ends that wait.
 *
 * Invariants: a transaction either commits whole or leaves nothing; a connection serves one caller at a time; the file
 * closes when its last user has released it.
 */

const formatVersion = 1;
const readerLimit = 4;

const prologue = `
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

export interface DatabaseFileOptions {
  readonly path: string;
  readonly busyTimeoutMs: number;
  readonly checkpoints: Checkpoints;
}

export interface WriteOptions<Result> {
  /** Sees the result in the moment of the commit. */
  readonly afterCommit?: (result: Result) => void;
  readonly growth?: (result: Result) => LogGrowth;
  /** Whether the write has to survive a power cut before it is acknowledged. */
  readonly isDurable?: (result: Result) => boolean;
}

export class DatabaseFile {
  readonly path: string;
  /** Made once for each file; copies of a file share it. */
  readonly fileId: string;
  readonly #busyTimeoutMs: number;
  readonly #writer: Connection;
  readonly #log: DurableLog;
  readonly #logSize = new LogSize();
  readonly #checkpoints: Checkpoints;
  readonly #idleReaders: Connection[] = [];
  readonly #waitingForReader: ((reader: Connection) => void)[] = [];
  #readerCount = 0;
  #dataVersion = 0;
  #lastCheckpoint: Promise<void> = Promise.resolve();
  #lastWrite: Promise<unknown> = Promise.resolve();
  #restOfTurn: Promise<void> | undefined;
  readonly #closing = new AbortController();

  private constructor(options: DatabaseFileOptions, writer: Connection, fileId: string) {
    this.path = options.path;
    this.fileId = fileId;
    this.#busyTimeoutMs = options.busyTimeoutMs;
    this.#checkpoints = options.checkpoints;
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

  /** Runs `work` in one write transaction. */
  write<Result>(
    work: (writer: Connection) => Steps<Result>,
    options: WriteOptions<Result> = {},
  ): Promise<Result> {
    const turn = this.#lastWrite.then(async () => {
      await this.#restOfTurn;
      const result = await retryWhileFull(
        () => this.#transaction(work, options.afterCommit),
        this.#closing.signal,
      );
      if (options.isDurable?.(result)) {
        this.#makeRoomInLog();
        await this.#log.flush();
      }
      if (options.growth) this.#logSize.add(options.growth(result));
      if (this.#logSize.isLarge) void this.#checkpoint();
      this.#restOfTurn = setImmediate().then(() => {
        this.#restOfTurn = undefined;
      });
      return result;
    });
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
  }

  /** Runs `work` on one snapshot, which holds all that was committed before. */
  read<Result>(work: (reader: Connection) => Steps<Result>): Result | Promise<Result> {
    const reader = this.#idleReaders.pop() ?? this.#anotherReader();
    return reader instanceof Promise
      ? reader.then((lent) => this.#readWith(lent, work))
      : this.#readWith(reader, work);
  }

  /** A short read, at once even if all readers are lent. */
  readNow<Result>(work: (reader: Connection) => Result): Result {
    const reader = this.#idleReaders.pop() ?? this.#openReader();
    try {
      return work(reader);
    } finally {
      this.#handBack(reader);
    }
  }

  /** As `readNow`; undefined when another process holds the file for the moment, and only waiting helps. */
  tryReadNow<Result>(work: (reader: Connection) => Result): { readonly value: Result } | undefined {
    try {
      return { value: this.readNow(work) };
    } catch (error) {
      if (isBusy(error)) return undefined;
      throw error;
    }
  }

  /** Whether another process has committed since this was last asked. */
  hasForeignCommits(): boolean {
    // Counts commits of other connections; in this process only the writer's own connection commits.
    const version = numberIn(this.#writer.get('PRAGMA data_version'));
    const isNew = version !== this.#dataVersion;
    this.#dataVersion = version;
    return isNew;
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#lastWrite;
    // Closing checkpoints what is left, on this thread.
    await this.#lastCheckpoint;
    this.#log.close();
    for (const reader of this.#idleReaders.splice(0)) reader.close();
    this.#writer.close();
  }

  /** The next flushes are quicker for it (see durable-log.ts); a moment without the lock leaves it for later. */
  #makeRoomInLog(): void {
    if (!this.#log.wantsRoom) return;
    try {
      this.#writer.run('BEGIN IMMEDIATE');
    } catch (error) {
      if (isBusy(error)) return;
      throw error;
    }
    try {
      this.#log.makeRoom();
    } finally {
      rollBack(this.#writer);
    }
  }

  #checkpoint(): Promise<void> {
    this.#logSize.reset();
    this.#lastCheckpoint = this.#checkpoints.run(this.path);
    return this.#lastCheckpoint;
  }

  async #transaction<Result>(
    work: (writer: Connection) => Steps<Result>,
    afterCommit: ((result: Result) => void) | undefined,
  ): Promise<Result> {
    const writer = this.#writer;
    const retried = (what: string, attempt: () => void) =>
      retryWhileBusy(`${what} ${this.path}`, this.#busyTimeoutMs, attempt);
    await retried('write', () => writer.run('BEGIN IMMEDIATE'));
    let result: Result;
    try {
      result = await runInSlices(work(writer));
      await retried('commit', () => {
        writer.run('COMMIT');
        // Nothing may run between the commit and its announcement, or a query would see the one before the other.
        afterCommit?.(result);
      });
    } catch (error) {
      rollBack(writer);
      throw error;
    }
    return result;
  }

  #readWith<Result>(
    reader: Connection,
    work: (reader: Connection) => Steps<Result>,
  ): Result | Promise<Result> {
    let result: Result | Promise<Result>;
    try {
      result = readSnapshot(reader, work);
    } catch (error) {
      if (!isBusy(error)) {
        this.#handBack(reader);
        throw error;
      }
      result = retryWhileBusy(`read ${this.path}`, this.#busyTimeoutMs, () => readSnapshot(reader, work));
    }
    if (result instanceof Promise) return result.finally(() => this.#handBack(reader));
    this.#handBack(reader);
    return result;
  }

  #anotherReader(): Connection | Promise<Connection> {
    if (this.#readerCount >= readerLimit) {
      return new Promise((resolve) => this.#waitingForReader.push(resolve));
    }
    return this.#openReader();
  }

  #openReader(): Connection {
    const reader = new Connection(this.path);
    reader.exec(prologue);
    this.#readerCount += 1;
    return reader;
  }

  #handBack(reader: Connection): void {
    const waiting = this.#waitingForReader.shift();
    if (waiting) waiting(reader);
    else this.#idleReaders.push(reader);
  }
}

function readSnapshot<Result>(
  reader: Connection,
  work: (reader: Connection) => Steps<Result>,
): Result | Promise<Result> {
  reader.run('BEGIN');
  let result: Result | Promise<Result>;
  try {
    result = runInSlices(work(reader));
  } catch (error) {
    rollBack(reader);
    throw error;
  }
  if (result instanceof Promise) return result.finally(() => rollBack(reader));
  reader.run('COMMIT');
  return result;
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

function rollBack(connection: Connection): void {
  try {
    connection.run('ROLLBACK');
  } catch {
    // SQLite has already rolled back (disk full, I/O error); the original error is the one to report.
  }
}

export function numberIn(row: Row | undefined): number {
  const value = row?.[0];
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;
}
