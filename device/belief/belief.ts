/**
 * Belief over the true on-hand of every SKU of a store.
 *
 * States: `sealed` hours are folded for good; the hours that still run are pending (store-filter.ts). An
 * observation older than the sealed hours goes back to the newest snapshot before it and folds the store's
 * history forward again, so that the belief ends as if everything had arrived in order. Going back happens
 * at the next question, once for all late observations that came meanwhile.
 *
 * History comes from the `history` callback (the ledger) or, without one, from a bounded log in memory.
 * Nothing here reads a clock, a file or the network; offline makes no difference.
 */
import type { Observation } from '@truecount/protocol';
import {
  atLeast,
  availableToPromise,
  type Position,
  pmfOf,
  positionOf,
  quantileOf,
  runsOutWithin,
} from './answers.ts';
import { EventStore } from './event-store.ts';
import { type Explanation, explain } from './explain.ts';
import { instantOf, msOf } from './instant.ts';
import { CODES, codeOf, quantitiesOf } from './observation-code.ts';
import { type BeliefParameters, defaultParameters } from './parameters.ts';
import { readSnapshot, snapshotBytes } from './snapshot-bytes.ts';
import { HOUR_MS } from './store-clock.ts';
import { type FilterSnapshot, StoreFilter } from './store-filter.ts';

export interface CatalogEntry {
  readonly sku: string;
  readonly name?: string;
  readonly price?: number;
  readonly cost?: number;
  readonly currency?: string;
  readonly category?: string;
  readonly place?: string;
  readonly facings?: number;
  readonly pack?: number;
  readonly gtin?: string;
}

export interface BeliefOptions {
  readonly parameters?: BeliefParameters;
  /**
   * All observations of the store dated at or after `fromMs`, in order of `t`; must include those already
   * handed to `observe`. Without it a log of the last `historyLimit` observations is kept in memory.
   */
  readonly history?: (fromMs: number) => Iterable<Observation>;
  readonly historyLimit?: number;
  /** Hears of everything folded for good; see StoreFilter.tape. */
  readonly tape?: (sku: number, elapsed: number, code: number, x: number, y: number) => void;
  /** What to expect of a SKU before its first sale; the parameters' prior without it. */
  readonly ratePrior?: (
    catalog: CatalogEntry,
  ) => { readonly median: number; readonly spread: number } | undefined;
  /** A forecast of purchases per trading day that replaces the learned rate, where there is one. */
  readonly forecast?: (sku: string) => number | undefined;
}

export interface Belief {
  observe(observation: Observation): void;
  /** The same for an observation already read into numbers (see observation-code.ts); no catalog, no checkpoint. */
  observeCoded(t: number, sku: string, event: CodedEvent): void;
  /** Time passes until `t` (ISO instant) without anything being heard. */
  advance(t: string): void;
  position(sku: string): Position | undefined;
  probabilityAtLeast(sku: string, q: number): number;
  quantile(sku: string, share: number): number;
  /** Largest q with P(on-hand - reserved >= q) >= target. */
  atp(sku: string, target: number, reserved: number): number;
  /** P(on-hand runs out before `t` without a delivery). */
  stockoutBefore(sku: string, t: string): number;
  /** Trading days expected between two instants, by the hours and weekdays learned so far. */
  tradingDays(from: string, to: string): number;
  /** SKUs that were heard of, in the order in which they were. */
  skus(): readonly string[];
  catalog(sku: string): CatalogEntry | undefined;
  explain(sku: string): Explanation | undefined;
  /** How P(on-hand = 0), units out of reach in the backroom, and selling share the belief. */
  situation(sku: string): Situation | undefined;
  /** How well everything sealed so far was predicted: the sum over SKUs of the log-likelihood. */
  logLikelihood(): number;
  /** Everything sealed, as bytes. The same history gives the same bytes. */
  snapshot(): Uint8Array;
  /** Takes a snapshot back; returns the instant from which observations must be observed again. */
  restore(bytes: Uint8Array): string | undefined;
  readonly now: string | undefined;
  readonly parameters: BeliefParameters;
  readonly health: BeliefHealth;
}

export interface Situation {
  readonly absent: number;
  readonly hidden: number;
  readonly selling: number;
}

interface CodedEvent {
  readonly code: number;
  readonly x: number;
  readonly y: number;
}

