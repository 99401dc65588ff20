import { closeSync, fdatasync, fdatasyncSync, openSync } from 'node:fs';
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
 * quicker than a trip through a thread, and in libuv's thread pool once it does not. A checkpoint that overtakes a flush
 * is safe: it syncs the log before it copies pages and syncs the database before the log is reused.
 */
export class DurableLog {
  readonly #path: string;
  #descriptor: number | undefined;
  #pooledFlushesLeft = 0;

  /** `path` names the write-ahead log; it exists from the first write until the last connection closes. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Everything committed before this call is on the disk once it resolves. */
  async flush(): Promise<void> {
    try {
      // Windows flushes only files opened for writing.
      this.#descriptor ??= openSync(this.#path, 'r+');
      await this.#sync(this.#descriptor);
    } catch (error) {
      throw storageError(
        'STORAGE_NOT_DURABLE',
        `${this.#path}: the write is committed but could not be flushed to the disk. Check the disk, then write again.`,
        { cause: error },
      );
    }
  }

  close(): void {
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  async #sync(descriptor: number): Promise<void> {
    if (this.#pooledFlushesLeft > 0) {
      this.#pooledFlushesLeft -= 1;
      await fdatasyncInPool(descriptor);
      return;
    }
    const startedAtMs = performance.now();
    fdatasyncSync(descriptor);
    if (performance.now() - startedAtMs > slowFlushMs) this.#pooledFlushesLeft = pooledFlushes;
  }
}
