import { open, type FileHandle } from 'node:fs/promises';
import { storageError } from './errors.ts';

/**
 * Makes committed transactions survive a power cut without blocking the event loop.
 *
 * `synchronous=FULL` would fsync inside COMMIT, on the main thread. Instead connections run with
 * `synchronous=NORMAL` (the commit is in the write-ahead log, https://sqlite.org/wal.html#performance_considerations)
 * and the log is flushed by `fdatasync` in libuv's thread pool before the write is acknowledged. All writes committed
 * before a flush starts share it. A checkpoint that overtakes the flush is safe: it syncs the log before it copies
 * pages and syncs the database before the log is reused.
 */
export class DurableLog {
  readonly #path: string;
  #file: Promise<FileHandle> | undefined;
  #running: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  /** `path` names the write-ahead log; it exists from the first write until the last connection closes. */
  constructor(path: string) {
    this.#path = path;
  }

  /** Resolves when everything committed before this call is on the disk. */
  flush(): Promise<void> {
    if (!this.#running) {
      this.#running = this.#sync().finally(() => {
        this.#running = undefined;
      });
      return this.#running;
    }
    // A flush under way may have started before our commit, so wait for one that starts after it.
    this.#next ??= this.#running
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        return this.flush();
      });
    return this.#next;
  }

  async #sync(): Promise<void> {
    try {
      // Windows flushes only handles opened for writing.
      this.#file ??= open(this.#path, 'r+');
      await (await this.#file).datasync();
    } catch (error) {
      await this.#release();
      throw storageError(
        'STORAGE_NOT_DURABLE',
        `${this.#path}: the write is committed but could not be flushed to the disk. Check the disk; retry the write.`,
        { cause: error },
      );
    }
  }

  async close(): Promise<void> {
    await (this.#next ?? this.#running)?.catch(() => undefined);
    await this.#release();
  }

  async #release(): Promise<void> {
    const file = this.#file;
    this.#file = undefined;
    await file?.then((handle) => handle.close()).catch(() => undefined);
  }
}
