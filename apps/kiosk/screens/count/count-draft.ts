/** An unfinished count survives a reload or a crash of the window: kept per product until it is saved. */
import { type CountEntry, nothingEntered } from './count-entry.ts';

const keyOf = (sku: string): string => `truecount.count.${sku}`;

export function keptDraft(sku: string): CountEntry {
  try {
    const digits = sessionStorage.getItem(keyOf(sku)) ?? '';
    return /^\d{1,5}$/.test(digits) ? { digits, beforeBurst: digits } : nothingEntered;
  } catch {
    return nothingEntered;
  }
}

export function keepDraft(sku: string, entry: CountEntry): void {
  try {
    if (entry.digits === '') sessionStorage.removeItem(keyOf(sku));
    else sessionStorage.setItem(keyOf(sku), entry.digits);
  } catch {
    // A full or blocked store costs only the draft.
  }
}
