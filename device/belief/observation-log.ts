/**
 * The last observations in numbers, for going back where no ledger is at hand. They are held in blocks; the oldest
 * block goes when it is full.
 */
import { EventStore } from './event-store.ts';

export type TakeEvent = (t: number, sku: number, code: number, x: number, y: number) => void;

const LARGEST_BLOCK = 16_384;

export class ObservationLog {
  readonly #blocks: EventStore[] = [];
  readonly #blockSize: number;
  readonly #blocksHeld: number;
  #fromMs = Number.NEGATIVE_INFINITY;

  /** @param limit observations held at most, but for a block */
  constructor(limit: number) {
    this.#blockSize = Math.max(1, Math.min(LARGEST_BLOCK, Math.ceil(limit / 4)));
    this.#blocksHeld = Math.max(1, Math.ceil(limit / this.#blockSize));
  }

  /** Everything from this instant on is held. */
  get fromMs(): number {
    return this.#fromMs;
  }

  push(t: number, sku: number, code: number, x: number, y: number): void {
    let block = this.#blocks.at(-1);
    if (block === undefined || block.length === this.#blockSize) {
      block = this.#nextBlock();
      this.#blocks.push(block);
    }
    block.push(t, sku, code, x, y);
  }

  #nextBlock(): EventStore {
    const oldest = this.#blocks.length < this.#blocksHeld ? undefined : this.#blocks.shift();
    if (oldest === undefined) return new EventStore(this.#blockSize);
    for (let at = 0; at < oldest.length; at++)
      this.#fromMs = Math.max(this.#fromMs, (oldest.t[at] as number) + 1);
    oldest.length = 0;
    return oldest;
  }

  /** Hands out what is dated at or after `fromMs`, in order of time. */
  replay(fromMs: number, take: TakeEvent): void {
    const rows: (readonly [t: number, block: EventStore, at: number])[] = [];
    for (const block of this.#blocks)
      for (let at = 0; at < block.length; at++) {
        const t = block.t[at] as number;
        if (t >= fromMs) rows.push([t, block, at]);
      }
    // Sorting keeps the order of arrival within an instant.
    rows.sort(([a], [b]) => a - b);
    for (const [t, { sku, code, x, y }, at] of rows)
      take(t, sku[at] as number, code[at] as number, x[at] as number, y[at] as number);
  }

  /** Empty, with everything before `fromMs` gone for good. */
  restart(fromMs: number): void {
    this.#blocks.length = 0;
    this.#fromMs = fromMs;
  }
}
