/**
 * Group commit: callers that arrive while others wait share one transaction and one fsync.
 *
 * States: idle -> scheduled -> writing -> idle. Invariants: a caller's items stay together and in order; a
 * caller hears back only after the commit that holds all its items, or gets the error that undid it; the
 * queue is bounded, so a feed that outruns the disk is told so instead of filling the memory.
 */
export class LedgerBusyError extends Error {
  readonly code = 'E_LEDGER_BUSY';
}

export interface GroupCommitOptions<T, R> {
  /** Writes all items in one transaction and returns one result each, or throws having written nothing. */
  readonly write: (items: readonly T[]) => readonly R[];
  /** Most items in one transaction. It bounds how long one turn of the event loop is held. */
  readonly maxGroup: number;
  /** Most items waiting; beyond it callers are refused. */
  readonly maxWaiting: number;
}

interface Waiting<T, R> {
  readonly items: readonly T[];
  written: readonly R[];
  readonly resolve: (results: readonly R[]) => void;
  readonly reject: (error: unknown) => void;
}

export class GroupCommit<T, R> {
  readonly #options: GroupCommitOptions<T, R>;
  readonly #queue: Waiting<T, R>[] = [];
  #waitingItems = 0;
  #scheduled = false;

  constructor(options: GroupCommitOptions<T, R>) {
    this.#options = options;
  }

  submit(items: readonly T[]): Promise<readonly R[]> {
    if (items.length === 0) return Promise.resolve([]);
    if (this.#waitingItems > 0 && this.#waitingItems + items.length > this.#options.maxWaiting)
      return Promise.reject(
        new LedgerBusyError(
          `${this.#waitingItems} observations wait for the disk, the limit is ${this.#options.maxWaiting}; wait for earlier ones and send these again`,
        ),
      );
    this.#waitingItems += items.length;
    return new Promise((resolve, reject) => {
      this.#queue.push({ items, written: [], resolve, reject });
      this.#schedule();
    });
  }

  /** Writes everything that waits, now. */
  flush(): void {
    while (this.#queue.length > 0) this.#writeGroup();
  }

  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      this.#writeGroup();
      if (this.#queue.length > 0) this.#schedule();
    });
  }

  /** One transaction: whole callers up to the limit, or one slice of a caller larger than it. */
  #writeGroup(): void {
    const parts = this.#takeGroup();
    if (parts.length === 0) return;
    const items = parts.flatMap((part) => part.slice);
    let results: readonly R[];
    try {
      results = this.#options.write(items);
    } catch (error) {
      for (const { caller } of parts) this.#finish(caller, () => caller.reject(error));
      return;
    }
    let at = 0;
    for (const { caller, slice } of parts) {
      caller.written = caller.written.concat(results.slice(at, at + slice.length));
      at += slice.length;
      if (caller.written.length === caller.items.length)
        this.#finish(caller, () => caller.resolve(caller.written));
    }
  }

  #takeGroup(): { caller: Waiting<T, R>; slice: readonly T[] }[] {
    const parts: { caller: Waiting<T, R>; slice: readonly T[] }[] = [];
    let room = this.#options.maxGroup;
    for (const caller of this.#queue) {
      if (room === 0) break;
      const slice = caller.items.slice(caller.written.length, caller.written.length + room);
      if (parts.length > 0 && slice.length < caller.items.length - caller.written.length) break;
      parts.push({ caller, slice });
      room -= slice.length;
    }
    return parts;
  }

  #finish(caller: Waiting<T, R>, answer: () => void): void {
    this.#queue.splice(this.#queue.indexOf(caller), 1);
    this.#waitingItems -= caller.items.length;
    answer();
  }
}
