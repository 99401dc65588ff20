/**
 * Amounts of money. A `Money` is whole minor units; people, catalogs and the planner speak of major ones. How many
 * minor units make a major one follows ISO 4217, as `Intl` knows it: 100 for EUR, 1 for JPY, 1,000 for KWD.
 */
import type { Money } from './schema.ts';

const digitsOf = new Map<string, number>();

/**
 * Decimals of a currency's amounts.
 * @param currency three capital letters (ISO 4217); throws RangeError for anything else
 */
export function currencyDigits(currency: string): number {
  const known = digitsOf.get(currency);
  if (known !== undefined) return known;
  const format = new Intl.NumberFormat('en', { style: 'currency', currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  digitsOf.set(currency, digits);
  return digits;
}

export const majorOf = ({ minor, currency }: Money): number => minor / 10 ** currencyDigits(currency);

/** Rounded to the nearest minor unit. */
export const moneyOf = (major: number, currency: string): Money => ({
  minor: Math.round(major * 10 ** currencyDigits(currency)),
  currency,
});

/** `12.30 EUR`, `1250 JPY`: for logs, evidence and integrators; screens say it in the reader's language. */
export const moneyText = (money: Money): string =>
  `${majorOf(money).toFixed(currencyDigits(money.currency))} ${money.currency}`;
