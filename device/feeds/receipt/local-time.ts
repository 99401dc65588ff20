/** Wall-clock time of a store to an instant. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatFor(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, made);
  return made;
}

export function isTimeZone(timeZone: string): boolean {
  try {
    formatFor(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** What the zone's clocks show at an instant, as if it were UTC. */
function wallClock(atMs: number, timeZone: string): number {
  const parts = Object.fromEntries(
    formatFor(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, Number(value)]),
  ) as Record<string, number>;
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/**
 * Milliseconds since 1970, or undefined for a date that does not exist. An hour that a clock change repeats is
 * read as its first passing; one that a clock change skips is moved forward by the change.
 */
export function instantOf(local: LocalTime, timeZone: string): number | undefined {
  const wanted = Date.UTC(local.year, local.month - 1, local.day, local.hour, local.minute, local.second);
  const date = new Date(wanted);
  const exists = date.getUTCMonth() === local.month - 1 && date.getUTCDate() === local.day;
  if (!exists || local.hour > 23 || local.minute > 59 || local.second > 60) return undefined;
  const day = 24 * 3_600_000;
  const offsets = [wanted - day, wanted + day].map((atMs) => wallClock(atMs, timeZone) - atMs);
  const [before = 0, after = 0] = offsets;
  const early = wanted - before;
  return wallClock(early, timeZone) === wanted
    ? early
    : wallClock(wanted - after, timeZone) === wanted
      ? wanted - after
      : early;
}

/** The date in that zone, `2026-03-02`. */
export function dayOf(atMs: number, timeZone: string): string {
  return new Date(wallClock(atMs, timeZone)).toISOString().slice(0, 10);
}
