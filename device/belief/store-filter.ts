/**
 * The filter of one store: coded observations in, beliefs per SKU out.
 *
 * Time is cut into hours. When an hour is over it is sealed: what it was worth is known (see store-clock.ts).
 * Observations stay pending until their day (UTC) is over; then each SKU is unpacked once, its day is folded in a
 * fixed order, and it is packed again. A question in between folds what is pending into a copy. An observation of
 * today that comes late only has the hours of today sealed again.
 *
 * Invariants: the state after a day depends only on the set of observations dated before its end, never on
 * arrival order; folded days are never reopened here (belief.ts goes back to a snapshot instead).
 */
import { meanUnits, pmfOf } from './answers.ts';
import { EvidenceRing } from './evidence-ring.ts';
import { foldObservation } from './fold-observation.ts';
import { codeOf } from './observation-code.ts';
import type { BeliefParameters } from './parameters.ts';
import { PendingEvents } from './pending-events.ts';
import { DayDemand, logNormalRates, meanRate, pointRate, LEAST_STEP } from './rate-grid.ts';
import { type GroupPrior, RateGroups } from './rate-groups.ts';
import { StateSlab } from './state-slab.ts';
import { DayClock } from './day-clock.ts';
import { DAY_HOURS, freshClock, HOUR_MS, type StoreClockState } from './store-clock.ts';
import { SilentSweep } from './silent-sweep.ts';
import { type DemandModel, driftsAt, endDay, passTime } from './time-step.ts';
import { TodayStates } from './today-states.ts';
import { widePrior, type WorkingState } from './working-state.ts';
import { atHand } from './step-kernel.ts';

/** Share of sale lines that belong to a sibling, where SKUs are known to be swapped. */
const SWAPPED = 0.08;
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

export class StoreFilter {
  readonly #parameters: BeliefParameters;
  readonly #model: DemandModel;
  readonly #swappedModel: DemandModel;
  readonly #groups: RateGroups;
  readonly #work = atHand;
  #slab = new StateSlab();
  readonly #clock = new DayClock();
  #evidence = new EvidenceRing();
  readonly #pending = new PendingEvents();
  /** Rows of the SKU at hand; reused. */
  readonly #rows: number[] = [];
  readonly #sweep = new SilentSweep();
  /** What today's sealed hours made of SKUs that were asked about, and how often hours had been sealed again then. */
  readonly #today = new TodayStates();
  #reseals = 0;
  #skus = 0;
  /** Called at a day's end instead of living it: must call `keepAndEndDay`. */
  onDayEnd: (() => void) | undefined;
  /** Hears of everything folded for good, with the trading days elapsed; a SKU of -1 is a day's end. */
  tape: ((sku: number, elapsed: number, code: number, x: number, y: number) => void) | undefined;
  /** Demand to expect of a SKU before anything is known of it. */
  ratePrior: ((sku: number) => { readonly median: number; readonly spread: number } | undefined) | undefined;
  /** SKUs that are swapped with others at the till, where somebody knows. */
  isSwapped: ((sku: number) => boolean) | undefined;
  /** A forecast that replaces the learned rate (purchases per trading day) at every day's end. */
  knownRate: ((sku: number) => number | undefined) | undefined;

