/** Catalog prices are in major units, everything else in the currency's minor ones. */
import type { Money } from '@truecount/protocol';

const factors = new Map<string, number>();

/** 100 for EUR, 1 for JPY (ISO 4217 minor units). */
function minorPerMajor(currency: string): number {
  const known = factors.get(currency);
  if (known !== undefined) return known;
  const { maximumFractionDigits } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  const factor = 10 ** (maximumFractionDigits ?? 2);
  factors.set(currency, factor);
  return factor;
}

export const toMoney = (major: number, currency: string): Money => ({
  minor: Math.round(major * minorPerMajor(currency)),
  currency,
});

export const toMajor = ({ minor, currency }: Money): number => minor / minorPerMajor(currency);
