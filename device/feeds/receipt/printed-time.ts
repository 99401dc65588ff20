/** When a ticket was printed: the date and time on it, or the moment it arrived. */
import { instantOf, type LocalTime } from './local-time.ts';

export interface PrintedTimeRules {
  /** The store's time zone. Without one the printed time is not used. */
  readonly timeZone?: string;
  /** How old a printed time may be before it is a wrong clock; unlimited when absent. */
  readonly maxAgeMs?: number;
  readonly dateOrder: 'dmy' | 'mdy';
}

/** A till's clock may run ahead of ours by this much. */
const MAX_AHEAD_MS = 3_600_000;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const OTHER_MONTHS: Readonly<Record<string, number>> = { mai: 5, okt: 10, dez: 12 };

export interface PrintedTime {
  readonly atMs: number;
  /** A time was printed that cannot be right. */
  readonly refused: boolean;
  /** The date as printed, `2026-03-02`: part of the ticket's identity even where the clock is wrong. */
  readonly day?: string;
}

/** @param parts the named groups of a grammar's `date` and `time` patterns */
export function printedTime(
  parts: Readonly<Record<string, string>>,
  nowMs: number,
  rules: PrintedTimeRules,
): PrintedTime {
  const local = parts['year'] === undefined ? undefined : localTime(parts, rules.dateOrder);
  const day = local && [local.year, pad(local.month), pad(local.day)].join('-');
  const arrival = { atMs: nowMs, refused: false, ...(day === undefined ? {} : { day }) };
  if (rules.timeZone === undefined || parts['hour'] === undefined || parts['year'] === undefined)
    return arrival;
  const atMs = local && instantOf(local, rules.timeZone);
  if (atMs === undefined) return { ...arrival, refused: true };
  if (rules.maxAgeMs === undefined) return { ...arrival, atMs };
  const isPlausible = atMs <= nowMs + MAX_AHEAD_MS && atMs >= nowMs - rules.maxAgeMs;
  return isPlausible ? { ...arrival, atMs } : { ...arrival, refused: true };
}

const pad = (number: number): string => String(number).padStart(2, '0');

function localTime(parts: Readonly<Record<string, string>>, order: 'dmy' | 'mdy'): LocalTime | undefined {
  const year = Number(parts['year']);
  let day = Number(parts['day'] ?? parts[order === 'dmy' ? 'first' : 'second']);
  let month = parts['monthName']
    ? monthOf(parts['monthName'])
    : Number(parts['month'] ?? parts[order === 'dmy' ? 'second' : 'first']);
  if (month > 12 && parts['first'] !== undefined) [day, month] = [month, day];
  const half = parts['half']?.toLowerCase();
  const clock = Number(parts['hour'] ?? 0);
  const hour = half === undefined ? clock : (clock % 12) + (half === 'p' ? 12 : 0);
  const local = {
    year: year < 100 ? 2000 + year : year,
    month,
    day,
    hour,
    minute: Number(parts['minute'] ?? 0),
    second: Number(parts['seconds'] ?? 0),
  };
  return Object.values(local).every(Number.isInteger) && month >= 1 && month <= 12 ? local : undefined;
}

const monthOf = (name: string): number => {
  const short = name.slice(0, 3).toLowerCase();
  return OTHER_MONTHS[short] ?? MONTHS.indexOf(short) + 1;
};