export interface BeliefHealth {
  readonly skus: number;
  readonly bytes: number;
  /** How often history was folded again because of late observations. */
  readonly refolds: number;
  /** Late observations older than all history still held; folded as early as possible. */
  readonly tooLate: number;
}

/** Snapshots for going back: at most this many, thinned to roughly doubling ages, within a byte budget. */
const MAX_SNAPSHOTS = 8;
const SNAPSHOT_BUDGET_BYTES = 40_000_000;
const DEFAULT_HISTORY = 1_000_000;
/** Further ahead than this of everything else is a wrong clock, unless several in a row say so. */
const AHEAD_MS = 400 * 24 * HOUR_MS;
const AGREEING_AHEAD = 5;
/** Late observations waiting for the next question; more force a refold. */
const MAX_WAITING_LATE = 50_000;

class BeliefPastError extends Error {
  readonly code = 'BELIEF_TIME';
}

class StoreBelief implements Belief {
  readonly #filter: StoreFilter;
  readonly #history: BeliefOptions['history'];
  readonly #historyLimit: number;
  readonly #log = new EventStore(1024);
  #logFromMs = Number.NEGATIVE_INFINITY;
  readonly #indexOf = new Map<string, number>();
  readonly #names: string[] = [];
  readonly #catalog: { entry: CatalogEntry; t: number }[] = [];
  readonly #ahead = new EventStore(16);
  #snapshots: FilterSnapshot[] = [];
  #lateFromMs = Number.POSITIVE_INFINITY;
  #lateWaiting = 0;
  #nowMs = Number.NEGATIVE_INFINITY;
  #refolds = 0;
  #tooLate = 0;

