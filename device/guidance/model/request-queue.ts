/**
 * One model, many askers. A person who asks goes before everything made in advance, and takes the place of such
 * work when it is running: that is started again afterwards. Both lines are bounded; the oldest work made in
 * advance is dropped first, for its card can still be opened.
 */
export type Priority = 'person' | 'background';

export interface Job<T> {
  readonly priority: Priority;
  readonly signal?: AbortSignal;
  readonly run: (signal: AbortSignal) => Promise<T>;
}

interface Line<T> extends Job<T> {
  readonly settle: (result: T | undefined) => void;
}

const MOST_PEOPLE = 64;
const MOST_BACKGROUND = 256;

export class RequestQueue<T> {
  readonly #people: Line<T>[] = [];
  readonly #background: Line<T>[] = [];
  #running: { readonly job: Line<T>; readonly abort: AbortController } | undefined;

  /** undefined: dropped because the line was full, or cancelled. */
  add(job: Job<T>): Promise<T | undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<T | undefined>();
    if (job.signal?.aborted === true) return Promise.resolve(undefined);
    const line: Line<T> = {
      ...job,
      run: async (signal) =>
        job.run(signal).catch((error: unknown) => (reject(error as Error), Promise.reject(error as Error))),
      settle: resolve,
    };
    job.signal?.addEventListener('abort', () => this.#cancel(line), { once: true });
    if (job.priority === 'person') {
      if (this.#people.length >= MOST_PEOPLE) return Promise.resolve(undefined);
      this.#people.push(line);
      if (this.#running?.job.priority === 'background') this.#running.abort.abort();
    } else {
      this.#background.push(line);
      if (this.#background.length > MOST_BACKGROUND) this.#background.shift()?.settle(undefined);
    }
    this.#next();
    return promise;
  }

  get waiting(): number {
    return this.#people.length + this.#background.length;
  }

  #cancel(line: Line<T>): void {
    for (const list of [this.#people, this.#background]) {
      const at = list.indexOf(line);
      if (at >= 0) list.splice(at, 1);
    }
    if (this.#running?.job === line) this.#running.abort.abort();
    line.settle(undefined);
  }

  #next(): void {
    if (this.#running !== undefined) return;
    const job = this.#people.shift() ?? this.#background.shift();
    if (job === undefined) return;
    const abort = new AbortController();
    this.#running = { job, abort };
    job
      .run(abort.signal)
      .then(
        (result) => {
          const gaveWay =
            abort.signal.aborted && job.priority === 'background' && job.signal?.aborted !== true;
          if (gaveWay) this.#background.unshift(job);
          else job.settle(result);
        },
        () => undefined,
      )
      .finally(() => {
        this.#running = undefined;
        this.#next();
      })
      .catch(() => undefined);
  }
}
