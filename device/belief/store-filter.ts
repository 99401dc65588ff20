/**
 * The filter of one store: coded observations in, beliefs per SKU out.
 *
 * Time is cut into hours. Observations of hours that are not over are pending; when an hour is sealed its
 * worth is known (see store-clock.ts) and its observations are folded in a fixed order. A question between
 * seals folds the pending observations into a copy. At the end of a day every SKU is advanced.
 *
 * Invariants: the state after a seal depends only on the set of observations dated before it, never on
 * arrival order; sealed hours are never reopened here (belief.ts goes back to a snapshot instead).
 */
import { meanUnits, pmfOf } from './answers.ts';
import { EvidenceRing } from './evidence-ring.ts';
import { foldObservation } from './fold-observation.ts';
import { codeOf } from './observation-code.ts';
import type { BeliefParameters } from './parameters.ts';
import { PendingEvents } from './pending-events.ts';
import { DayDemand, logNormalRates, meanRate, pointRate, SHORTEST_SILENCE } from './rate-grid.ts';
import { type GroupPrior, RateGroups } from './rate-groups.ts';
import { StateSlab } from './state-slab.ts';
import {
  copyClock,
  expectedShare,
  freshClock,
  HOUR_MS,
  provisionalWorth,
  sealHour,
  type StoreClockState,
} from './store-clock.ts';
import { SilentDay } from './silent-day.ts';
import { type DemandModel, driftDemand, driftsAt, endDay, passTime } from './time-step.ts';
import { widePrior, WorkingState } from './working-state.ts';

/** An hour stays open this long after its end for observations that are minutes late. */
const GRACE_MS = 300_000;
const DAY_HOURS = 24;
/** Share of sale lines that belong to a sibling, where SKUs are known to be swapped. */
const SWAPPED = 0.08;
/** Priors of categories are fitted this often. */
const FIT_EVERY_DAYS = 4;
/** After this many silent days nothing more is learned by waiting: the clock jumps. */
const LONGEST_GAP_DAYS = 60;

export interface FilterSnapshot {
  /** All hours before this one are sealed. */
  readonly hour: number;
  readonly slab: StateSlab;
  readonly clock: StoreClockState;
  readonly evidence: EvidenceRing;
  readonly groups: readonly (readonly [number, GroupPrior])[];
  /** Everything of the hours before is folded, but the day that ended with them is not. */
  readonly isBeforeDayEnd?: boolean;
}

export class StoreFilter {
  readonly #parameters: BeliefParameters;
  readonly #model: DemandModel;
  readonly #swappedModel: DemandModel;
  readonly #groups: RateGroups;
  readonly #work = new WorkingState();
  #slab = new StateSlab();
  #clock = freshClock();
  #evidence = new EvidenceRing();
  /** First hour that is not sealed; NaN before the first observation. */
  #hour = Number.NaN;
  readonly #pending = new PendingEvents();
  /** Rows of the SKU at hand; reused. */
  readonly #rows: number[] = [];
  #skus = 0;
  /** The hour in which a SKU was last found sold, so that each counts once. */
  #soldIn = new Int32Array(64);
  /** An opening that is not sealed yet. A close does not count: it ends the hours that it is asked at. */
  #doorPending: true | undefined;
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

