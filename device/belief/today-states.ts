/**
 * What the hours of today that are sealed have made of the SKUs that were asked about, exactly as it was computed: the
 * next question, and the day's end, go on from there. A state holds as long as no hour is sealed again and nothing
 * arrives for its SKU that is dated before what it has folded; whoever asks for it says what was the case.
 *
 * Bounded: a store in which more is asked than fits folds the rest again.
 */
import { RATES } from './rate-grid.ts';
import type { WorkingState } from './working-state.ts';

/** Numbers held at most: 32 MB, some 30,000 states. */
const MOST_NUMBERS = 4_000_000;
const FIRST_NUMBERS = 65_536;
const SCALARS = 18;
const NONE = -1;

export class TodayStates {
  #numbers = new Float64Array(0);
  #used = 0;
  /** Per SKU: where its state begins, how long it may get there, and up to when its observations are folded. */
  #at = new Int32Array(0);
  #room = new Int32Array(0);
  #untilMs = new Float64Array(0);

  /** Up to when the observations of a SKU are folded into its state; -Infinity where there is none. */
  untilOf(sku: number): number {
    return sku < this.#at.length && this.#at[sku] !== NONE
      ? (this.#untilMs[sku] as number)
      : Number.NEGATIVE_INFINITY;
  }

  /** Something dated `t` arrived for the SKU. */
  hear(sku: number, t: number): void {
    if (t < this.untilOf(sku)) this.#at[sku] = NONE;
  }

  clear(): void {
    this.#used = 0;
    this.#at.fill(NONE);
  }

  load(sku: number, w: WorkingState): void {
    const from = this.#numbers;
    let at = this.#at[sku] as number;
    w.absent = from[at++] as number;
    w.hidden = from[at++] as number;
    w.selling = from[at++] as number;
    w.cells = from[at++] as number;
    w.width = from[at++] as number;
    w.carry = from[at++] as number;
    w.clock = from[at++] as number;
    w.record = from[at++] as number;
    w.units = from[at++] as number;
    w.purchases = from[at++] as number;
    w.viewClock = from[at++] as number;
    w.viewEmpty = from[at++] === 1;
    w.contradictions = from[at++] as number;
    w.dayUsed = from[at++] as number;
    w.daySales = from[at++] as number;
    w.logLikelihood = from[at++] as number;
    w.reordersAt = from[at++] as number;
    w.foundBeyond = from[at++] as number;
    const { live, idle, p, cells } = w;
    for (let k = 0; k < RATES; k++) {
      live[k] = from[at + k] as number;
      idle[k] = from[at + RATES + k] as number;
    }
    at += 2 * RATES - 1;
    p[0] = 0;
    for (let i = 1; i <= cells; i++) p[i] = from[at + i] as number;
  }

  /** Keeps a state into which everything dated before `untilMs` is folded. */
  keep(sku: number, w: WorkingState, untilMs: number): void {
    let at = this.#placeFor(sku, SCALARS + 2 * RATES + w.cells);
    if (at === NONE) return;
    this.#untilMs[sku] = untilMs;
    const to = this.#numbers;
    to[at++] = w.absent;
    to[at++] = w.hidden;
    to[at++] = w.selling;
    to[at++] = w.cells;
    to[at++] = w.width;
    to[at++] = w.carry;
    to[at++] = w.clock;
    to[at++] = w.record;
    to[at++] = w.units;
    to[at++] = w.purchases;
    to[at++] = w.viewClock;
    to[at++] = w.viewEmpty ? 1 : 0;
    to[at++] = w.contradictions;
    to[at++] = w.dayUsed;
    to[at++] = w.daySales;
    to[at++] = w.logLikelihood;
    to[at++] = w.reordersAt;
    to[at++] = w.foundBeyond;
    const { live, idle, p, cells } = w;
    for (let k = 0; k < RATES; k++) {
      to[at + k] = live[k] as number;
      to[at + RATES + k] = idle[k] as number;
    }
    at += 2 * RATES - 1;
    for (let i = 1; i <= cells; i++) to[at + i] = p[i] as number;
  }

  /** Where a state of this length goes: where the last one lies if it fits, else behind all others. */
  #placeFor(sku: number, length: number): number {
    if (sku >= this.#at.length) this.#widen(sku + 1);
    const known = this.#at[sku] as number;
    if (known !== NONE && (this.#room[sku] as number) >= length) return known;
    const at = this.#used;
    this.#at[sku] = NONE;
    if (at + length > MOST_NUMBERS) return NONE;
    if (at + length > this.#numbers.length) this.#grow(at + length);
    this.#used = at + length;
    this.#at[sku] = at;
    this.#room[sku] = length;
    return at;
  }

  #grow(least: number): void {
    const length = Math.max(least, FIRST_NUMBERS, Math.min(MOST_NUMBERS, 2 * this.#numbers.length));
    const wider = new Float64Array(length);
    wider.set(this.#numbers);
    this.#numbers = wider;
  }

  #widen(skus: number): void {
    const length = Math.max(256, Math.ceil(skus * 1.5));
    const at = new Int32Array(length).fill(NONE);
    at.set(this.#at);
    this.#at = at;
    const room = new Int32Array(length);
    room.set(this.#room);
    this.#room = room;
    const untilMs = new Float64Array(length);
    untilMs.set(this.#untilMs);
    this.#untilMs = untilMs;
  }
}
