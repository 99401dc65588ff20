/**
 * Belief over the true on-hand of every SKU of a store.
 *
 * States: days that are over are folded for good; what today brought is pending (store-filter.ts). An
 * observation older than today goes back to the newest snapshot before it and folds the store's history forward
 * again, so that the belief ends as if everything had arrived in order. Going back happens at the next question,
 * once for all late observations that came meanwhile.
 *
 * History comes from the `history` callback (the ledger) or, without one, from a bounded log in memory.
 * Nothing here reads a clock, a file or the network; offline makes no difference.
 */
import type { Observation } from '@truecount/protocol';
import {
  atLeast,
  availableToPromise,
  type Outlook,
  outlookOf,
  type Position,
  pmfOf,
  positionOf,
  quantileOf,
  runsOutWithin,
} from './answers.ts';
import type { Belief, BeliefHealth, BeliefOptions, Situation } from './belief-port.ts';
import { type Explanation, explain } from './explain.ts';
import { instantOf, msOf } from './instant.ts';
import { PlainLine } from './observation-line.ts';
import { CODES, codeOf, isAboutStore, isStoreCode, quantitiesOf } from './observation-code.ts';
import { ObservationLog, type TakeEvent } from './observation-log.ts';
import { type BeliefParameters, defaultParameters } from './parameters.ts';
import { likelySiblings, type Sibling, type SiblingFacts } from './siblings.ts';
import { type StockSigns, signsOf } from './signs.ts';
import { type CatalogEntry, SkuRegister } from './sku-register.ts';
import { readSnapshot, snapshotBytes } from './snapshot-bytes.ts';
import { SnapshotShelf } from './snapshot-shelf.ts';
import { HOUR_MS } from './store-clock.ts';
import { StoreFilter } from './store-filter.ts';
import { WrongClock } from './wrong-clock.ts';

const DEFAULT_HISTORY = 1_000_000;
/** Late observations waiting for the next question; more force going back at once. */
const MAX_WAITING_LATE = 50_000;

class BeliefPastError extends Error {
  readonly code = 'BELIEF_TIME';
}

class StoreBelief implements Belief {
  readonly #filter: StoreFilter;
  readonly #history: BeliefOptions['history'];
  readonly #namedSiblings: BeliefOptions['siblings'];
  readonly #log: ObservationLog;
  readonly #register = new SkuRegister();
  readonly #wrongClock = new WrongClock();
  readonly #snapshots = new SnapshotShelf();
  #lateFromMs = Number.POSITIVE_INFINITY;
  #lateWaiting = 0;
  #nowMs = Number.NEGATIVE_INFINITY;
  /** The present as text: many SKUs are asked about at the same instant. */
  readonly #told = { ms: Number.NaN, text: '' };
  #refolds = 0;
  #tooLate = 0;

  constructor(options: BeliefOptions) {
    const { forecast, ratePrior, siblings } = options;
    const nameAt = (index: number): string => this.#register.nameAt(index);
    this.#filter = new StoreFilter(options.parameters ?? defaultParameters, {
      ratePrior: ratePrior && ((index) => ratePrior(this.#register.entryAt(index) ?? { sku: nameAt(index) })),
      knownRate: forecast && ((index) => forecast(nameAt(index))),
      isSwapped: siblings && ((index) => (siblings(nameAt(index))?.length ?? 0) > 0),
    });
    this.#history = options.history;
    this.#namedSiblings = siblings;
    this.#log = new ObservationLog(options.historyLimit ?? DEFAULT_HISTORY);
    this.#filter.tape = options.tape;
    this.#filter.onDayEnd = () =>
      this.#snapshots.keep((spent) => this.#filter.keepAndEndDay(spent), this.#filter.bytes);
  }

  get parameters(): BeliefParameters {
    return this.#filter.parameters;
  }