  constructor(parameters: BeliefParameters) {
    this.#parameters = parameters;
    this.#model = { parameters, demand: new DayDemand(parameters.dispersion) };
    this.#swappedModel = {
      demand: this.#model.demand,
      parameters: { ...parameters, misScan: Math.max(SWAPPED, parameters.misScan) },
    };
    this.#groups = new RateGroups({ mean: Math.log(parameters.rateMedian), spread: parameters.rateSpread });
  }

  get parameters(): BeliefParameters {
    return this.#parameters;
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
    this.#pending.push(t, sku, code, x, y);
    this.#today.hear(sku, t);
    if (sku >= this.#skus) this.#skus = sku + 1;
  }

  /** Seals every hour that ended (with its grace) before `t`, and folds every day. */
  advance(t: number): void {
    while (this.#clock.advance(t))
      if (this.onDayEnd === undefined) this.#foldDay(this.#slab);
      else this.onDayEnd();
  }

  #open(sku: number, group = this.#slab.groupOf(sku)): void {
    const w = this.#work;
    if (this.#slab.has(sku)) {
      this.#slab.load(sku, w);
      return;
    }
    w.record = Number.NaN;
    w.reordersAt = Number.NaN;
    w.foundBeyond = 0;
    w.units = 0;
    w.purchases = 0;
    w.viewClock = -1e9;
    w.viewEmpty = false;
    w.dayUsed = 0;
    w.daySales = 0;
    w.logLikelihood = 0;
    const own = this.ratePrior?.(sku);
    w.live.set(own === undefined ? this.#groups.gridOf(group) : logNormalRates(own.median, own.spread));
    w.idle.set(w.live);
    w.contradictions = -1;
    widePrior(w);
    w.clock = Number.NaN;
    this.#useKnownRate(sku);
  }

  /** Takes catalog entries out of `rows`: they say what kind of SKU it is, and move nothing else. */
  #takeGroup(sku: number, rows: number[]): number {
    const { code, x } = this.#pending.events;
    let group = this.#slab.groupOf(sku);
    let kept = 0;
    for (const at of rows)
      if (code[at] === codeOf.catalog) group = x[at] as number;
      else rows[kept++] = at;
    rows.length = kept;
    return group;
  }

  /** Folds one row into the belief at hand. */
  #fold(sku: number, at: number): void {
    const w = this.#work;
    const { events, before, after } = this.#pending;
    const elapsed = this.#clock.elapsedAt(events.t[at] as number);
    if (Number.isNaN(w.clock)) w.clock = elapsed;
    passTime(w, elapsed - w.clock, this.#model);
    before[at] = w.absent;
    const model = this.isSwapped?.(sku) === true ? this.#swappedModel : this.#model;
    foldObservation(w, events.code[at] as number, events.x[at] as number, events.y[at] as number, model);
    after[at] = w.absent;
  }

  /** Loads a belief with what is already made of today; returns how many of its rows that is. */
  #resume(sku: number, rows: readonly number[], group?: number): number {
    const untilMs = this.#today.untilOf(sku);
    if (untilMs === Number.NEGATIVE_INFINITY) {
      this.#open(sku, group);
      return 0;
    }
    this.#today.load(sku, this.#work);
    const { t } = this.#pending.events;
    let folded = 0;
    while (folded < rows.length && (t[rows[folded] as number] as number) < untilMs) folded++;
    return folded;
  }

  /** Notes what rows did to a belief. */
  #note(sku: number, rows: readonly number[], ring: EvidenceRing): void {
    const { events, before, after } = this.#pending;
    for (const at of rows)
      ring.note(
        sku,
        events.t[at] as number,
        events.code[at] as number,
        events.x[at] as number,
        events.y[at] as number,
        before[at] as number,
        after[at] as number,
      );
  }

  /**
   * Folds the day that is over and returns what was before it as a snapshot: beliefs go from one slab into the
   * other, in the arrays of a snapshot that is no longer needed, so that keeping one costs no copy.
   */
  keepAndEndDay(spent?: FilterSnapshot): FilterSnapshot {
    const kept = this.snapshot(spent, this.#slab);
    const next = this.#slab.follow(spent?.slab);
    this.#foldDay(next);
    this.#slab = next;
    return kept;
  }

  /** The end of a trading day: everybody's observations, silence and drift. */
  #foldDay(into: StateSlab): void {
    const rows = this.#rows;
    const endMs = this.#clock.sealedUntilMs;
    this.#forgetResealed();
    this.#tell(endMs);
    const { elapsed, dayStart } = this.#clock;
    // SKUs with a prior or a forecast of their own have nothing to learn from their category.
    const date = endMs / (DAY_HOURS * HOUR_MS);
    const teaches =
      date % FIT_EVERY_DAYS === 0 && this.ratePrior === undefined && this.knownRate === undefined;
    const drifts = driftsAt(elapsed, elapsed - dayStart);
    const u = elapsed - dayStart;
    const sweep = this.#sweep;
    sweep.begin(
      { u: u < LEAST_STEP ? 0 : u, elapsed, drifts, teaches },
      this.#parameters,
      this.#model.demand,
    );
    const pending = this.#pending;
    for (const sku of pending.touched) {
      if (pending.hears(sku, endMs)) continue;
      pending.collect(sku, endMs, rows);
      this.#putIntoGroup(sku, this.#takeGroup(sku, rows), into);
    }
    const alone: number[] = [];
    this.#slab.passSilently(into, sweep, {
      isSilent: (sku) => !pending.hears(sku, endMs),
      // A forecast of its own replaces what the sweep makes of a SKU's demand.
      isApart: this.knownRate === undefined ? undefined : () => true,
      passOver: (sku) => alone.push(sku),
      groups: teaches ? this.#groups : undefined,
    });
    const endAlone = (sku: number): void => {
      passTime(this.#work, elapsed - this.#work.clock, this.#model);
      this.#work.clock = elapsed;
      endDay(this.#work, this.#parameters, drifts);
      this.#useKnownRate(sku);
      into.store(sku, this.#work);
      if (teaches) into.teach(sku, this.#groups);
    };
    for (const sku of alone) {
      this.#open(sku);
      endAlone(sku);
    }
    for (const sku of pending.touched) {
      if (!pending.hears(sku, endMs)) continue;
      pending.collect(sku, endMs, rows);
      this.#putIntoGroup(sku, this.#takeGroup(sku, rows), into);
      for (let i = this.#resume(sku, rows); i < rows.length; i++) this.#fold(sku, rows[i] as number);
      this.#note(sku, rows, this.#evidence);
      endAlone(sku);
    }
    if (teaches) into.reweigh(sweep, this.#groups.fit());
    pending.forget(endMs);
    this.#today.clear();
    this.#clock.startDay();
  }

  #putIntoGroup(sku: number, group: number, into: StateSlab): void {
    if (group === this.#slab.groupOf(sku)) return;
    this.#slab.setGroup(sku, group);
    into.setGroup(sku, group);
  }

  /** What the tape hears of a day. */
  #tell(endMs: number): void {
    const { tape } = this;
    if (tape === undefined) return;
    const { t, code, x, y } = this.#pending.events;
    const rows = this.#rows;
    for (const sku of this.#pending.touched) {
      this.#pending.collect(sku, endMs, rows);
      this.#takeGroup(sku, rows);
      for (const at of rows) {
        const elapsed = this.#clock.elapsedAt(t[at] as number);
        tape(sku, elapsed, code[at] as number, x[at] as number, y[at] as number);
      }
    }
    tape(-1, this.#clock.elapsed, 0, 0, 0);
  }

  #useKnownRate(sku: number): void {
    const rate = this.knownRate?.(sku);
    if (rate === undefined) return;
    pointRate(this.#work.live, rate);
    pointRate(this.#work.idle, rate);
  }

  /** The belief about one SKU at `t`, pending observations included; undefined if it was never heard of. */
  read(sku: number, t: number): WorkingState | undefined {
    const w = this.#work;
    if (!this.#foldPending(sku)) return undefined;
    passTime(w, this.#clock.elapsedAt(t) - w.clock, this.#model);
    return w;
  }

  /**
   * Loads a belief and folds what is pending into it; false where there is none. What sealed hours made of it is kept:
   * nothing but an earlier observation can change that.
   */
  #foldPending(sku: number): boolean {
    const rows = this.#rows;
    const sealedUntilMs = this.#clock.sealedUntilMs;
    this.#forgetResealed();
    this.#pending.collect(sku, Number.POSITIVE_INFINITY, rows);
    const group = this.#takeGroup(sku, rows);
    const isOld = this.#slab.has(sku);
    if (rows.length === 0 && !isOld) return false;
    const { t } = this.#pending.events;
    const resumed = this.#resume(sku, rows, group);
    let folded = resumed;
    for (; folded < rows.length && (t[rows[folded] as number] as number) < sealedUntilMs; folded++)
      this.#fold(sku, rows[folded] as number);
    // A new SKU begins with a prior that the rest of the day may still change.
    if (folded > resumed && isOld) this.#today.keep(sku, this.#work, sealedUntilMs);
    for (; folded < rows.length; folded++) this.#fold(sku, rows[folded] as number);
    return true;
  }

  /** Hours that are sealed again are worth something else: what was made of them holds no more. */
  #forgetResealed(): void {
    const { reseals } = this.#clock;
    if (reseals === this.#reseals) return;
    this.#reseals = reseals;
    this.#today.clear();
  }

  /** Noted observations of a SKU, oldest first, the pending ones included. */
  evidenceOf(sku: number): ReturnType<EvidenceRing['of']> {
    if (!this.#pending.has(sku)) return this.#evidence.of(sku);
    const ring = new EvidenceRing();
    for (const { t, code, x, y, before, after } of this.#evidence.of(sku))
      ring.note(0, t, code, x, y, before, after);
    if (this.#foldPending(sku)) this.#note(0, this.#rows, ring);
    return ring.of(0);
  }

  /** Units in the store beyond those booked, and units sold so far; undefined without a belief and a record. */
  gapOf(sku: number): { readonly gap: number; readonly sold: number } | undefined {
    const w = this.#work;
    if (!this.#foldPending(sku) || Number.isNaN(w.record)) return undefined;
    return { gap: w.foundBeyond + meanUnits(pmfOf(w)) - w.record, sold: w.units };
  }

  /** Purchases expected and made since the day began, over some SKUs, as far as hours are sealed. */
  todayOf(isMeant: (sku: number) => boolean): { readonly expected: number; readonly made: number } {
    const w = this.#work;
    const share = this.today.made;
    const { t, sku, code, x, length } = this.#pending.events;
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
    let sum = 0;
    for (let sku = 0; sku < this.#skus; sku++) if (this.#slab.has(sku)) sum += this.#slab.logLikelihood(sku);
    return sum;
  }

  /** What is folded, copied into the arrays of a snapshot that is no longer needed; with a slab given, that one. */
  snapshot(spent?: FilterSnapshot, slab = this.#slab.clone(spent?.slab)): FilterSnapshot {
    return {
      hour: this.#clock.dayFrom,
      slab,
      clock: this.#clock.kept,
      evidence: this.#evidence.clone(spent?.evidence),
      groups: this.#groups.entries(),
    };
  }

  /** Goes back to a snapshot, or to the very beginning. */
  restore(snapshot: FilterSnapshot | undefined): void {
    this.#pending.clear();
    this.#today.clear();
    this.#slab = snapshot?.slab.clone() ?? new StateSlab();
    this.#clock.restore(snapshot?.hour ?? Number.NaN, snapshot?.clock ?? freshClock());
    this.#evidence = snapshot?.evidence.clone() ?? new EvidenceRing();
    this.#groups.restore(snapshot?.groups ?? []);
    this.#skus = Math.max(this.#skus, this.#slab.size);
  }

  /** What is folded, for writing it out. */
  get folded(): FilterSnapshot {
    return {
      hour: this.#clock.dayFrom,
      slab: this.#slab,
      clock: this.#clock.kept,
      evidence: this.#evidence,
      groups: this.#groups.entries(),
    };
  }

  /** Expected trading days between two instants, by the learned hours and weekdays. */
  tradingDaysUntil(fromMs: number, toMs: number): number {
    return this.#clock.expectedBetween(fromMs, toMs);
  }
}
