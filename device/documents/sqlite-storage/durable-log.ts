import { fdatasync, fdatasyncSync, openSync, closeSync } from 'node:fs';
import { promisify } from 'node:util';
import { storageError } from './errors.ts';

const fdatasyncInPool = promisify(fdatasync);

/** A flush that took longer than this sends the following ones to the thread pool. */
const slowFlushMs = 2;
/** After so many flushes in the pool, one is tried on the main thread again. */
const pooledFlushes = 200;

/**
 * Makes committed transactions survive a power cut without blocking the event loop on a slow disk.
 *
 * `synchronous=FULL` would fsync inside COMMIT, on the main thread. Instead connections run with
 * `synchronous=NORMAL` (the commit is in the write-ahead log, https://sqlite.org/wal.html#performance_considerations)
 * and the log is flushed before the write is acknowledged: directly while the disk answers within a moment, which is
 * quicker than a trip through a thread, and in libuv's thread pool once it does not. Flushes in the pool are shared by
 * all writes committed before they start. A checkpoint that overtakes a flush is safe: it syncs the log before it copies
 * pages and syncs the database before the log is reused.
 */
export class DurableLog {
  readonly #path: string;
  #descriptor: number | undefined;
  #pooledFlushesLeft = 0;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** `path` names the write-ahead log; it exists from the first write until the last connection closes. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Everything committed before this call is on the disk once this returns or its promise resolves. */
  flush(): void | Promise<void> {
    if (this.#running) {
      // It may have started before our commit, so wait for one that starts after it.
      this.#next ??= this.#running
        .catch(() => undefined)
        .then(() => {
          this.#next = undefined;
          return this.flush();
        });
      return this.#next;
    }
    if (this.#pooledFlushesLeft === 0) return this.#flushHere();
    this.#pooledFlushesLeft -= 1;
    this.#running = this.#flushInPool().finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async close(): Promise<void> {
    await (this.#next ?? this.#running)?.catch(() => undefined);
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #flushHere(): void {
    const startedAtMs = performance.now();
    try {
      fdatasyncSync(this.#open());
    } catch (error) {
      throw this.#notDurable(error);
    }
    if (performance.now() - startedAtMs > slowFlushMs) this.#pooledFlushesLeft = pooledFlushes;
  }

  async #flushInPool(): Promise<void> {
    try {
      await fdatasyncInPool(this.#open());
    } catch (error) {
      throw this.#notDurable(error);
    }
  }

  #open(): number {
    // Windows flushes only files opened for writing.
    this.#descriptor ??= openSync(this.#path, 'r+');
    return this.#descriptor;
  }

  #notDurable(cause: unknown): Error {
    return storageError(
      'STORAGE_NOT_DURABLE',
      `${this.#path}: the write is committed but could not be flushed to the disk. Check the disk, then write again.`,
      { cause },
    );
  }
}