  get now(): string | undefined {
    return Number.isFinite(this.#nowMs) ? instantOf(this.#nowMs) : undefined;
  }

  get health(): BeliefHealth {
    return {
      skus: this.#register.names.length,
      bytes: this.#filter.bytes,
      refolds: this.#refolds,
      tooLate: this.#tooLate,
    };
  }

  observe(observation: Observation): void {
    const t = msOf(observation.t);
    if (Number.isNaN(t))
      throw new BeliefPastError(`observation of ${observation.type} has no valid instant "${observation.t}"`);
    const sku = isAboutStore(observation) ? -1 : this.#register.register(observation.sku);
    if (observation.type === 'catalog' && !this.#register.remember(sku, observation, t)) return;
    if (observation.type === 'checkpoint') {
      this.#pass(t);
      return;
    }
    const [x, y] = quantitiesOf(observation);
    this.#arrive(t, sku, codeOf[observation.type], x, y);
  }

  observeLine(line: PlainLine): void {
    const { bytes, from, to, t, code } = line;
    if (isStoreCode(code)) {
      if (code === codeOf.checkpoint) this.#pass(t);
      else this.#arrive(t, -1, code, 0, 0);
      return;
    }
    const { sku } = PlainLine.field;
    const index = this.#register.registerBytes(bytes, from[sku] as number, to[sku] as number);
    this.#arrive(t, index, code, line.x, line.y);
  }

  /** Time passes until `t`, if that is not past already. */
  #pass(t: number): void {
    if (t > this.#nowMs) this.#nowMs = t;
    this.#filter.advance(t);
  }

  #arrive(t: number, sku: number, code: number, x: number, y: number): void {
    if (this.#wrongClock.holds(this.#nowMs, t)) {
      this.#nowMs = Math.max(this.#nowMs, this.#wrongClock.wait([t, sku, code, x, y], this.#take));
      return;
    }
    if (t > this.#nowMs) this.#nowMs = t;
    this.#take(t, sku, code, x, y);
  }

  readonly #take: TakeEvent = (t, sku, code, x, y) => {
    if (this.#history === undefined) this.#log.push(t, sku, code, x, y);
    if (t < this.#filter.foldedUntilMs) {
      this.#lateFromMs = Math.min(this.#lateFromMs, t);
      if (++this.#lateWaiting > MAX_WAITING_LATE) this.#settleLate();
      return;
    }
    this.#filter.append(t, sku, code, x, y);
  };

  advance(t: string): void {
    const ms = msOf(t);
    if (!(ms > this.#nowMs)) return;
    this.#nowMs = ms;
    this.#filter.advance(ms);
  }

  closeSome(most: number): boolean {
    return this.#filter.closeSome(most);
  }

  /** Goes back before the earliest late observation and folds forward again. */
  #settleLate(): void {
    if (this.#lateWaiting === 0) return;
    const lateFrom = this.#lateFromMs;
    this.#lateFromMs = Number.POSITIVE_INFINITY;
    this.#lateWaiting = 0;
    this.#refolds++;
    let base = this.#snapshots.newestBefore(lateFrom, this.#log.fromMs);
    const complete = this.#history !== undefined || this.#log.fromMs === Number.NEGATIVE_INFINITY;
    if (base === undefined && !complete) {
      base = this.#snapshots.oldestFrom(this.#log.fromMs);
      this.#tooLate++;
      if (base === undefined) return;
    }
    this.#snapshots.forgetAfter(base);
    this.#filter.restore(base);
    const fromMs = base === undefined ? Number.NEGATIVE_INFINITY : base.hour * HOUR_MS;
    if (this.#history === undefined)
      this.#log.replay(fromMs, (t, sku, code, x, y) => this.#filter.append(t, sku, code, x, y));
    else this.#foldHistory(this.#history, fromMs);
    this.#filter.advance(this.#nowMs);
  }

  #foldHistory(history: (fromMs: number) => Iterable<Observation>, fromMs: number): void {
    for (const observation of history(fromMs)) {
      if (observation.type === 'checkpoint') continue;
      const t = msOf(observation.t);
      if (t > this.#nowMs) break;
      if (observation.type === 'catalog' && observation.category === undefined) continue;
      const [x, y] = quantitiesOf(observation);
      const sku = isAboutStore(observation) ? -1 : this.#register.register(observation.sku);
      this.#filter.append(t, sku, codeOf[observation.type], x, y);
    }
  }

  #read(sku: string): ReturnType<StoreFilter['read']> {
    this.#settleLate();
    const index = this.#register.indexOf(sku);
    return index === undefined ? undefined : this.#filter.read(index, this.#nowMs);
  }

  position(sku: string): Position | undefined {
    const state = this.#read(sku);
    return state && positionOf(state, sku, this.#instant());
  }

  outlook(sku: string): Outlook | undefined {
    const state = this.#read(sku);
    return state && outlookOf(state, sku, this.#instant());
  }

  *outlooks(): Generator<Outlook, void, void> {
    this.#settleLate();
    const { names } = this.#register;
    for (let index = 0; index < names.length; index++) {
      const state = this.#filter.read(index, this.#nowMs);
      if (state !== undefined) yield outlookOf(state, names[index] as string, this.#instant());
    }
  }

  #instant(): string {
    const told = this.#told;
    if (told.ms !== this.#nowMs) {
      told.ms = this.#nowMs;
      told.text = instantOf(told.ms);
    }
    return told.text;
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
    return this.#register.names;
  }

  catalog(sku: string): CatalogEntry | undefined {
    const index = this.#register.indexOf(sku);
    return index === undefined ? undefined : this.#register.entryAt(index);
  }

  explain(sku: string): Explanation | undefined {
    const state = this.#read(sku);
    const index = this.#register.indexOf(sku);
    if (state === undefined || index === undefined) return undefined;
    const position = positionOf(state, sku, this.#instant());
    return explain(position, this.#filter.evidenceOf(index), (code) => CODES[code] ?? 'seen');
  }

  siblings(sku: string): readonly Sibling[] {
    this.#settleLate();
    const index = this.#register.indexOf(sku);
    const one = index === undefined ? undefined : this.#siblingFacts(index);
    if (one === undefined || index === undefined) return [];
    const named = this.#namedSiblings?.(sku);
    if (named === undefined) return likelySiblings(one, this.#categoryOf(index));
    return named.map((other) => {
      const at = this.#register.indexOf(other);
      return { sku: other, likelihood: 1, gap: at === undefined ? 0 : (this.#siblingFacts(at)?.gap ?? 0) };
    });
  }

  *#categoryOf(index: number): Generator<SiblingFacts> {
    const category = this.#register.entryAt(index)?.category;
    for (let other = 0; other < this.#register.names.length; other++) {
      if (other === index || this.#register.entryAt(other)?.category !== category) continue;
      const facts = this.#siblingFacts(other);
      if (facts !== undefined) yield facts;
    }
  }

  #siblingFacts(index: number): SiblingFacts | undefined {
    const gap = this.#filter.gapOf(index);
    const { name, price } = this.#register.entryAt(index) ?? { name: undefined, price: undefined };
    return gap && { sku: this.#register.nameAt(index), name, price, ...gap };
  }

  signs(sku: string): StockSigns | undefined {
    const siblings = this.siblings(sku);
    const index = this.#register.indexOf(sku);
    if (index === undefined) return undefined;
    const entry = this.#register.entryAt(index);
    const category = this.#filter.todayOf(
      (other) => this.#register.entryAt(other)?.category === entry?.category,
    );
    const evidence = this.#filter.evidenceOf(index);
    const state = this.#read(sku);
    if (state === undefined) return undefined;
    const { rate, mean } = positionOf(state, sku, this.#instant());
    return signsOf({
      absent: state.absent,
      hidden: state.hidden,
      record: Number.isNaN(state.record) ? 0 : state.record,
      rate,
      mean,
      price: entry?.price,
      siblings,
      evidence,
      daysSince: (fromMs) => this.#filter.tradingDaysUntil(fromMs, this.#nowMs),
      category,
      store: this.#filter.today,
    });
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
    const skus = this.#register.names.map((sku, index) => ({ sku, catalog: this.#register.entryAt(index) }));
    return snapshotBytes({ ...this.#filter.folded, skus });
  }

  restore(bytes: Uint8Array): string | undefined {
    const content = readSnapshot<CatalogEntry>(bytes);
    this.#register.restore(content.skus);
    this.#lateWaiting = 0;
    this.#lateFromMs = Number.POSITIVE_INFINITY;
    this.#filter.restore(content);
    const isEmpty = Number.isNaN(content.hour);
    this.#snapshots.restart(isEmpty ? undefined : this.#filter.snapshot());
    if (isEmpty) {
      this.#log.restart(Number.NEGATIVE_INFINITY);
      return undefined;
    }
    this.#nowMs = content.hour * HOUR_MS;
    this.#log.restart(this.#nowMs);
    return instantOf(this.#nowMs);
  }
}

export const createBelief = (options: BeliefOptions = {}): Belief => new StoreBelief(options);
