/**
 * What the hours of today that are sealed have made of the SKUs that were asked about, exactly as it was computed: the
 * next question, and the day's end, go on from there. A state holds as long as no hour is sealed again and nothing
 * arrives for its SKU that is dated before what it has folded; whoever asks for it says what was the case.
 *
 * Bounded: a store in which more is asked than fits folds the rest again.
 */
import { readState, stateLength, writeState } from './state-numbers.ts';
import type { WorkingState } from './working-state.ts';

/** Numbers held at most: 16 MB, some 15,000 states; of two days, while one of them is being closed. */
const MOST_NUMBERS = 2_000_000;
const FIRST_NUMBERS = 65_536;
/** Numbers that a state has in the middle of a day only. */
const DAY_NUMBERS = 2;
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
    const at = this.#at[sku] as number;
    w.dayUsed = this.#numbers[at] as number;
    w.daySales = this.#numbers[at + 1] as number;
    readState(w, this.#numbers, at + DAY_NUMBERS);
  }

  /** Keeps a state into which everything dated before `untilMs` is folded. */
  keep(sku: number, w: WorkingState, untilMs: number): void {
    const at = this.#placeFor(sku, DAY_NUMBERS + stateLength(w.cells));
    if (at === NONE) return;
    this.#untilMs[sku] = untilMs;
    this.#numbers[at] = w.dayUsed;
    this.#numbers[at + 1] = w.daySales;
    writeState(w, this.#numbers, at + DAY_NUMBERS);
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
