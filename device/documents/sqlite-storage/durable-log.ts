import { closeSync, fdatasync, fdatasyncSync, fstatSync, openSync, writeSync } from 'node:fs';
import { promisify } from 'node:util';
import { storageError } from './errors.ts';

/** A flush that took longer than this sends the following ones to the thread pool. */
const slowFlushMs = 2;
/** After so many flushes in the pool, one is tried on the main thread again. */
const pooledFlushes = 200;
/** What a log is lengthened to: first, and at most. Checkpoints keep it shorter than that. */
const firstRoomBytes = 1024 * 1024;
const mostRoomBytes = 8 * 1024 * 1024;
/** How long a write that asked for no flush may stay without one. */
const flushWithinMs = 1_000;
const zeros = Buffer.alloc(256 * 1024);

/** How the data of an open file reaches its disk, on this thread or in libuv's pool. */
export interface Disk {
  readonly flush: (descriptor: number) => void;
  readonly flushInPool: (descriptor: number) => Promise<void>;
}

export const systemDisk: Disk = { flush: fdatasyncSync, flushInPool: promisify(fdatasync) };

/**
 * Makes committed transactions survive a power cut without blocking the event loop on a slow disk.
 *
 * `synchronous=FULL` would fsync inside COMMIT, on the main thread. Instead connections run with
 * `synchronous=NORMAL` (the commit is in the write-ahead log, https://sqlite.org/wal.html#performance_considerations)
 * and the log is flushed before the write is acknowledged: directly while the disk answers within a moment, which is
 * quicker than a trip through a thread, and in libuv's thread pool once it does not. A checkpoint that overtakes a flush
 * is safe: it syncs the log before it copies pages and syncs the database before the log is reused.
 *
 * The log is lengthened with zeros ahead of its use, because flushing a file that grows also has to commit the file
 * system's own journal, which takes twice as long (ext4, measured). SQLite takes what lies behind the last valid frame
 * for what is left of an earlier log (https://sqlite.org/fileformat2.html#walformat).
 */
export class DurableLog {
  readonly #path: string;
  readonly #disk: Disk;
  #descriptor: number | undefined;
  #pooledFlushesLeft = 0;
  #nextFlush: NodeJS.Timeout | undefined;
  #lateFlushes: Promise<void> = Promise.resolve();
  /** The length given to it last; a log that is longer has used its room. */
  #roomBytes = 0;

  /** `path` names the write-ahead log; it exists from the first write until the last connection closes. */
  constructor(path: string, disk: Disk) {
    this.#path = path;
    this.#disk = disk;
  }

  /** Whether `makeRoom` would lengthen it. */
  get wantsRoom(): boolean {
    const bytes = fstatSync(this.#open()).size;
    return bytes > this.#roomBytes && bytes < mostRoomBytes;
  }

  /** Only while the caller holds SQLite's write lock: nobody else may append to the log meanwhile. */
  makeRoom(): void {
    const file = this.#open();
    const { size } = fstatSync(file);
    const wanted = Math.min(Math.max(2 * size, firstRoomBytes), mostRoomBytes);
    try {
      for (let at = size; at < wanted; at += zeros.length)
        writeSync(file, zeros, 0, Math.min(zeros.length, wanted - at), at);
      this.#roomBytes = wanted;
    } catch {
      // A full disk: the log grows as it is written, as it would without this.
      this.#roomBytes = mostRoomBytes;
    }
  }

  /** Everything committed before this call is on the disk once it resolves. */
  async flush(): Promise<void> {
    try {
      await this.#sync(this.#open());
      this.#forgetNextFlush();
    } catch (error) {
      throw storageError(
        'STORAGE_NOT_DURABLE',
        `${this.#path}: the write is committed but could not be flushed to the disk. Check the disk, then write again.`,
        { cause: error },
      );
    }
  }

  /** Bounds what a power cut takes from writes that are acknowledged without a flush; later ones do not put it off. */
  flushSoon(): void {
    this.#nextFlush ??= setTimeout(() => this.#flushLate(), flushWithinMs).unref();
  }

  async close(): Promise<void> {
    // SQLite flushes as well, but only if nobody else has the file open.
    if (this.#nextFlush) this.#flushLate();
    await this.#lateFlushes;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  #flushLate(): void {
    this.#forgetNextFlush();
    this.#lateFlushes = this.#lateFlushes
      .then(() => this.#disk.flushInPool(this.#open()))
      // Nobody waits for it. SQLite flushes the same file before it copies pages, and reports what fails there.
      .catch(() => undefined);
  }

  #forgetNextFlush(): void {
    clearTimeout(this.#nextFlush);
    this.#nextFlush = undefined;
  }

  #open(): number {
    // Windows flushes only files opened for writing.
    this.#descriptor ??= openSync(this.#path, 'r+');
    return this.#descriptor;
  }

  async #sync(descriptor: number): Promise<void> {
    if (this.#pooledFlushesLeft > 0) {
      this.#pooledFlushesLeft -= 1;
      await this.#disk.flushInPool(descriptor);
      return;
    }
    const startedAtMs = performance.now();
    this.#disk.flush(descriptor);
    if (performance.now() - startedAtMs > slowFlushMs) this.#pooledFlushesLeft = pooledFlushes;
  }
}
