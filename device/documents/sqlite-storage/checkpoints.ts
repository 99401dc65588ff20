import { Worker } from 'node:worker_threads';
import type { Connection } from './connection.ts';

/** About 4 MiB of log, SQLite's own default. */
const pagesPerCheckpoint = 1_000;
/** SQLite checkpoints by itself, inside a commit, when the thread cannot keep up with the log to this size (64 MiB). */
export const lastResortPages = 16_000;

/**
 * Moves checkpoints off the event loop.
 *
 * SQLite copies the write-ahead log into the database inside whichever commit makes the log long, with two fsyncs:
 * tens of milliseconds after a large bulk. Here a thread does it, started when first needed and shared by all files.
 */
export class Checkpoints {
  #worker: Worker | undefined;
  readonly #running = new Map<string, PromiseWithResolvers<void>>();

  /** Resolves when the log as it was before the call has been copied, as far as readers allow. */
  async run(path: string): Promise<void> {
    const running = this.#running.get(path) ?? this.#start(path);
    await running.promise;
  }

  /** No file is open any more. */
  async stop(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }

  #start(path: string): PromiseWithResolvers<void> {
    const running = Promise.withResolvers<void>();
    this.#running.set(path, running);
    this.#worker ??= this.#startWorker();
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origins
    this.#worker.postMessage(path);
    return running;
  }

  #startWorker(): Worker {
    const worker = new Worker(new URL('checkpoint-worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', (path: string) => this.#finish(path));
    // Without the thread SQLite's own checkpoints remain, so its end only has to free those who wait.
    const release = (): void => {
      if (this.#worker === worker) this.#worker = undefined;
      for (const path of this.#running.keys()) this.#finish(path);
    };
    worker.on('error', release);
    worker.on('exit', release);
    return worker;
  }

  #finish(path: string): void {
    this.#running.get(path)?.resolve();
    this.#running.delete(path);
  }
}

/** Whether the log has grown enough since its pages were last copied. */
export function isLogLong(connection: Connection): boolean {
  // NOOP copies nothing and says how many pages the log has and how many of them are copied (SQLite 3.51).
  const [, pages, copied] = connection.get('PRAGMA wal_checkpoint(NOOP)') ?? [];
  return Number(pages) - Number(copied) >= pagesPerCheckpoint;
}
