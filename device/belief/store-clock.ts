/**
 * How much of a trading day an hour was worth. The store's own sales are the clock: an hour in which all
 * SKUs together sold half of the usual counts half, so holidays, storms, closed doors and a cut till line
 * are no evidence against single SKUs.
 *
 * Invariants: an hour is sealed once, in order; what it is worth depends only on the observations dated
 * before its end. Hour-of-day and weekday shares are learned from the sealed hours (UTC; a shift of the
 * local clock is followed like any change of habit).
 */
export const HOUR_MS = 3_600_000;
export const DAY_HOURS = 24;
/** Sales lines that the expected activity weighs as much as in the worth of a single hour. */
const CALENDAR_WEIGHT = 10;
/** Lines of history that outweigh the flat day assumed at first. */
const SHARE_PRIOR = 60;
const WEEKDAY_PRIOR = 120;
/** Days after which a learned habit has lost half of its weight. */
const MEMORY_DAYS = 28;
const FORGET = 0.5 ** (1 / MEMORY_DAYS);

/** Opening hours assumed until a whole day was seen. */
const USUAL_OPEN_HOURS = 12;
/** Longer without any open or close, the doors are not silent but unreported: habits stand in for them. */
const DOORS_REPORTED_HOURS = 36;

export interface StoreClockState {
  readonly shares: number[];
  readonly openShares: number[];
  readonly today: number[];
  readonly openToday: number[];
  readonly weekdayLines: number[];
  readonly weekdayExpected: number[];
  days: number;
  lines: number;
  openDays: number;
  sinceDoor: number;
  hoursKnown: boolean;
  isOpen: boolean;
  /** Trading days since the beginning, up to the last sealed hour. */
  elapsed: number;
  /** The same up to the last day's end. */
  dayStart: number;
}

export const freshClock = (): StoreClockState => ({
  shares: Array.from({ length: DAY_HOURS }, () => 0),
  openShares: Array.from({ length: DAY_HOURS }, () => 0),
  today: Array.from({ length: DAY_HOURS }, () => 0),
  openToday: Array.from({ length: DAY_HOURS }, () => 0),
  weekdayLines: Array.from({ length: 7 }, () => 0),
  weekdayExpected: Array.from({ length: 7 }, () => 0),
  days: 0,
  lines: 0,
  openDays: 0,
  sinceDoor: 0,
  hoursKnown: false,
  isOpen: false,
  elapsed: 0,
  dayStart: 0,
});

export const copyClock = (clock: StoreClockState): StoreClockState => ({
  ...clock,
  shares: [...clock.shares],
  openShares: [...clock.openShares],
  today: [...clock.today],
  openToday: [...clock.openToday],
  weekdayLines: [...clock.weekdayLines],
  weekdayExpected: [...clock.weekdayExpected],
});

const sum = (values: readonly number[]): number => {
  let total = 0;
  for (const value of values) total += value;
  return total;
};

const hourOfDay = (hour: number): number => ((hour % DAY_HOURS) + DAY_HOURS) % DAY_HOURS;

/** Share of the day that an open hour has before any sale was seen. */
function flatShare(clock: StoreClockState, ofDay: number): number {
  if (!clock.hoursKnown) return 1 / DAY_HOURS;
  if (clock.openDays < 0.5) return 1 / USUAL_OPEN_HOURS;
  const openHours = sum(clock.openShares) / clock.openDays;
  return openHours > 0 ? (clock.openShares[ofDay] as number) / clock.openDays / openHours : 1 / DAY_HOURS;
}

/** The expected share of a trading day that falls into an hour of a weekday, the door being open. */
export function expectedShare(clock: StoreClockState, hour: number): number {
  const ofDay = hourOfDay(hour);
  const share =
    ((clock.shares[ofDay] as number) + SHARE_PRIOR * flatShare(clock, ofDay)) /
    (sum(clock.shares) + SHARE_PRIOR);
  const weekday = weekdayOf(hour);
  const dayFactor =
    ((clock.weekdayLines[weekday] as number) + WEEKDAY_PRIOR) /
    ((clock.weekdayExpected[weekday] as number) + WEEKDAY_PRIOR);
  return share * dayFactor;
}

/** 1970-01-01 was a Thursday; any fixed numbering serves. */
const weekdayOf = (hour: number): number => ((Math.floor(hour / DAY_HOURS) % 7) + 7) % 7;

const linesPerDay = (clock: StoreClockState): number => (clock.days > 0 ? clock.lines / clock.days : 0);

/** Share of the hour in which customers could come in, as far as the doors tell. */
function openness(clock: StoreClockState, openShare: number): number {
  if (!clock.hoursKnown || clock.sinceDoor > DOORS_REPORTED_HOURS) return 1;
  return openShare;
}

/** Worth of an hour that is not over yet: its expectation, as long as the door is open. */
export const provisionalWorth = (clock: StoreClockState, hour: number): number =>
  openness(clock, clock.isOpen ? 1 : 0) * expectedShare(clock, hour);

export interface SealedHour {
  readonly hour: number;
  /** Different SKUs sold in the hour: one promoted SKU cannot make the whole store look busy. */
  readonly lines: number;
  /** Share of the hour in which the door was open, 0..1. */
  readonly openShare: number;
}

/** Closes an hour; returns its worth in trading days. */
export function sealHour(clock: StoreClockState, sealed: SealedHour): number {
  const ofDay = hourOfDay(sealed.hour);
  const { lines } = sealed;
  const open =
    lines > 0 ? Math.max(0.5, openness(clock, sealed.openShare)) : openness(clock, sealed.openShare);
  const share = expectedShare(clock, sealed.hour) * open;
  const expected = share * linesPerDay(clock);
  const activity = clock.days < 1 ? 1 : (CALENDAR_WEIGHT + lines) / (CALENDAR_WEIGHT + expected);
  clock.today[ofDay] = lines;
  clock.openToday[ofDay] = sealed.openShare;
  clock.sinceDoor++;
  const worth = share * activity;
  clock.elapsed += worth;
  if (ofDay === DAY_HOURS - 1) endClockDay(clock, sealed.hour);
  return worth;
}

function endClockDay(clock: StoreClockState, hour: number): void {
  const weekday = weekdayOf(hour);
  const lines = sum(clock.today);
  const openHours = sum(clock.openToday);
  if (clock.days >= 3) {
    clock.weekdayLines[weekday] = (clock.weekdayLines[weekday] as number) * 0.9 + lines;
    clock.weekdayExpected[weekday] = (clock.weekdayExpected[weekday] as number) * 0.9 + linesPerDay(clock);
  }
  if (openHours > 0 && clock.sinceDoor <= DOORS_REPORTED_HOURS) {
    clock.openDays = clock.openDays * FORGET + 1;
    absorb(clock.openShares, clock.openToday);
  }
  // A day without any sale is a closed door or a cut line, not the store's pace.
  if (lines > 0) {
    clock.days = clock.days * FORGET + 1;
    clock.lines = clock.lines * FORGET + lines;
    absorb(clock.shares, clock.today);
  }
  clock.today.fill(0);
  clock.openToday.fill(0);
}

/** Adds today to a fading sum. */
function absorb(into: number[], today: readonly number[]): void {
  for (let h = 0; h < DAY_HOURS; h++) into[h] = (into[h] as number) * FORGET + (today[h] as number);
}
