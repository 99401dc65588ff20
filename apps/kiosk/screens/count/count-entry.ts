/**
 * What a person has entered while counting. Digits and scans may come in any mix: a scanner types a code as a
 * fast burst of digits, so the entry at the burst's beginning is kept and comes back when the burst turns out
 * to be a scan, plus one unit. Pure.
 */
export interface CountEntry {
  /** Digits as typed; empty means nothing entered yet. */
  readonly digits: string;
  readonly beforeBurst: string;
}
export const nothingEntered: CountEntry = { digits: '', beforeBurst: '' };

const LONGEST = 5;

export type CountKey =
  | { readonly kind: 'digit'; readonly digit: string }
  | { readonly kind: 'erase' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'burst-begins' }
  | { readonly kind: 'unit-scanned' }
  | { readonly kind: 'other-scanned' };

export function enter(entry: CountEntry, key: CountKey): CountEntry {
  switch (key.kind) {
    case 'digit': {
      const digits = entry.digits === '0' ? key.digit : entry.digits + key.digit;
      return digits.length > LONGEST ? entry : { ...entry, digits };
    }
    case 'erase':
      return { ...entry, digits: entry.digits.slice(0, -1) };
    case 'clear':
      return nothingEntered;
    case 'burst-begins':
      return { ...entry, beforeBurst: entry.digits };
    case 'unit-scanned': {
      const digits = String(Number(entry.digits || '0') + 1);
      return { digits, beforeBurst: digits };
    }
    case 'other-scanned':
      return { ...entry, digits: entry.beforeBurst };
    default:
      return key satisfies never;
  }
}

export const enteredQty = (entry: CountEntry): number | undefined =>
  entry.digits === '' ? undefined : Number(entry.digits);
