/**
 * One SKU at hand, and what happens to it: opened from its row or from its prior, a day's observations folded in order,
 * noted as evidence. Whose rows, and how much time had passed at each, comes in as arguments.
 */
import type { EvidenceRing } from './evidence-ring.ts';
import { foldObservation } from './fold-observation.ts';
import { codeOf } from './observation-code.ts';
import type { BeliefParameters } from './parameters.ts';
import type { PendingEvents } from './pending-events.ts';
import { DayDemand, logNormalRates, pointRate } from './rate-grid.ts';
import type { RateGroups } from './rate-groups.ts';
import { groupOf, kindOf, levelOf, levelOfStock, UNKNOWN_STOCK } from './sku-kind.ts';
import type { StateSlab } from './state-slab.ts';
import { atHand } from './step-kernel.ts';
import { type DemandModel, endDay, passTime } from './time-step.ts';
import type { TodayStates } from './today-states.ts';
import { widePrior } from './working-state.ts';

/** Share of sale lines that belong to a sibling, where SKUs are known to be swapped. */
const SWAPPED = 0.08;

/** What was heard of a day that is not folded for good, and what its sealed hours made of some SKUs. */
export interface OpenDay {
  readonly pending: PendingEvents;
  readonly states: TodayStates;
}

/** What others know of SKUs, by number. */
export interface SkuKnowledge {
  /** Demand to expect of a SKU before anything is known of it. */
  readonly ratePrior?:
    | ((sku: number) => { readonly median: number; readonly spread: number } | undefined)
    | undefined;
  /** SKUs that are swapped with others at the till, where somebody knows. */
  readonly isSwapped?: ((sku: number) => boolean) | undefined;
  /** A forecast that replaces the learned rate (purchases per trading day) at every day's end. */
  readonly knownRate?: ((sku: number) => number | undefined) | undefined;
}

export class SkuFold {
  readonly parameters: BeliefParameters;
  readonly groups: RateGroups;
  readonly demand: DayDemand;
  readonly #model: DemandModel;
  readonly #swappedModel: DemandModel;
  readonly #known: SkuKnowledge;

  constructor(parameters: BeliefParameters, groups: RateGroups, known: SkuKnowledge) {
    this.parameters = parameters;
    this.groups = groups;
    this.#known = known;
    this.demand = new DayDemand(parameters.dispersion);
    this.#model = { parameters, demand: this.demand };
    this.#swappedModel = {
      demand: this.demand,
      parameters: { ...parameters, misScan: Math.max(SWAPPED, parameters.misScan) },
    };
  }

  /** Whether demand is told at every day's end. */
  get isForecast(): boolean {
    return this.#known.knownRate !== undefined;
  }

  /** SKUs with a prior or a forecast of their own have nothing to learn from their category. */
  get learnsFromGroups(): boolean {
    return this.#known.ratePrior === undefined && !this.isForecast;
  }

  /** Loads the belief of a SKU, or begins one. */
  open(sku: number, slab: StateSlab, kind: number): void {
    const w = atHand;
    if (slab.has(sku)) {
      slab.load(sku, w);
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
    const own = this.#known.ratePrior?.(sku);
    w.live.set(own === undefined ? this.groups.gridOf(kind) : logNormalRates(own.median, own.spread));
    w.idle.set(w.live);
    w.contradictions = -1;
    widePrior(w);
    w.clock = Number.NaN;
    this.#useKnownRate(sku);
  }

  /** Loads a belief with what is already made of the day; returns how many of its rows that is. */
  resume(sku: number, day: OpenDay, rows: readonly number[], slab: StateSlab, kind: number): number {
    const untilMs = day.states.untilOf(sku);
    if (untilMs === Number.NEGATIVE_INFINITY) {
      this.open(sku, slab, kind);
      return 0;
    }
    day.states.load(sku, atHand);
    const { t } = day.pending.events;
    let folded = 0;
    while (folded < rows.length && (t[rows[folded] as number] as number) < untilMs) folded++;
    return folded;
  }

  /** Folds one row into the belief at hand; `elapsed` trading days had passed by then. */
  fold(sku: number, pending: PendingEvents, at: number, elapsed: number): void {
    const w = atHand;
    const { events, before, after } = pending;
    if (Number.isNaN(w.clock)) w.clock = elapsed;
    this.passTo(elapsed);
    before[at] = w.absent;
    const model = this.#known.isSwapped?.(sku) === true ? this.#swappedModel : this.#model;
    foldObservation(w, events.code[at] as number, events.x[at] as number, events.y[at] as number, model);
    after[at] = w.absent;
  }

  /** Time passes for the belief at hand. */
  passTo(elapsed: number): void {
    passTime(atHand, elapsed - atHand.clock, this.#model);
  }

  /** The day of the belief at hand is over. */
  endDay(sku: number, elapsed: number, drifts: boolean): void {
    this.passTo(elapsed);
    atHand.clock = elapsed;
    endDay(atHand, this.parameters, drifts);
    this.#useKnownRate(sku);
  }

  #useKnownRate(sku: number): void {
    const rate = this.#known.knownRate?.(sku);
    if (rate === undefined) return;
    pointRate(atHand.live, rate);
    pointRate(atHand.idle, rate);
  }
}

/**
 * What kind of SKU it is by the end of `rows`, with catalog entries taken out of them: they move nothing else. The first
 * record, count or delivery of some says how much the store keeps of it.
 */
export function takeKind(pending: PendingEvents, rows: number[], known: number): number {
  const { code, x } = pending.events;
  let group = groupOf(known);
  let level = levelOf(known);
  let kept = 0;
  for (const at of rows) {
    const what = code[at];
    if (what === codeOf.catalog) {
      group = x[at] as number;
      continue;
    }
    if (level === UNKNOWN_STOCK && saysStock(what)) level = levelOfStock(x[at] as number);
    rows[kept++] = at;
  }
  rows.length = kept;
  return kindOf(group, level);
}

const saysStock = (code: number | undefined): boolean =>
  code === codeOf.record || code === codeOf.count || code === codeOf.receipt;

/** Notes what rows did to a belief. */
export function noteEvidence(
  sku: number,
  pending: PendingEvents,
  rows: readonly number[],
  ring: EvidenceRing,
): void {
  const { events, before, after } = pending;
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
