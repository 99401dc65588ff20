/** The last observations in numbers, for going back where no ledger is at hand; the oldest quarter goes when it is full. */
import { EventStore } from './event-store.ts';

export type TakeEvent = (t: number, sku: number, code: number, x: number, y: number) => void;

export class ObservationLog {
  readonly #events = new EventStore(1024);
  readonly #limit: number;
  #fromMs = Number.NEGATIVE_INFINITY;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Everything from this instant on is held. */
  get fromMs(): number {
    return this.#fromMs;
  }

  push(t: number, sku: number, code: number, x: number, y: number): void {
    const events = this.#events;
    if (events.length >= this.#limit) {
      const dropped = Math.ceil(this.#limit / 4);
      for (let at = 0; at < dropped; at++)
        this.#fromMs = Math.max(this.#fromMs, (events.t[at] as number) + 1);
      events.drop(dropped);
    }
    events.push(t, sku, code, x, y);
  }

  /** Hands out what is dated at or after `fromMs`, in order of time. */
  replay(fromMs: number, take: TakeEvent): void {
    const { t, sku, code, x, y, length } = this.#events;
    const rows: number[] = [];
    for (let at = 0; at < length; at++) if ((t[at] as number) >= fromMs) rows.push(at);
    rows.sort((a, b) => (t[a] as number) - (t[b] as number) || a - b);
    for (const at of rows)
      take(t[at] as number, sku[at] as number, code[at] as number, x[at] as number, y[at] as number);
  }

  /** Empty, with everything before `fromMs` gone for good. */
  restart(fromMs: number): void {
    this.#events.length = 0;
    this.#fromMs = fromMs;
  }
}
