/**
 * Observations of hours that are not sealed yet, chained per SKU. Buffers are kept from hour to hour, so a
 * steady stream allocates nothing.
 */
import { EventStore } from './event-store.ts';
import { codeOf } from './observation-code.ts';

const NONE = -1;

export class PendingEvents {
  readonly events = new EventStore(1024);
  #next = new Int32Array(1024);
  #head = new Int32Array(256).fill(NONE);
  #tail = new Int32Array(256).fill(NONE);
  readonly #touched: number[] = [];
  /** Trading days by each row, where `clockUntil` was told. */
  elapsed = new Float64Array(0);
  /** P(absent) of its SKU just before and just after each row, where it was folded. */
  before = new Float32Array(1024);
  after = new Float32Array(1024);

  /** SKUs with pending observations, in the order in which they were first heard of. */
  get touched(): readonly number[] {
    return this.#touched;
  }

  push(t: number, sku: number, code: number, x: number, y: number): void {
    const at = this.events.push(t, sku, code, x, y);
    if (sku < 0) return;
    if (at >= this.#next.length) {
      this.#next = widened(this.#next, at + 1);
      this.before = wider(this.before, this.#next.length);
      this.after = wider(this.after, this.#next.length);
    }
    if (sku >= this.#head.length) {
      this.#head = widened(this.#head, sku + 1);
      this.#tail = widened(this.#tail, sku + 1);
    }
    this.#next[at] = NONE;
    const last = this.#tail[sku] as number;
    this.#tail[sku] = at;
    if (last !== NONE) {
      this.#next[last] = at;
      return;
    }
    this.#head[sku] = at;
    this.#touched.push(sku);
  }

  has(sku: number): boolean {
    return sku < this.#head.length && this.#head[sku] !== NONE;
  }

  /** Whether anything but what the catalog says of a SKU is dated before `end`. */
  hears(sku: number, end: number): boolean {
    if (!this.has(sku)) return false;
    const { t, code } = this.events;
    for (let at = this.#head[sku] as number; at !== NONE; at = this.#next[at] as number)
      if ((t[at] as number) < end && code[at] !== codeOf.catalog) return true;
    return false;
  }

  /** Writes the rows of a SKU dated before `end` into `out`, in folding order. */
  collect(sku: number, end: number, out: number[]): void {
    out.length = 0;
    if (!this.has(sku)) return;
    const { t } = this.events;
    let last = Number.NEGATIVE_INFINITY;
    let isRising = true;
    for (let at = this.#head[sku] as number; at !== NONE; at = this.#next[at] as number) {
      const tAt = t[at] as number;
      if (!(tAt < end)) continue;
      if (tAt <= last) isRising = false;
      last = tAt;
      out.push(at);
    }
    if (!isRising) this.#order(out);
  }

  /** Sorts rows into folding order, in place; they mostly are. */
  #order(rows: number[]): void {
    for (let i = 1; i < rows.length; i++)
      if (this.events.compare(rows[i - 1] as number, rows[i] as number) > 0) {
        rows.sort((a, b) => this.events.compare(a, b));
        return;
      }
  }

  /** Notes how many trading days had passed at everything dated before `end`, for when nobody can tell any more. */
  clockUntil(end: number, elapsedAt: (t: number) => number): void {
    const { t, length } = this.events;
    if (this.elapsed.length < length) this.elapsed = new Float64Array(t.length);
    for (let at = 0; at < length; at++)
      if ((t[at] as number) < end) this.elapsed[at] = elapsedAt(t[at] as number);
  }

  /** Hands over what is dated at or after `end`. */
  copyFrom(end: number, to: PendingEvents): void {
    const { t, sku, code, x, y, length } = this.events;
    for (let at = 0; at < length; at++)
      if ((t[at] as number) >= end)
        to.push(t[at] as number, sku[at] as number, code[at] as number, x[at] as number, y[at] as number);
  }

  clear(): void {
    for (const sku of this.#touched) {
      this.#head[sku] = NONE;
      this.#tail[sku] = NONE;
    }
    this.#touched.length = 0;
    this.events.length = 0;
  }
}

function widened(old: Int32Array<ArrayBuffer>, least: number): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(Math.max(least, old.length * 2)).fill(NONE);
  wider.set(old);
  return wider;
}

function wider(old: Float32Array<ArrayBuffer>, length: number): Float32Array<ArrayBuffer> {
  const fresh = new Float32Array(length);
  fresh.set(old);
  return fresh;
}
