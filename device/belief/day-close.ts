/**
 * The end of a trading day, SKU by SKU. Those that heard nothing are swept at once; every other is left to be closed when
 * somebody asks about it, or a few per turn, or all together: the order changes nothing, since no SKU's day depends on
 * another's. On a day that teaches, priors of categories are fitted when all are closed, so that nobody may ask before.
 */
import type { EvidenceRing } from './evidence-ring.ts';
import type { SilentSweep } from './silent-sweep.ts';
import { noteEvidence, type OpenDay, type SkuFold, takeKind } from './sku-fold.ts';
import type { StateSlab } from './state-slab.ts';
import { atHand } from './step-kernel.ts';
import { LEAST_STEP } from './rate-grid.ts';

/**
 * Trading days for which a belief is corrected by what its category turns out to be like. Later its own history says more,
 * and a correction would pull demand that has drifted since back to where others are.
 */
const CORRECTED_DAYS = 20;

export interface DayToClose {
  readonly day: OpenDay;
  /** Beliefs as the day began, and, in the slab that `follow` prepared, as it ends. */
  readonly from: StateSlab;
  readonly into: StateSlab;
  readonly evidence: EvidenceRing;
  readonly endMs: number;
  /** Trading days since the beginning, at its end and at its start. */
  readonly elapsed: number;
  readonly dayStart: number;
  readonly drifts: boolean;
  readonly teaches: boolean;
  /** SKUs that were heard of, from 0. */
  readonly skus: number;
}

export class DayClose {
  readonly #fold: SkuFold;
  readonly #sweep: SilentSweep;
  readonly #day: DayToClose;
  /** SKUs that are still to be closed, as bits of a list, and from where on there are any. */
  readonly #isOpen: Uint8Array;
  #at = 0;
  readonly #rows: number[] = [];

  /** Sweeps the SKUs that heard nothing. `elapsedAt`: trading days by an instant of the day. */
  constructor(day: DayToClose, fold: SkuFold, sweep: SilentSweep, elapsedAt: (t: number) => number) {
    this.#day = day;
    this.#fold = fold;
    this.#sweep = sweep;
    this.#isOpen = new Uint8Array(day.skus);
    const { pending } = day.day;
    pending.clockUntil(day.endMs, elapsedAt);
    for (const sku of pending.touched)
      if (pending.hears(sku, day.endMs)) this.#isOpen[sku] = 1;
      else if (this.#changesKind(sku, this.#kind(sku))) this.#isOpen[sku] = 1;
    this.#sweepSilent();
  }

  /** Whether its end changes what all SKUs begin with, or, on a day that teaches, what is believed of all of them. */
  get drifts(): boolean {
    return this.#day.drifts;
  }

  get teaches(): boolean {
    return this.#day.teaches;
  }

  #sweepSilent(): void {
    const { from, into, elapsed, dayStart, drifts, teaches } = this.#day;
    const u = elapsed - dayStart;
    this.#sweep.begin(
      { u: u < LEAST_STEP ? 0 : u, elapsed, drifts, teaches },
      this.#fold.parameters,
      this.#fold.demand,
    );
    const isOpen = this.#isOpen;
    from.passSilently(into, this.#sweep, {
      isSilent: (sku) => isOpen[sku] === 0,
      // A forecast of its own replaces what the sweep makes of a SKU's demand.
      isApart: this.#fold.isForecast ? () => true : undefined,
      passOver: (sku) => {
        isOpen[sku] = 1;
      },
      groups: teaches ? this.#fold.groups : undefined,
    });
  }

  /** Closes the day of one SKU, where that is still to be done. */
  close(sku: number): void {
    if (this.#isOpen[sku] !== 1) return;
    this.#isOpen[sku] = 0;
    const { day, from, into, evidence, elapsed, drifts, teaches } = this.#day;
    const { pending } = day;
    const rows = this.#rows;
    const kind = this.#kind(sku);
    for (let i = this.#fold.resume(sku, day, rows, from, kind); i < rows.length; i++) {
      const at = rows[i] as number;
      this.#fold.fold(sku, pending, at, pending.elapsed[at] as number);
    }
    noteEvidence(sku, pending, rows, evidence);
    this.#fold.endDay(sku, elapsed, drifts);
    into.store(sku, atHand);
    if (!from.has(sku)) into.setSince(sku, this.#day.dayStart);
    if (this.#changesKind(sku, kind))
      into.reweighOne(sku, this.#sweep, this.#fold.groups.ratio(from.kindOf(sku), kind));
    if (teaches) into.teach(sku, this.#fold.groups);
  }

  /** Notes what kind of SKU the day showed it to be; leaves what else was heard of it in `#rows`. */
  #kind(sku: number): number {
    const { day, from, into, endMs } = this.#day;
    day.pending.collect(sku, endMs, this.#rows);
    const known = from.kindOf(sku);
    const kind = takeKind(day.pending, this.#rows, known);
    if (kind !== known) into.setKind(sku, kind);
    return kind;
  }

  /** A belief that began as one of another kind is corrected: as if its kind had been known when it was first heard of. */
  #changesKind(sku: number, kind: number): boolean {
    const { from } = this.#day;
    return kind !== from.kindOf(sku) && from.has(sku) && this.#fold.learnsFromGroups;
  }

  /** Closes up to `most` SKUs; true when the whole day is closed. */
  closeSome(most: number): boolean {
    const isOpen = this.#isOpen;
    let left = most;
    // In the order in which they lie in memory.
    for (; this.#at < isOpen.length && left > 0; this.#at++)
      if (isOpen[this.#at] === 1) {
        this.close(this.#at);
        left--;
      }
    if (this.#at < isOpen.length) return false;
    const { drifts, teaches, into, elapsed } = this.#day;
    if (drifts) this.#fold.groups.drift();
    if (teaches) into.reweigh(this.#sweep, this.#fold.groups.fit(), elapsed - CORRECTED_DAYS);
    return true;
  }
}