  /** Milliseconds up to which everything is sealed; -Infinity before the first observation. */
  get sealedUntilMs(): number {
    return Number.isNaN(this.#hour) ? Number.NEGATIVE_INFINITY : this.#hour * HOUR_MS;
  }

  get bytes(): number {
    return this.#slab.bytes;
  }

  /** `t` must not lie before `sealedUntilMs`. */
  append(t: number, sku: number, code: number, x: number, y: number): void {
    if (Number.isNaN(this.#hour)) this.#hour = Math.floor(t / HOUR_MS);
    this.advance(t);
    this.#pending.push(t, sku, code, x, y);
    if (code === codeOf.open) this.#doorPending = true;
    if (sku >= this.#skus) this.#skus = sku + 1;
  }

  /** Seals every hour that ended (with its grace) before `t`. */
  advance(t: number): void {
    if (Number.isNaN(this.#hour)) return;
    if (t < (this.#hour + 1) * HOUR_MS + GRACE_MS) return;
    const last = Math.floor((t - GRACE_MS) / HOUR_MS);
    let sealed = 0;
    while (this.#hour < last) {
      if (sealed++ > LONGEST_GAP_DAYS * DAY_HOURS) {
        this.#hour = last;
        return;
      }
      this.#seal();
    }
  }

  /** Folds the observations of the hour in question and closes it. */
  #seal(): void {
    const hour = this.#hour;
    const end = (hour + 1) * HOUR_MS;
    const doors = this.#doors(hour);
    const lines = this.#skusSold(end);
    const from = this.#clock.elapsed;
    const worth = sealHour(this.#clock, { hour, lines, openShare: doors });
    const { events, touched } = this.#pending;
    const rows = this.#rows;
    for (const sku of touched) {
      this.#pending.collect(sku, end, rows);
      this.#slab.setGroup(sku, this.#takeGroup(sku, rows));
      if (rows.length === 0) continue;
      this.#open(sku);
      for (const at of rows) {
        const elapsed = from + (worth * ((events.t[at] as number) - hour * HOUR_MS)) / HOUR_MS;
        this.#fold(sku, at, elapsed);
        this.tape?.(sku, elapsed, events.code[at] as number, events.x[at] as number, events.y[at] as number);
      }
      this.#slab.store(sku, this.#work);
    }
    this.#pending.forget(end);
    this.#doorPending = undefined;
    this.#hour = hour + 1;
    if (this.#hour % DAY_HOURS === 0) {
      if (this.onDayEnd === undefined) this.#sweep(this.#slab);
      else this.onDayEnd();
    }
  }

  /** How many different SKUs were sold before `end`. */
  #skusSold(end: number): number {
    const { t, code, x, sku, length } = this.#pending.events;
    const sold = this.#soldIn;
    if (sold.length < this.#skus) this.#soldIn = new Int32Array(this.#skus * 2);
    let count = 0;
    for (let at = 0; at < length; at++) {
      if (code[at] !== codeOf.sale || !((x[at] as number) > 0) || (t[at] as number) >= end) continue;
      const index = sku[at] as number;
      if (this.#soldIn[index] === this.#hour) continue;
      this.#soldIn[index] = this.#hour;
      count++;
    }
    return count;
  }

  /** Share of the hour in which the doors were open, from the open and close observations in it. */
  #doors(hour: number): number {
    const { t, code, length } = this.#pending.events;
    const start = hour * HOUR_MS;
    const end = start + HOUR_MS;
    let since = start;
    let openMs = 0;
    const turns: number[] = [];
    for (let at = 0; at < length; at++) {
      const isDoor = code[at] === codeOf.open || code[at] === codeOf.close;
      if (isDoor && (t[at] as number) < end) turns.push(at);
    }
    this.#pending.inOrder(turns);
    for (const at of turns) {
      if (this.#clock.isOpen) openMs += (t[at] as number) - since;
      since = t[at] as number;
      this.#clock.isOpen = code[at] === codeOf.open;
      this.#clock.hoursKnown = true;
      this.#clock.sinceDoor = 0;
    }
    if (this.#clock.isOpen) openMs += end - since;
    return openMs / HOUR_MS;
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

  #fold(sku: number, at: number, elapsed: number): void {
    const w = this.#work;
    if (Number.isNaN(w.clock)) w.clock = elapsed;
    passTime(w, elapsed - w.clock, this.#model);
    const before = w.absent;
    const code = this.#pending.events.code[at] as number;
    const x = this.#pending.events.x[at] as number;
    const y = this.#pending.events.y[at] as number;
    foldObservation(w, { code, x, y }, this.isSwapped?.(sku) === true ? this.#swappedModel : this.#model);
    this.#evidence.note(sku, {
      t: this.#pending.events.t[at] as number,
      code,
      x,
      y,
      before,
      after: w.absent,
    });
  }

  /**
   * Ends the day and returns what was before it as a snapshot: beliefs go from one slab into the other, in the
   * arrays of a snapshot that is no longer needed, so that keeping one costs no copy.
   */
  keepAndEndDay(spent?: FilterSnapshot): FilterSnapshot {
    const kept = { ...this.snapshot(spent, this.#slab), isBeforeDayEnd: true };
    const next = this.#slab.follow(spent?.slab);
    this.#sweep(next);
    this.#slab = next;
    return kept;
  }

  /** The end of a trading day: everybody's silence and drift. */
  #sweep(into: StateSlab): void {
    const w = this.#work;
    const { elapsed } = this.#clock;
    this.tape?.(-1, elapsed, 0, 0, 0);
    // SKUs with a prior or a forecast of their own have nothing to learn from their category.
    const day = this.#hour / DAY_HOURS;
    const fits = day % FIT_EVERY_DAYS === 0 && this.ratePrior === undefined && this.knownRate === undefined;
    const drifts = driftsAt(elapsed, elapsed - this.#clock.dayStart);
    this.#clock.dayStart = elapsed;
    const drift = (belief: Float64Array): void => {
      driftDemand(belief, this.#parameters);
    };
    let silent: SilentDay | undefined;
    for (let sku = 0; sku < this.#skus; sku++) {
      if (!this.#slab.has(sku)) continue;
      const u = this.#slab.silentFor(sku, elapsed);
      if (u >= SHORTEST_SILENCE && this.knownRate === undefined) {
        if (silent?.lasts(u) !== true) silent = new SilentDay(u, this.#parameters, this.#model.demand);
        this.#slab.passSilently(sku, silent, elapsed, into);
        if (drifts) into.changeDemand(sku, drift);
        if (fits) into.teach(sku, this.#groups);
        continue;
      }
      this.#slab.load(sku, w);
      passTime(w, elapsed - w.clock, this.#model);
      w.clock = elapsed;
      endDay(w, this.#parameters, drifts);
      this.#useKnownRate(sku);
      into.store(sku, w);
      if (fits) into.teach(sku, this.#groups);
    }
    if (fits) this.#correctPriors(into);
  }

  /** Fits the groups' priors to the beliefs and the beliefs to the new priors. */
  #correctPriors(slab: StateSlab): void {
    const ratios = this.#groups.fit();
    for (let sku = 0; sku < this.#skus; sku++) {
      if (!slab.has(sku)) continue;
      const ratio = ratios.get(slab.groupOf(sku));
      if (ratio !== undefined) slab.reweigh(sku, ratio);
    }
  }

  #useKnownRate(sku: number): void {
    const rate = this.knownRate?.(sku);
    if (rate === undefined) return;
    pointRate(this.#work.live, rate);
    pointRate(this.#work.idle, rate);
  }

  /** Trading days elapsed at `t`, by expectation where the hour is not sealed. */
  #elapsedAt(t: number): number {
    let { elapsed } = this.#clock;
    let hour = this.#hour;
    const isOpen = this.#doorPending ?? this.#clock.isOpen;
    const hoursKnown = this.#clock.hoursKnown || this.#doorPending !== undefined;
    const sinceDoor = this.#doorPending === true ? 0 : this.#clock.sinceDoor;
    const now = { ...this.#clock, isOpen, hoursKnown, sinceDoor };
    while ((hour + 1) * HOUR_MS <= t && hour < this.#hour + DAY_HOURS) {
      elapsed += provisionalWorth(now, hour);
      hour++;
    }
    const share = Math.min(1, Math.max(0, (t - hour * HOUR_MS) / HOUR_MS));
    return elapsed + share * provisionalWorth(now, hour);
  }

  /** The belief about one SKU at `t`, pending observations included; undefined if it was never heard of. */
  read(sku: number, t: number): WorkingState | undefined {
    const w = this.#work;
    const kept = this.#evidence;
    this.#evidence = unnoted;
    const isKnown = this.#foldPending(sku, sku);
    this.#evidence = kept;
    if (!isKnown) return undefined;
    passTime(w, this.#elapsedAt(t) - w.clock, this.#model);
    return w;
  }

  /** Loads a belief and folds what is pending into it, noting it under `noteAs`; false where there is none. */
  #foldPending(sku: number, noteAs: number): boolean {
    const rows = this.#rows;
    this.#pending.collect(sku, Number.POSITIVE_INFINITY, rows);
    const group = this.#takeGroup(sku, rows);
    if (rows.length === 0 && !this.#slab.has(sku)) return false;
    this.#open(sku, group);
    for (const at of rows) this.#fold(noteAs, at, this.#elapsedAt(this.#pending.events.t[at] as number));
    return true;
  }

  /** Noted observations of a SKU, oldest first, the pending ones included. */
  evidenceOf(sku: number): ReturnType<EvidenceRing['of']> {
    if (!this.#pending.has(sku)) return this.#evidence.of(sku);
    const ring = new EvidenceRing();
    for (const entry of this.#evidence.of(sku)) ring.note(0, entry);
    const kept = this.#evidence;
    this.#evidence = ring;
    this.#foldPending(sku, 0);
    this.#evidence = kept;
    return ring.of(0);
  }

  /** Units in the store beyond those booked, and units sold so far; undefined without a sealed belief and record. */
  gapOf(sku: number): { readonly gap: number; readonly sold: number } | undefined {
    const w = this.#work;
    if (!this.#slab.has(sku)) return undefined;
    this.#slab.load(sku, w);
    if (Number.isNaN(w.record)) return undefined;
    return { gap: w.foundBeyond + meanUnits(pmfOf(w)) - w.record, sold: w.units };
  }

  /** Purchases expected and made since the day began, over some SKUs, as far as hours are sealed. */
  todayOf(isMeant: (sku: number) => boolean): { readonly expected: number; readonly made: number } {
    const w = this.#work;
    const share = this.today.made;
    let expected = 0;
    let made = 0;
    for (let sku = 0; sku < this.#skus; sku++) {
      if (!this.#slab.has(sku) || !isMeant(sku)) continue;
      this.#slab.load(sku, w);
      expected += w.selling * meanRate(w.live) * share;
      made += w.daySales;
    }
    return { expected, made };
  }

  /** Trading days that today should have been worth by now, and was. */
  get today(): { readonly expected: number; readonly made: number } {
    const { elapsed, dayStart } = this.#clock;
    const day = Math.floor(this.#hour / DAY_HOURS) * DAY_HOURS * HOUR_MS;
    return { expected: this.tradingDaysUntil(day, this.sealedUntilMs), made: elapsed - dayStart };
  }

  logLikelihood(): number {
    let sum = 0;
    for (let sku = 0; sku < this.#skus; sku++) if (this.#slab.has(sku)) sum += this.#slab.logLikelihood(sku);
    return sum;
  }

  /** The sealed state, copied into the arrays of a snapshot that is no longer needed; with a slab given, that one. */
  snapshot(spent?: FilterSnapshot, slab = this.#slab.clone(spent?.slab)): FilterSnapshot {
    return {
      hour: this.#hour,
      slab,
      clock: copyClock(this.#clock),
      evidence: this.#evidence.clone(spent?.evidence),
      groups: this.#groups.entries(),
    };
  }

  /** Goes back to a snapshot, or to the very beginning. */
  restore(snapshot: FilterSnapshot | undefined): void {
    this.#pending.clear();
    this.#soldIn.fill(0);
    this.#doorPending = undefined;
    this.#hour = snapshot?.hour ?? Number.NaN;
    this.#slab = snapshot?.slab.clone() ?? new StateSlab();
    this.#clock = snapshot === undefined ? freshClock() : copyClock(snapshot.clock);
    this.#evidence = snapshot?.evidence.clone() ?? new EvidenceRing();
    this.#groups.restore(snapshot?.groups ?? []);
    this.#skus = Math.max(this.#skus, this.#slab.size);
    if (snapshot?.isBeforeDayEnd === true) this.#sweep(this.#slab);
  }

  /** The sealed state, for writing it out. */
  get sealed(): FilterSnapshot {
    return {
      hour: this.#hour,
      slab: this.#slab,
      clock: this.#clock,
      evidence: this.#evidence,
      groups: this.#groups.entries(),
    };
  }

  /** Expected trading days between two instants, by the learned hours and weekdays. */
  tradingDaysUntil(fromMs: number, toMs: number): number {
    if (!(toMs > fromMs)) return 0;
    let days = 0;
    const last = Math.min(toMs, fromMs + LONGEST_GAP_DAYS * DAY_HOURS * HOUR_MS);
    for (let at = fromMs; at < last; ) {
      const hour = Math.floor(at / HOUR_MS);
      const end = Math.min(last, (hour + 1) * HOUR_MS);
      days += (expectedShare(this.#clock, hour) * (end - at)) / HOUR_MS;
      at = end;
    }
    return days;
  }
}

/** Swallows the notes of provisional folds. */
class SilentRing extends EvidenceRing {
  override note(): void {}
}
const unnoted = new SilentRing();
