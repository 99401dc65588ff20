import { retryWhileBusy } from './busy-retry.ts';
import { Connection } from './connection.ts';
import { isBusy } from './errors.ts';
import { connectionSettings } from './file-format.ts';
import { runInSlices, type Steps } from './steps.ts';

const readerLimit = 4;
const beginning = 'BEGIN';
const end = 'COMMIT';

/**
 * The reading connections of one file: each reads from a snapshot of its own, so a long query gives the event loop its
 * turns and no reader sees half of a bulk. A connection serves one caller at a time; who finds none waits in line.
 */
export class ReaderPool {
  readonly #path: string;
  readonly #busyTimeoutMs: number;
  readonly #idle: Connection[] = [];
  readonly #waiting: ((reader: Connection) => void)[] = [];
  #count = 0;

  constructor(path: string, busyTimeoutMs: number) {
    this.#path = path;
    this.#busyTimeoutMs = busyTimeoutMs;
  }

  /** Runs `work` on one snapshot, which holds all that was committed before. */
  read<Result>(work: (reader: Connection) => Steps<Result>): Result | Promise<Result> {
    const reader = this.#idle.pop() ?? this.#another();
    return reader instanceof Promise
      ? reader.then((lent) => this.#readWith(lent, work))
      : this.#readWith(reader, work);
  }

  /** A short read, at once even if all readers are lent. */
  readNow<Result>(work: (reader: Connection) => Result): Result {
    const reader = this.#idle.pop() ?? this.#open();
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

  /**
   * Prepares a statement that will be read with. The first use of a connection opens the file and reads its schema, half
   * of what a first query of hundreds of documents takes.
   */
  prepareAhead(sql: string): void {
    this.tryReadNow((reader) => reader.prepare(sql));
  }

  close(): void {
    for (const reader of this.#idle.splice(0)) reader.close();
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
      result = retryWhileBusy(`read ${this.#path}`, this.#busyTimeoutMs, () => readSnapshot(reader, work));
    }
    if (result instanceof Promise) return result.finally(() => this.#handBack(reader));
    this.#handBack(reader);
    return result;
  }

  #another(): Connection | Promise<Connection> {
    if (this.#count < readerLimit) return this.#open();
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #open(): Connection {
    const reader = new Connection(this.#path);
    reader.exec(connectionSettings);
    for (const sql of [beginning, end]) reader.prepare(sql);
    this.#count += 1;
    return reader;
  }

  #handBack(reader: Connection): void {
    const waiting = this.#waiting.shift();
    if (waiting) waiting(reader);
    else this.#idle.push(reader);
  }
}

function readSnapshot<Result>(
  reader: Connection,
  work: (reader: Connection) => Steps<Result>,
): Result | Promise<Result> {
  reader.run(beginning);
  let result: Result | Promise<Result>;
  try {
    result = runInSlices(work(reader));
  } catch (error) {
    reader.rollBack();
    throw error;
  }
  if (result instanceof Promise) return result.finally(() => reader.rollBack());
  reader.run(end);
  return result;
}
