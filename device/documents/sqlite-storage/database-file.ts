import { setImmediate } from 'node:timers/promises';
import { retryWhileBusy } from './busy-retry.ts';
import { isLogLong, type Checkpoints } from './checkpoints.ts';
import { Connection, numberIn } from './connection.ts';
import { DurableLog, systemDisk, type Disk } from './durable-log.ts';
import { isBusy } from './errors.ts';
import { prepareFile } from './file-format.ts';
import { retryWhileFull } from './full-disk.ts';
import { ReaderPool } from './reader-pool.ts';
import { runInSlices, type Steps } from './steps.ts';

/**
 * One SQLite file, shared by all collections of a database in this process.
 *
 * One connection writes, one transaction at a time; others read (`readers`). Other processes open the same file the same
 * way; SQLite's locks order the writers.
 *
 * A turn of the event loop sees one commit at most: whoever wrote has its answer before the next change is heard of, and
 * a queue of small writes does not starve the loop.
 *
 * While the disk is full writes wait (see full-disk.ts); closing ends that wait.
 *
 * Invariants: a transaction either commits whole or leaves nothing; the file closes when its last user has released it.
 */

export interface DatabaseFileOptions {
  readonly path: string;
  readonly busyTimeoutMs: number;
  readonly checkpoints: Checkpoints;
  readonly disk?: Disk;
}

export interface WriteOptions<Result> {
  /** Sees the result in the moment of the commit. */
  readonly afterCommit?: (result: Result) => void;
  /** Whether the write has to survive a power cut before it is acknowledged. */
  readonly isDurable?: (result: Result) => boolean;
}

export class DatabaseFile {
  readonly path: string;
  /** Made once for each file; copies of a file share it. */
  readonly fileId: string;
  readonly readers: ReaderPool;
  readonly #busyTimeoutMs: number;
  readonly #writer: Connection;
  readonly #log: DurableLog;
  readonly #checkpoints: Checkpoints;
  #dataVersion = 0;
  #lastCheckpoint: Promise<void> = Promise.resolve();
  #lastWrite: Promise<unknown> = Promise.resolve();
  #restOfTurn: Promise<void> | undefined;
  readonly #closing = new AbortController();

  private constructor(options: DatabaseFileOptions, writer: Connection, fileId: string) {
    this.path = options.path;
    this.fileId = fileId;
    this.readers = new ReaderPool(options.path, options.busyTimeoutMs);
    this.#busyTimeoutMs = options.busyTimeoutMs;
    this.#checkpoints = options.checkpoints;
    this.#writer = writer;
    this.#log = new DurableLog(`${options.path}-wal`, options.disk ?? systemDisk);
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
      } else {
        this.#log.flushSoon();
      }
      this.#restOfTurn = this.#afterTheAnswer();
      return result;
    });
    this.#lastWrite = turn.catch(() => undefined);
    return turn;
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
    await this.#restOfTurn;
    // Closing checkpoints what is left, on this thread.
    await this.#lastCheckpoint;
    await this.#log.close();
    this.readers.close();
    this.#writer.close();
  }

  async #afterTheAnswer(): Promise<void> {
    await setImmediate();
    this.#restOfTurn = undefined;
    if (isLogLong(this.#writer)) this.#lastCheckpoint = this.#checkpoints.run(this.path);
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
      this.#writer.rollBack();
    }
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
      writer.rollBack();
      throw error;
    }
    return result;
  }
}
