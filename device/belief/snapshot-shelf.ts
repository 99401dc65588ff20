/**
 * Snapshots of the filter for going back to: at most eight, thinned so that their ages roughly double, within a
 * budget of bytes; the arrays of one that goes are used again for one that comes.
 */
import { HOUR_MS } from './store-clock.ts';
import type { FilterSnapshot } from './store-filter.ts';

const MAX_SNAPSHOTS = 8;
const BUDGET_BYTES = 40_000_000;

export class SnapshotShelf {
  #all: FilterSnapshot[] = [];

  /** `take` makes a snapshot, in the arrays of a spent one where there is one; `bytes` is about its size. */
  keep(take: (spent: FilterSnapshot | undefined) => FilterSnapshot, bytes: number): void {
    const budget = Math.floor(BUDGET_BYTES / Math.max(1, bytes));
    const most = Math.max(1, Math.min(MAX_SNAPSHOTS, budget));
    let spent: FilterSnapshot | undefined;
    while (this.#all.length >= most) spent = this.#thin();
    this.#all.push(take(spent));
  }

  /** Only this one is left, or none. */
  restart(only: FilterSnapshot | undefined): void {
    this.#all = only === undefined ? [] : [only];
  }

  /** The newest that is not after `ms` and not before `fromMs`. */
  newestBefore(ms: number, fromMs: number): FilterSnapshot | undefined {
    return this.#all.findLast((one) => one.hour * HOUR_MS <= ms && one.hour * HOUR_MS >= fromMs);
  }

  /** The oldest that is not before `ms`. */
  oldestFrom(ms: number): FilterSnapshot | undefined {
    return this.#all.find((one) => one.hour * HOUR_MS >= ms);
  }

  /** Forgets all that were made after `base`. */
  forgetAfter(base: FilterSnapshot | undefined): void {
    this.#all = base === undefined ? [] : this.#all.slice(0, this.#all.indexOf(base) + 1);
  }

  /** Drops the snapshot whose neighbours are closest together, relative to its age. */
  #thin(): FilterSnapshot | undefined {
    const all = this.#all;
    const newest = (all.at(-1) as FilterSnapshot).hour;
    let worst = 0;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < all.length - 1; i++) {
      const older = i > 0 ? (all[i - 1] as FilterSnapshot).hour : 0;
      const gap =
        ((all[i + 1] as FilterSnapshot).hour - older) / (newest - (all[i] as FilterSnapshot).hour + 1);
      if (gap < least) {
        least = gap;
        worst = i;
      }
    }
    return all.splice(worst, 1)[0];
  }
}
