/**
 * The filter of one store: coded observations in, beliefs per SKU out.
 *
 * Time is cut into hours. When an hour is over it is sealed: what it was worth is known (see store-clock.ts).
 * Observations stay pending until their day (UTC) is over; then each SKU is unpacked once, its day is folded in a
 * fixed order, and it is packed again (day-close.ts), at the latest when somebody asks about it. A question in between
 * folds what is pending into a copy. An observation of today that comes late only has the hours of today sealed again.
 *
 * Invariants: the state after a day depends only on the set of observations dated before its end, never on
 * arrival order; folded days are never reopened here (belief.ts goes back to a snapshot instead).
 */
import { meanUnits, pmfOf } from './answers.ts';
import { DayClock } from './day-clock.ts';
import { DayClose } from './day-close.ts';
import { EvidenceRing } from './evidence-ring.ts';
import { codeOf } from './observation-code.ts';
import type { BeliefParameters } from './parameters.ts';
import { PendingEvents } from './pending-events.ts';
import { driftMoments, meanRate } from './rate-grid.ts';
import { type GroupPrior, RateGroups } from './rate-groups.ts';
import { SilentSweep } from './silent-sweep.ts';
import { noteEvidence, type OpenDay, SkuFold, type SkuKnowledge, takeKind } from './sku-fold.ts';
import { StateSlab } from './state-slab.ts';
import { atHand } from './step-kernel.ts';
import { DAY_HOURS, freshClock, HOUR_MS, type StoreClockState } from './store-clock.ts';
import { dayDrift, driftsAt } from './time-step.ts';
import { TodayStates } from './today-states.ts';
import type { WorkingState } from './working-state.ts';

/** Priors of categories are fitted this often. */
const FIT_EVERY_DAYS = 4;

export interface FilterSnapshot {
  /** Everything dated before this hour is folded, and nothing else. */
  readonly hour: number;
  readonly slab: StateSlab;
  readonly clock: StoreClockState;
  readonly evidence: EvidenceRing;
  readonly groups: readonly (readonly [number, GroupPrior])[];
}

const freshDay = (): OpenDay => ({ pending: new PendingEvents(), states: new TodayStates() });

export class StoreFilter {
  readonly #fold: SkuFold;
  readonly #sweep = new SilentSweep();
  readonly #clock = new DayClock();
  #slab = new StateSlab();
  #evidence = new EvidenceRing();
  #day = freshDay();
  /** Of the day that is over, while SKUs are still to be closed; then its arrays wait for the next day. */
  #closing: DayClose | undefined;
  #dayBefore = freshDay();
  /** Rows of the SKU at hand; reused. */
  readonly #rows: number[] = [];
  /** How often hours had been sealed again when the day's states were computed. */
  #reseals = 0;
  #skus = 0;
  /** Called at a day's end instead of living it: must call `keepAndEndDay`. */
  onDayEnd: (() => void) | undefined;
  /** Hears of everything folded for good, with the trading days elapsed; a SKU of -1 is a day's end. */
  tape: ((sku: number, elapsed: number, code: number, x: number, y: number) => void) | undefined;

  constructor(parameters: BeliefParameters, known: SkuKnowledge) {
    const start = { mean: Math.log(parameters.rateMedian), spread: parameters.rateSpread };
    this.#fold = new SkuFold(parameters, new RateGroups(start, driftMoments(dayDrift(parameters))), known);
  }

  get parameters(): BeliefParameters {
    return this.#fold.parameters;
  }

  /** Milliseconds up to which everything is folded for good; -Infinity before the first observation. */
  get foldedUntilMs(): number {
    return this.#clock.dayFromMs;
  }

  get bytes(): number {
    return this.#slab.bytes;
  }

