/** Values in the reader's language. Pure: the language, the time and the currency are inputs. */
import { majorOf, type Money } from '@truecount/protocol';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** A full amount; cents are left out from 1,000 on, where nobody reads them. */
export function sayMoney(money: Money, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: money.currency });
  const major = majorOf(money);
  if (Math.abs(major) < 1000) return format.format(major);
  return new Intl.NumberFormat(locale, {
    style: 'currency',
    currency: money.currency,
    maximumFractionDigits: 0,
  }).format(major);
}

/** Whole percent, but never 0 % or 100 % for what is merely near: certainty is not ours to claim. */
export function sayPercent(probability: number, locale: string): string {
  const format = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  if (probability > 0 && probability < 0.01) return `< ${format.format(0.01)}`;
  if (probability > 0.99 && probability < 1) return `> ${format.format(0.99)}`;
  return format.format(probability);
}

export const sayNumber = (value: number, locale: string, digits = 0): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: digits }).format(value);

export const sayTime = (instant: string, locale: string): string =>
  new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit' }).format(new Date(instant));

/** The time today, otherwise the day and the time. */
export function sayMoment(instant: string, now: number, locale: string): string {
  const at = new Date(instant);
  if (at.toDateString() === new Date(now).toDateString()) return sayTime(instant, locale);
  return new Intl.DateTimeFormat(locale, {
    day: 'numeric',
    month: 'short',
    hour: '2-digit',
    minute: '2-digit',
  }).format(at);
}

export const sayDay = (now: number, locale: string): string =>
  new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' }).format(new Date(now));

interface Span {
  readonly value: number;
  readonly unit: 'minute' | 'hour' | 'day';
}

/** The largest unit that still says something: minutes up to 90, hours up to two days, then days. */
export function spanOf(ms: number): Span {
  const size = Math.abs(ms);
  if (size < 90 * MINUTE_MS) return { value: Math.round(ms / MINUTE_MS), unit: 'minute' };
  if (size < 2 * DAY_MS) return { value: Math.round(ms / HOUR_MS), unit: 'hour' };
  return { value: Math.round(ms / DAY_MS), unit: 'day' };
}

/** "in 2 hours", "3 minutes ago". */
export function sayRelative(instant: string, now: number, locale: string): string {
  const { value, unit } = spanOf(Date.parse(instant) - now);
  return new Intl.RelativeTimeFormat(locale, { numeric: 'auto' }).format(value, unit);
}

/** "2 hours", without a direction. */
export function sayDuration(ms: number, locale: string): string {
  const { value, unit } = spanOf(Math.abs(ms));
  return new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'long' }).format(value);
}

export const sayMinutes = (minutes: number, locale: string): string =>
  new Intl.NumberFormat(locale, {
    style: 'unit',
    unit: 'minute',
    unitDisplay: 'long',
    maximumFractionDigits: minutes < 1 ? 1 : 0,
  }).format(minutes);