  constructor(options: BeliefOptions) {
    this.#filter = new StoreFilter(options.parameters ?? defaultParameters);
    this.#history = options.history;
    this.#historyLimit = options.historyLimit ?? DEFAULT_HISTORY;
    this.#filter.tape = options.tape;
    const { forecast, ratePrior } = options;
    if (ratePrior !== undefined)
      this.#filter.ratePrior = (index) =>
        ratePrior(this.#catalog[index]?.entry ?? { sku: this.#names[index] as string });
    if (forecast !== undefined) this.#filter.knownRate = (index) => forecast(this.#names[index] as string);
    this.#filter.onDayEnd = () => this.#keepSnapshot();
  }

  get parameters(): BeliefParameters {
    return this.#filter.parameters;
  }

  get now(): string | undefined {
    return Number.isFinite(this.#nowMs) ? instantOf(this.#nowMs) : undefined;
  }

  get health(): BeliefHealth {
    return {
      skus: this.#names.length,
      bytes: this.#filter.bytes,
      refolds: this.#refolds,
      tooLate: this.#tooLate,
    };
  }

  observe(observation: Observation): void {
    const t = msOf(observation.t);
    if (Number.isNaN(t))
      throw new BeliefPastError(`observation of ${observation.type} has no valid instant "${observation.t}"`);
    const sku = 'sku' in observation ? this.#register(observation.sku) : -1;
    if (observation.type === 'catalog') {
      if (this.#remember(sku, observation, t))
        this.#arrive(t, sku, codeOf.catalog, ...quantitiesOf(observation));
      return;
    }
    if (observation.type === 'checkpoint') {
      if (t > this.#nowMs) this.#nowMs = t;
      if (t >= this.#filter.sealedUntilMs) this.#filter.advance(t);
      return;
    }
    const [x, y] = quantitiesOf(observation);
    this.#arrive(t, sku, codeOf[observation.type], x, y);
  }

  observeCoded(t: number, sku: string, { code, x, y }: CodedEvent): void {
    this.#arrive(t, this.#register(sku), code, x, y);
  }

  /**
   * A clock that jumps years ahead must not carry the whole store with it: such observations wait until
   * several in a row agree on the new time.
   */
  #arrive(t: number, sku: number, code: number, x: number, y: number): void {
    const ahead = this.#ahead;
    if (Number.isFinite(this.#nowMs) && t > this.#nowMs + AHEAD_MS) {
      ahead.push(t, sku, code, x, y);
      if (ahead.length < AGREEING_AHEAD) return;
      for (let at = 0; at < ahead.length; at++)
        if ((ahead.t[at] as number) > this.#nowMs) this.#nowMs = ahead.t[at] as number;
      this.#release();
      return;
    }
    if (t > this.#nowMs) this.#nowMs = t;
    this.#take(t, sku, code, x, y);
  }

  #release(): void {
    const ahead = this.#ahead;
    for (let at = 0; at < ahead.length; at++)
      this.#take(
        ahead.t[at] as number,
        ahead.sku[at] as number,
        ahead.code[at] as number,
        ahead.x[at] as number,
        ahead.y[at] as number,
      );
    ahead.length = 0;
  }

  #take(t: number, sku: number, code: number, x: number, y: number): void {
    if (this.#history === undefined) this.#keepInLog(t, sku, code, x, y);
    if (t < this.#filter.sealedUntilMs) {
      this.#lateFromMs = Math.min(this.#lateFromMs, t);
      if (++this.#lateWaiting > MAX_WAITING_LATE) this.#settleLate();
      return;
    }
    this.#filter.append(t, sku, code, x, y);
  }

  advance(t: string): void {
    const ms = msOf(t);
    if (!(ms > this.#nowMs)) return;
    this.#nowMs = ms;
    this.#filter.advance(ms);
  }

  #register(sku: string): number {
    let index = this.#indexOf.get(sku);
    if (index === undefined) {
      index = this.#names.length;
      this.#indexOf.set(sku, index);
      this.#names.push(sku);
    }
    return index;
  }

  /** True when the filter must hear of it: it may put the SKU into another category. */
  #remember(index: number, observation: Extract<Observation, { type: 'catalog' }>, t: number): boolean {
    const known = this.#catalog[index];
    const { type: _type, t: _t, ...entry } = observation;
    const { category } = entry;
    // A restored entry has no time: what is folded may be older than it.
    const isNews =
      category !== undefined &&
      (known === undefined || known.entry.category !== category || t < known.t || !Number.isFinite(known.t));
    if (known === undefined) this.#catalog[index] = { entry, t };
    else if (t >= known.t) this.#catalog[index] = { entry: { ...known.entry, ...entry }, t };
    else this.#catalog[index] = { entry: { ...entry, ...known.entry }, t: known.t };
    return isNews;
  }

  #keepInLog(t: number, sku: number, code: number, x: number, y: number): void {
    const log = this.#log;
    if (log.length >= this.#historyLimit) {
      const dropped = Math.ceil(this.#historyLimit / 4);
      for (let at = 0; at < dropped; at++)
        this.#logFromMs = Math.max(this.#logFromMs, (log.t[at] as number) + 1);
      log.drop(dropped);
    }
    log.push(t, sku, code, x, y);
  }

  #keepSnapshot(): void {
    const budget = Math.floor(SNAPSHOT_BUDGET_BYTES / Math.max(1, this.#filter.bytes));
    const most = Math.max(1, Math.min(MAX_SNAPSHOTS, budget));
    let spent: FilterSnapshot | undefined;
    while (this.#snapshots.length >= most) spent = this.#thin();
    this.#snapshots.push(this.#filter.snapshot(spent));
  }

  /** Drops the snapshot whose neighbours are closest together, relative to its age. */
  #thin(): FilterSnapshot | undefined {
    const all = this.#snapshots;
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

  /** Goes back before the earliest late observation and folds forward again. */
  #settleLate(): void {
    if (this.#lateWaiting === 0) return;
    const lateFrom = this.#lateFromMs;
    this.#lateFromMs = Number.POSITIVE_INFINITY;
    this.#lateWaiting = 0;
    this.#refolds++;
    const usable = this.#snapshots.filter(
      (snapshot) => snapshot.hour * HOUR_MS <= lateFrom && snapshot.hour * HOUR_MS >= this.#logFromMs,
    );
    let base = usable.at(-1);
    const complete = this.#history !== undefined || this.#logFromMs === Number.NEGATIVE_INFINITY;
    if (base === undefined && !complete) {
      base = this.#snapshots.find((snapshot) => snapshot.hour * HOUR_MS >= this.#logFromMs);
      this.#tooLate++;
      if (base === undefined) return;
    }
    this.#snapshots = base === undefined ? [] : this.#snapshots.slice(0, this.#snapshots.indexOf(base) + 1);
    this.#filter.restore(base);
    const fromMs = base === undefined ? Number.NEGATIVE_INFINITY : base.hour * HOUR_MS;
    if (this.#history === undefined) this.#foldLog(fromMs);
    else this.#foldHistory(this.#history, fromMs);
    this.#filter.advance(this.#nowMs);
  }

  #foldLog(fromMs: number): void {
    const log = this.#log;
    const rows: number[] = [];
    for (let at = 0; at < log.length; at++) if ((log.t[at] as number) >= fromMs) rows.push(at);
    rows.sort((a, b) => (log.t[a] as number) - (log.t[b] as number) || a - b);
    for (const at of rows)
      this.#filter.append(
        log.t[at] as number,
        log.sku[at] as number,
        log.code[at] as number,
        log.x[at] as number,
        log.y[at] as number,
      );
  }

  #foldHistory(history: (fromMs: number) => Iterable<Observation>, fromMs: number): void {
    for (const observation of history(fromMs)) {
      if (observation.type === 'checkpoint') continue;
      const t = msOf(observation.t);
      if (t > this.#nowMs) break;
      if (observation.type === 'catalog' && observation.category === undefined) continue;
      const [x, y] = quantitiesOf(observation);
      const sku = 'sku' in observation ? this.#register(observation.sku) : -1;
      this.#filter.append(t, sku, codeOf[observation.type], x, y);
    }
  }

  #read(sku: string): ReturnType<StoreFilter['read']> {
    this.#settleLate();
    const index = this.#indexOf.get(sku);
    return index === undefined ? undefined : this.#filter.read(index, this.#nowMs);
  }

  position(sku: string): Position | undefined {
    const state = this.#read(sku);
    return state && positionOf(state, sku, instantOf(this.#nowMs));
  }

  probabilityAtLeast(sku: string, q: number): number {
    const state = this.#read(sku);
    return state === undefined ? 0 : atLeast(pmfOf(state), q);
  }

  quantile(sku: string, share: number): number {
    const state = this.#read(sku);
    return state === undefined ? 0 : quantileOf(pmfOf(state), share);
  }

  atp(sku: string, target: number, reserved: number): number {
    const state = this.#read(sku);
    return state === undefined ? 0 : availableToPromise(pmfOf(state), target, reserved);
  }

  stockoutBefore(sku: string, t: string): number {
    const state = this.#read(sku);
    const days = this.#filter.tradingDaysUntil(this.#nowMs, msOf(t));
    return state === undefined ? 1 : runsOutWithin(state, days);
  }

  tradingDays(from: string, to: string): number {
    return this.#filter.tradingDaysUntil(msOf(from), msOf(to));
  }

  skus(): readonly string[] {
    return this.#names;
  }

  catalog(sku: string): CatalogEntry | undefined {
    const index = this.#indexOf.get(sku);
    return index === undefined ? undefined : this.#catalog[index]?.entry;
  }

  explain(sku: string): Explanation | undefined {
    const state = this.#read(sku);
    const index = this.#indexOf.get(sku);
    if (state === undefined || index === undefined) return undefined;
    const position = positionOf(state, sku, instantOf(this.#nowMs));
    return explain(position, this.#filter.evidenceOf(index), (code) => CODES[code] ?? 'seen');
  }

  situation(sku: string): Situation | undefined {
    const state = this.#read(sku);
    return state && { absent: state.absent, hidden: state.hidden, selling: state.selling };
  }

  logLikelihood(): number {
    this.#settleLate();
    return this.#filter.logLikelihood();
  }

  snapshot(): Uint8Array {
    this.#settleLate();
    const { hour, slab, clock, evidence, groups } = this.#filter.sealed;
    const skus = this.#names.map((sku, index) => ({ sku, catalog: this.#catalog[index]?.entry }));
    return snapshotBytes({ hour, slab, clock, evidence, groups, skus });
  }

  restore(bytes: Uint8Array): string | undefined {
    const content = readSnapshot<CatalogEntry>(bytes);
    this.#indexOf.clear();
    this.#names.length = 0;
    this.#catalog.length = 0;
    content.skus.forEach(({ sku, catalog }, index) => {
      this.#register(sku);
      if (catalog !== undefined) this.#catalog[index] = { entry: catalog, t: Number.NEGATIVE_INFINITY };
    });
    this.#log.length = 0;
    this.#lateWaiting = 0;
    this.#lateFromMs = Number.POSITIVE_INFINITY;
    this.#filter.restore(content);
    this.#snapshots = Number.isNaN(content.hour) ? [] : [this.#filter.snapshot()];
    if (Number.isNaN(content.hour)) return undefined;
    this.#nowMs = content.hour * HOUR_MS;
    this.#logFromMs = this.#nowMs;
    return instantOf(this.#nowMs);
  }
}

export const createBelief = (options: BeliefOptions = {}): Belief => new StoreBelief(options);
