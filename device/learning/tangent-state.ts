/**
 * The belief about one SKU with its derivatives: every number of the filter's working state times
 * 1 + parameters. Same meaning, same steps; slower, and used only at night.
 */
import type { BeliefParameters } from '@truecount/device/belief';
import { FLOOR, MAX_CELLS, RATES } from '../belief/filter-steps.ts';
import { type Dual, divide } from './dual.ts';
import { LEARNED, type LearnedName } from './learned-parameters.ts';

export const SLOTS = LEARNED.length + 1;
export const STRIDE = MAX_CELLS + 2;
const TAIL = 1e-8;

export const dual = (): Dual => new Float64Array(SLOTS);

export interface TangentModel {
  readonly learned: Readonly<Record<LearnedName, Dual>>;
  /** The parameters that are not learned are read here. */
  readonly base: BeliefParameters;
  /** Slot of each learned parameter, in their order; 0 for one without a derivative. */
  readonly slotOf: readonly number[];
  /** Slots in use, the value's included: those behind are zero everywhere. */
  readonly slots: number;
  readonly dispersion: number;
  readonly countError: number;
  readonly pickBlind: number;
}

/**
 * Parameters as duals: each of `asked` has derivative 1 in its own slot, the others are constants. A SKU that was
 * never counted says nothing about counts, so its tape is not made to carry that derivative along.
 */
export function tangentModel(base: BeliefParameters, asked: ReadonlySet<LearnedName>): TangentModel {
  let slots = 1;
  const slotOf = LEARNED.map((name) => (asked.has(name) ? slots++ : 0));
  const learned = Object.fromEntries(
    LEARNED.map((name, j) => {
      const value = dual();
      value[0] = base[name];
      const slot = slotOf[j] as number;
      if (slot > 0) value[slot] = 1;
      return [name, value];
    }),
  ) as Record<LearnedName, Dual>;
  const slot = (name: LearnedName): number => slotOf[LEARNED.indexOf(name)] as number;
  return {
    learned,
    base,
    slotOf,
    slots,
    dispersion: slot('dispersion'),
    countError: slot('countError'),
    pickBlind: slot('pickBlind'),
  };
}

export class TangentState {
  readonly absent: Dual = dual();
  readonly hidden: Dual = dual();
  readonly selling: Dual = dual();
  /** p[t * STRIDE + i]: derivative t of P(i units | present). */
  readonly p: Float64Array = new Float64Array(SLOTS * STRIDE);
  readonly live: Float64Array = new Float64Array(SLOTS * RATES);
  readonly idle: Float64Array = new Float64Array(SLOTS * RATES);
  cells = 1;
  clock = 0;
  dayUsed = 0;
  daySales = 0;
  record = Number.NaN;
  units = 0;
  purchases = 0;
  viewClock = -1e9;
  viewEmpty = false;
  readonly logLikelihood: Dual = dual();
  /** Slots in use; see TangentModel. */
  slots: number = SLOTS;

  reset(ratePrior: Float64Array, slots: number): void {
    this.slots = slots;
    for (const block of [
      this.absent,
      this.hidden,
      this.selling,
      this.p,
      this.live,
      this.idle,
      this.logLikelihood,
    ])
      block.fill(0);
    this.live.set(ratePrior);
    this.idle.set(ratePrior);
    this.record = Number.NaN;
    this.units = 0;
    this.purchases = 0;
    this.viewClock = -1e9;
    this.viewEmpty = false;
    this.dayUsed = 0;
    this.daySales = 0;
    this.clock = Number.NaN;
  }
}

const sum = dual();

/** Scales the three situations to 1 and adds the logarithm of what they were, times `weight`, to the likelihood. */
export function settleSituations(s: TangentState, weight: number): void {
  for (let t = 0; t < SLOTS; t++)
    sum[t] = (s.absent[t] as number) + (s.hidden[t] as number) + (s.selling[t] as number);
  const total = sum[0] as number;
  if (weight > 0) {
    s.logLikelihood[0] = (s.logLikelihood[0] as number) + weight * Math.log(total);
    for (let t = 1; t < SLOTS; t++)
      s.logLikelihood[t] = (s.logLikelihood[t] as number) + (weight * (sum[t] as number)) / total;
  }
  divide(s.absent, s.absent, sum);
  divide(s.hidden, s.hidden, sum);
  divide(s.selling, s.selling, sum);
  clampAbsent(s);
}

/** At its ends P(absent) is a constant: its derivatives are gone, those of the rest are shared out. */
function clampAbsent(s: TangentState): void {
  const p0 = s.absent[0] as number;
  const bounded = p0 < FLOOR ? FLOOR : p0 > 1 - FLOOR ? 1 - FLOOR : p0;
  if (bounded === p0) return;
  for (let t = 0; t < SLOTS; t++) sum[t] = (s.hidden[t] as number) + (s.selling[t] as number);
  divide(s.hidden, s.hidden, sum);
  divide(s.selling, s.selling, sum);
  for (let t = 0; t < SLOTS; t++) {
    s.hidden[t] = (s.hidden[t] as number) * (1 - bounded);
    s.selling[t] = (s.selling[t] as number) * (1 - bounded);
  }
  s.absent.fill(0);
  s.absent[0] = bounded;
}

/** Scales one strided vector (length `cells` from `first`) so that its values sum to 1. */
export function normaliseCells(s: TangentState): void {
  const { p, cells } = s;
  let total = 0;
  for (let i = 1; i <= cells; i++) total += p[i] as number;
  if (!(total > 0)) {
    p.fill(0);
    p[1] = 1;
    s.cells = 1;
    return;
  }
  const scale = 1 / total;
  for (let i = 1; i <= cells; i++) p[i] = (p[i] as number) * scale;
  for (let t = 1; t < s.slots; t++) {
    const at = t * STRIDE;
    let slope = 0;
    for (let i = 1; i <= cells; i++) slope += p[at + i] as number;
    for (let i = 1; i <= cells; i++) p[at + i] = ((p[at + i] as number) - slope * (p[i] as number)) * scale;
  }
  while (s.cells > 1 && (p[s.cells] as number) < TAIL) {
    for (let t = 0; t < s.slots; t++) p[t * STRIDE + s.cells] = 0;
    s.cells--;
  }
}

export function growCells(s: TangentState, cells: number): void {
  const wanted = Math.min(MAX_CELLS, cells);
  if (wanted <= s.cells) return;
  for (let t = 0; t < s.slots; t++) s.p.fill(0, t * STRIDE + s.cells + 1, t * STRIDE + wanted + 1);
  s.cells = wanted;
}

/** Stock that stops selling takes its demand belief along: `share` of the idle belief is the live one's. */
export function mixIdle(s: TangentState, share: Dual): void {
  const keep = 1 - (share[0] as number);
  for (let t = s.slots - 1; t >= 0; t--)
    for (let k = 0; k < RATES; k++) {
      const at = t * RATES + k;
      const mixed = keep * (s.idle[at] as number) + (share[0] as number) * (s.live[at] as number);
      s.idle[at] =
        t === 0 ? mixed : mixed + (share[t] as number) * ((s.live[k] as number) - (s.idle[k] as number));
    }
}
