/** Long work in short turns, so that screens and feeds are heard in between. */
import { setImmediate as nextTurn } from 'node:timers/promises';

/** Well under the 50 ms that a turn may take at most. */
const SLICE_MS = 12;

/** Calls `each` for every item, giving up the turn whenever a slice is spent. */
export async function inSlices<T>(
  items: Iterable<T>,
  each: (item: T) => void,
  signal?: AbortSignal,
): Promise<void> {
  let until = performance.now() + SLICE_MS;
  for (const item of items) {
    each(item);
    if (performance.now() < until) continue;
    await nextTurn();
    signal?.throwIfAborted();
    until = performance.now() + SLICE_MS;
  }
}

/** Runs one asynchronous job after the other. A failed job does not stop the next. */
export class Turnstile {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(job: () => Promise<T>): Promise<T> {
    const result = this.#last.then(job);
    this.#last = result.catch(() => undefined);
    return result;
  }
}
