/** Money in words and in the planner's major units; the number of decimals follows ISO 4217. */
import type { Money } from '@truecount/protocol';

const formats = new Map<string, Intl.NumberFormat>();

function formatOf(currency: string): Intl.NumberFormat {
  const known = formats.get(currency);
  if (known) return known;
  const made = new Intl.NumberFormat('en', { style: 'currency', currency, currencyDisplay: 'code' });
  formats.set(currency, made);
  return made;
}

export const minorPerMajor = (currency: string): number =>
  10 ** (formatOf(currency).resolvedOptions().maximumFractionDigits ?? 2);

export const toMajor = (minor: number, currency: string): number => minor / minorPerMajor(currency);
export const toMinor = (major: number, currency: string): number =>
  Math.round(major * minorPerMajor(currency));

/** `12.30 EUR` */
export function moneyText({ minor, currency }: Money): string {
  const digits = Math.log10(minorPerMajor(currency));
  return `${toMajor(minor, currency).toFixed(digits)} ${currency}`;
}

export const percentText = (probability: number): string => `${Math.round(probability * 100)} %`;
export const unitsText = (count: number): string => `${count} ${count === 1 ? 'unit' : 'units'}`;
