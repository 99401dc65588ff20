/** Values in the reader's language. Pure: the language and the time are inputs. */
import { majorOf, type Money } from '@truecount/protocol';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

export function sayMoney(money: Money, locale: string): string {
  return new Intl.NumberFormat(locale, { style: 'currency', currency: money.currency }).format(
    majorOf(money),
  );
}

/** Whole percent, but never 0 % or 100 % for what is merely near: certainty is not ours to claim. */
export function sayPercent(probability: number, locale: string, digits = 0): string {
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits });
  const step = 10 ** -(digits + 2);
  if (probability > 0 && probability < step) return `< ${format.format(step)}`;
  if (probability > 1 - step && probability < 1) return `> ${format.format(1 - step)}`;
  return format.format(probability);
}

export const sayNumber = (value: number, locale: string, digits = 0): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);

export const sayMoment = (instant: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(instant));

export const sayExactMoment = (instant: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(instant));

interface Span {
  readonly value: number;
  readonly unit: 'minute' | 'hour' | 'day';
}

/** The largest unit that still says something: minutes up to 90, hours up to two days, then days. */
function spanOf(ms: number): Span {
  const size = Math.abs(ms);
  if (size < 90 * MINUTE_MS) return { value: Math.round(ms / MINUTE_MS), unit: 'minute' };
  if (size < 2 * DAY_MS) return { value: Math.round(ms / HOUR_MS), unit: 'hour' };
  return { value: Math.round(ms / DAY_MS), unit: 'day' };
}

export function sayRelative(instant: string, now: number, locale: string): string {
  const { value, unit } = spanOf(Date.parse(instant) - now);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto', style: 'short' }).format(value, unit);
}
