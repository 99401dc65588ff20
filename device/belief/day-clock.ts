/**
 * The store's clock over the day that is not folded yet (UTC). Hours are sealed one by one, a few minutes after their
 * end; one that is heard of later has all hours of the day sealed again from what is known of it. What an hour is
 * worth therefore depends only on the observations dated before its end.
 */
import { codeOf } from './observation-code.ts';
import {
  copyClock,
  DAY_HOURS,
  expectedShare,
  freshClock,
  HOUR_MS,
  provisionalWorth,
  sealHour,
  type StoreClockState,
} from './store-clock.ts';

/** An hour stays open this long after its end for observations that are minutes late. */
const GRACE_MS = 300_000;
/** After this many silent days nothing more is learned by waiting: the clock jumps. */
const LONGEST_GAP_DAYS = 60;
/** Hours that something can be known of: a day, and the first after it. */
const HOURS_HELD = DAY_HOURS + 2;

export class DayClock {
  /** As the day began, and up to the last sealed hour. */
  #atStart = freshClock();
  #state = freshClock();
  /** The first hour that is not folded, and the first that is not sealed; NaN before the first observation. */
  #dayFrom = Number.NaN;
  #hour = Number.NaN;
  #isStale = false;
  #reseals = 0;
  /** Per hour of the day: trading days elapsed at its beginning, what it was worth, different SKUs sold in it. */
  readonly #from = new Float64Array(HOURS_HELD);
  readonly #worth = new Float64Array(HOURS_HELD);
  readonly #lines = new Int32Array(HOURS_HELD);
  /** The hours of the day in which a SKU was sold, as bits: each counts once. */
  #soldIn = new Int32Array(256);
  /** Openings and closings of the day, as instants; a closing's is negative. */
  #doors: number[] = [];
  #silentDays = 0;
  /** Hours that are not sealed and were asked about: by expectation, what had passed before each and what it is worth. */
  readonly #ahead = {
    hours: 0,
    from: new Float64Array(DAY_HOURS + 1),
    worth: new Float64Array(DAY_HOURS + 1),
  };

  /** The first hour that is not folded. */
  get dayFrom(): number {
    return this.#dayFrom;
  }

  get dayFromMs(): number {
    return Number.isNaN(this.#dayFrom) ? Number.NEGATIVE_INFINITY : this.#dayFrom * HOUR_MS;
  }

  get sealedUntilMs(): number {
    this.#sealAgain();
    return Number.isNaN(this.#hour) ? Number.NEGATIVE_INFINITY : this.#hour * HOUR_MS;
  }

  /** Trading days since the beginning, up to the last sealed hour, and up to the day before. */
  get elapsed(): number {
    this.#sealAgain();
    return this.#state.elapsed;
  }

  get dayStart(): number {
    return this.#state.dayStart;
  }

  /** How often hours that were sealed have been sealed again. */
  get reseals(): number {
    this.#sealAgain();
    return this.#reseals;
  }

  /** The state in which the day began. */
  get kept(): StoreClockState {
    return copyClock(this.#atStart);
  }

  restore(hour: number, state: StoreClockState): void {
    this.#atStart = copyClock(state);
    this.#dayFrom = hour;
    this.#soldIn.fill(0);
    this.#lines.fill(0);
    this.#doors = [];
    this.#silentDays = 0;
    this.#rewind();
  }

  #rewind(): void {
    this.#state = copyClock(this.#atStart);
    this.#hour = this.#dayFrom;
    this.#isStale = false;
    this.#ahead.hours = 0;
  }

  /** What an observation says about the hour that it is dated in. `advance` to it comes first. */
  hear(t: number, sku: number, code: number, x: number): void {
    if (Number.isNaN(this.#dayFrom)) {
      this.#dayFrom = Math.floor(t / HOUR_MS);
      this.#hour = this.#dayFrom;
    }
    this.#silentDays = 0;
    const hour = Math.floor(t / HOUR_MS);
    if (code === codeOf.open || code === codeOf.close) this.#doors.push(code === codeOf.open ? t : -t);
    else if (code !== codeOf.sale || !(x > 0) || !this.#isFirstSale(sku, hour - this.#dayFrom)) return;
    if (hour < this.#hour) this.#isStale = true;
    this.#ahead.hours = 0;
  }

  #isFirstSale(sku: number, at: number): boolean {
    if (sku >= this.#soldIn.length) {
      const wider = new Int32Array(Math.max(sku + 1, this.#soldIn.length * 2));
      wider.set(this.#soldIn);
      this.#soldIn = wider;
    }
    const sold = this.#soldIn[sku] as number;
    if ((sold & (1 << at)) !== 0) return false;
    this.#soldIn[sku] = sold | (1 << at);
    this.#lines[at] = (this.#lines[at] as number) + 1;
    return true;
  }

  /** Seals the hours that ended (with their grace) before `t`; true when a day is over: fold it, then call again. */
  advance(t: number): boolean {
    // Most observations come in an hour that is open already.
    if (!(t >= (this.#hour + 1) * HOUR_MS + GRACE_MS)) return false;
    this.#sealAgain();
    const last = Math.floor((t - GRACE_MS) / HOUR_MS);
    if (this.#silentDays > LONGEST_GAP_DAYS && this.#hour === this.#dayFrom) {
      this.#hour = last;
      this.#dayFrom = last;
      return false;
    }
    while (this.#hour < last) {
      this.#seal();
      if (this.#hour % DAY_HOURS === 0) return true;
    }
    return false;
  }

  /** The day is folded: the next begins. */
  startDay(): void {
    const hours = this.#hour - this.#dayFrom;
    this.#state.dayStart = this.#state.elapsed;
    this.#atStart = copyClock(this.#state);
    this.#dayFrom = this.#hour;
    this.#silentDays++;
    this.#lines.copyWithin(0, hours);
    this.#lines.fill(0, HOURS_HELD - hours);
    for (let sku = 0; sku < this.#soldIn.length; sku++)
      this.#soldIn[sku] = (this.#soldIn[sku] as number) >>> hours;
    const end = this.#hour * HOUR_MS;
    this.#doors = this.#doors.filter((door) => Math.abs(door) >= end);
  }

  #sealAgain(): void {
    if (!this.#isStale) return;
    const until = this.#hour;
    this.#reseals++;
    this.#rewind();
    while (this.#hour < until) this.#seal();
  }

  #seal(): void {
    const hour = this.#hour;
    const at = hour - this.#dayFrom;
    const openShare = this.#doorsIn(hour);
    this.#from[at] = this.#state.elapsed;
    this.#worth[at] = sealHour(this.#state, { hour, lines: this.#lines[at] as number, openShare });
    this.#hour = hour + 1;
    this.#ahead.hours = 0;
  }

  /** Share of the hour in which the doors were open. */
  #doorsIn(hour: number): number {
    const end = (hour + 1) * HOUR_MS;
    const state = this.#state;
    let since = hour * HOUR_MS;
    let openMs = 0;
    // Of an opening and a closing at the same instant the closing comes last.
    const turns = this.#doors
      .filter((door) => Math.abs(door) < end && Math.abs(door) >= since)
      .sort((a, b) => Math.abs(a) - Math.abs(b) || b - a);
    for (const turn of turns) {
      if (state.isOpen) openMs += Math.abs(turn) - since;
      since = Math.abs(turn);
      state.isOpen = turn > 0;
      state.hoursKnown = true;
      state.sinceDoor = 0;
    }
    if (state.isOpen) openMs += end - since;
    return openMs / HOUR_MS;
  }

  /** Trading days elapsed at `t`; by expectation where the hour is not sealed. */
  elapsedAt(t: number): number {
    this.#sealAgain();
    const hour = Math.floor(t / HOUR_MS);
    if (hour < this.#hour) {
      const at = hour - this.#dayFrom;
      return (this.#from[at] as number) + ((this.#worth[at] as number) * (t - hour * HOUR_MS)) / HOUR_MS;
    }
    const ahead = Math.min(hour - this.#hour, DAY_HOURS);
    const { from, worth } = this.#ahead;
    if (ahead >= this.#ahead.hours) this.#expect(ahead);
    const share = Math.min(1, (t - (this.#hour + ahead) * HOUR_MS) / HOUR_MS);
    return (from[ahead] as number) + share * (worth[ahead] as number);
  }

  /** What is expected of the hours up to `last` after the first that is not sealed. */
  #expect(last: number): void {
    const { from, worth } = this.#ahead;
    // An opening that is not sealed yet counts; a closing does not: it ends the hours that it is asked at.
    const now = this.#doors.some((door) => door >= this.#hour * HOUR_MS)
      ? { ...this.#state, isOpen: true, hoursKnown: true, sinceDoor: 0 }
      : this.#state;
    let { elapsed } = this.#state;
    for (let at = 0; at <= last; at++) {
      from[at] = elapsed;
      worth[at] = provisionalWorth(now, this.#hour + at);
      elapsed += worth[at] as number;
    }
    this.#ahead.hours = last + 1;
  }

  /** Trading days that today should have been worth by the last sealed hour, and was. */
  get today(): { readonly expected: number; readonly made: number } {
    const { elapsed, dayStart } = this.#state;
    const day = Math.floor(this.#hour / DAY_HOURS) * DAY_HOURS * HOUR_MS;
    return { expected: this.expectedBetween(day, this.sealedUntilMs), made: elapsed - dayStart };
  }

  /** Expected trading days between two instants, by the learned hours and weekdays. */
  expectedBetween(fromMs: number, toMs: number): number {
    if (!(toMs > fromMs)) return 0;
    let days = 0;
    const last = Math.min(toMs, fromMs + LONGEST_GAP_DAYS * DAY_HOURS * HOUR_MS);
    for (let at = fromMs; at < last; ) {
      const hour = Math.floor(at / HOUR_MS);
      const end = Math.min(last, (hour + 1) * HOUR_MS);
      days += (expectedShare(this.#state, hour) * (end - at)) / HOUR_MS;
      at = end;
    }
    return days;
  }
}