  /** `t` must not lie before `foldedUntilMs`. */
  append(t: number, sku: number, code: number, x: number, y: number): void {
    this.advance(t);
    this.#clock.hear(t, sku, code, x);
    if (sku < 0) return;
    this.#day.pending.push(t, sku, code, x, y);
    this.#day.states.hear(sku, t);
    if (sku >= this.#skus) this.#skus = sku + 1;
  }

  /** Seals every hour that ended (with its grace) before `t`, and folds every day. */
  advance(t: number): void {
    while (this.#clock.advance(t))
      if (this.onDayEnd === undefined) this.#endDay(this.#slab);
      else this.onDayEnd();
  }

  /**
   * Folds the day that is over and returns what was before it as a snapshot: beliefs go from one slab into the
   * other, in the arrays of a snapshot that is no longer needed, so that keeping one costs no copy.
   */
  keepAndEndDay(spent?: FilterSnapshot): FilterSnapshot {
    const kept = { ...this.folded, evidence: this.#evidence.clone(spent?.evidence) };
    this.#endDay(this.#slab.follow(spent?.slab));
    return kept;
  }

  /** The end of a trading day: SKUs that heard nothing are swept, the others left to be closed. */
  #endDay(into: StateSlab): void {
    this.closeDay();
    const clock = this.#clock;
    const endMs = clock.sealedUntilMs;
    const { elapsed, dayStart } = clock;
    this.#forgetResealed();
    this.#tell(endMs);
    const day = this.#day;
    const date = endMs / (DAY_HOURS * HOUR_MS);
    const drifts = driftsAt(elapsed, elapsed - dayStart);
    const closing = new DayClose(
      {
        day,
        from: this.#slab,
        into,
        evidence: this.#evidence,
        endMs,
        elapsed,
        dayStart,
        drifts,
        teaches: date % FIT_EVERY_DAYS === 0 && this.#fold.learnsFromGroups,
        skus: this.#skus,
      },
      this.#fold,
      this.#sweep,
      (t) => clock.elapsedAt(t),
    );
    this.#closing = closing;
    this.#slab = into;
    this.#day = this.#dayBefore;
    this.#dayBefore = day;
    day.pending.copyFrom(endMs, this.#day.pending);
    clock.startDay();
    // A forecast is for the day that begins.
    if (this.#fold.isForecast) this.closeDay();
  }

  /** Closes up to `most` SKUs of the day that is over; true when none is left. */
  closeSome(most: number): boolean {
    if (this.#closing === undefined) return true;
    if (!this.#closing.closeSome(most)) return false;
    this.#forgetDayBefore();
    return true;
  }

  closeDay(): void {
    this.closeSome(Number.POSITIVE_INFINITY);
  }

  #forgetDayBefore(): void {
    this.#closing = undefined;
    this.#dayBefore.pending.clear();
    this.#dayBefore.states.clear();
  }

  /** Nobody may see the SKU as the day before left it open. */
  #closeSku(sku: number): void {
    const closing = this.#closing;
    if (closing === undefined) return;
    if (closing.teaches || (closing.drifts && !this.#slab.has(sku))) this.closeDay();
    else closing.close(sku);
  }

  /** What the tape hears of a day. */
  #tell(endMs: number): void {
    const { tape } = this;
    if (tape === undefined) return;
    const { pending } = this.#day;
    const { t, code, x, y } = pending.events;
    const rows = this.#rows;
    for (const sku of pending.touched) {
      pending.collect(sku, endMs, rows);
      takeKind(pending, rows, 0);
      for (const at of rows) {
        const elapsed = this.#clock.elapsedAt(t[at] as number);
        tape(sku, elapsed, code[at] as number, x[at] as number, y[at] as number);
      }
    }
    tape(-1, this.#clock.elapsed, 0, 0, 0);
  }

  /** The belief about one SKU at `t`, pending observations included; undefined if it was never heard of. */
  read(sku: number, t: number): WorkingState | undefined {
    if (!this.#foldPending(sku)) return undefined;
    this.#fold.passTo(this.#clock.elapsedAt(t));
    return atHand;
  }

  /**
   * Loads a belief and folds what is pending into it; false where there is none. What sealed hours made of it is kept:
   * nothing but an earlier observation can change that.
   */
  #foldPending(sku: number): boolean {
    this.#closeSku(sku);
    const rows = this.#rows;
    const { pending, states } = this.#day;
    const clock = this.#clock;
    const sealedUntilMs = clock.sealedUntilMs;
    this.#forgetResealed();
    pending.collect(sku, Number.POSITIVE_INFINITY, rows);
    const kind = takeKind(pending, rows, this.#slab.kindOf(sku));
    const isOld = this.#slab.has(sku);
    if (rows.length === 0 && !isOld) return false;
    const resumed = this.#fold.resume(sku, this.#day, rows, this.#slab, kind);
    const folded = this.#foldRows(sku, resumed, sealedUntilMs);
    // A new SKU begins with a prior that the rest of the day may still change.
    if (folded > resumed && isOld) states.keep(sku, atHand, sealedUntilMs);
    this.#foldRows(sku, folded, Number.POSITIVE_INFINITY);
    return true;
  }

  /** Folds the rows at hand that are dated before `untilMs`, from the row number `from` on; returns the next. */
  #foldRows(sku: number, from: number, untilMs: number): number {
    const rows = this.#rows;
    const { pending } = this.#day;
    const { t } = pending.events;
    let next = from;
    for (; next < rows.length; next++) {
      const at = rows[next] as number;
      const tAt = t[at] as number;
      if (!(tAt < untilMs)) break;
      this.#fold.fold(sku, pending, at, this.#clock.elapsedAt(tAt));
    }
    return next;
  }

  /** Hours that are sealed again are worth something else: what was made of them holds no more. */
  #forgetResealed(): void {
    const { reseals } = this.#clock;
    if (reseals === this.#reseals) return;
    this.#reseals = reseals;
    this.#day.states.clear();
  }

  /** Noted observations of a SKU, oldest first, the pending ones included. */
  evidenceOf(sku: number): ReturnType<EvidenceRing['of']> {
    this.#closeSku(sku);
    if (!this.#day.pending.has(sku)) return this.#evidence.of(sku);
    const ring = new EvidenceRing();
    for (const { t, code, x, y, before, after } of this.#evidence.of(sku))
      ring.note(0, t, code, x, y, before, after);
    if (this.#foldPending(sku)) noteEvidence(0, this.#day.pending, this.#rows, ring);
    return ring.of(0);
  }

  /** Units in the store beyond those booked, and units sold so far; undefined without a belief and a record. */
  gapOf(sku: number): { readonly gap: number; readonly sold: number } | undefined {
    const w = atHand;
    if (!this.#foldPending(sku) || Number.isNaN(w.record)) return undefined;
    return { gap: w.foundBeyond + meanUnits(pmfOf(w)) - w.record, sold: w.units };
  }

  /** Purchases expected and made since the day began, over some SKUs, as far as hours are sealed. */
  todayOf(isMeant: (sku: number) => boolean): { readonly expected: number; readonly made: number } {
    this.closeDay();
    const w = atHand;
    const share = this.today.made;
    const { t, sku, code, x, length } = this.#day.pending.events;
    const sealedUntilMs = this.#clock.sealedUntilMs;
    let expected = 0;
    for (let one = 0; one < this.#skus; one++) {
      if (!this.#slab.has(one) || !isMeant(one)) continue;
      this.#slab.load(one, w);
      expected += w.selling * meanRate(w.live) * share;
    }
    let made = 0;
    for (let at = 0; at < length; at++)
      if (
        code[at] === codeOf.sale &&
        (x[at] as number) > 0 &&
        (t[at] as number) < sealedUntilMs &&
        isMeant(sku[at] as number)
      )
        made++;
    return { expected, made };
  }

  /** Trading days that today should have been worth by now, and was. */
  get today(): { readonly expected: number; readonly made: number } {
    return this.#clock.today;
  }

  logLikelihood(): number {
    this.closeDay();
    let sum = 0;
    for (let sku = 0; sku < this.#skus; sku++) if (this.#slab.has(sku)) sum += this.#slab.logLikelihood(sku);
    return sum;
  }

  /** What is folded, copied. */
  snapshot(): FilterSnapshot {
    this.closeDay();
    return { ...this.folded, slab: this.#slab.clone(), evidence: this.#evidence.clone() };
  }

  /** Goes back to a snapshot, or to the very beginning. */
  restore(snapshot: FilterSnapshot | undefined): void {
    this.#forgetDayBefore();
    this.#day.pending.clear();
    this.#day.states.clear();
    this.#slab = snapshot?.slab.clone() ?? new StateSlab();
    this.#clock.restore(snapshot?.hour ?? Number.NaN, snapshot?.clock ?? freshClock());
    this.#evidence = snapshot?.evidence.clone() ?? new EvidenceRing();
    this.#fold.groups.restore(snapshot?.groups ?? []);
    this.#skus = Math.max(this.#skus, this.#slab.size);
  }

  /** What is folded, for writing it out. */
  get folded(): FilterSnapshot {
    this.closeDay();
    return {
      hour: this.#clock.dayFrom,
      slab: this.#slab,
      clock: this.#clock.kept,
      evidence: this.#evidence,
      groups: this.#fold.groups.entries(),
    };
  }

  /** Expected trading days between two instants, by the learned hours and weekdays. */
  tradingDaysUntil(fromMs: number, toMs: number): number {
    return this.#clock.expectedBetween(fromMs, toMs);
  }
}
