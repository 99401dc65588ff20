import { DatabaseSync } from 'node:sqlite';
import { parentPort } from 'node:worker_threads';

/** Copies the write-ahead log of a file into its database, on a thread of its own; asked and answered by path. */
parentPort?.on('message', (path: string) => {
  try {
    using database = new DatabaseSync(path, { timeout: 0 });
    // Only a connection that has read the file knows that it has a log.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    // PASSIVE waits for nobody and blocks nobody; what readers still need stays in the log for the next time.
    database.exec('PRAGMA synchronous = NORMAL; PRAGMA wal_checkpoint(PASSIVE);');
  } catch {
    // Busy, or the file is gone: the next checkpoint, or SQLite's own when the log grows further, makes up for it.
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has no origins
  parentPort?.postMessage(path);
});
