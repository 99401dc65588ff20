/**
 * The belief about one SKU, unpacked for computing. Three situations, whose masses sum to 1:
 *   absent   on-hand = 0
 *   hidden   on-hand >= 1 but nothing can sell: the shelf is empty, the units are in the backroom
 *   selling  on-hand >= 1 and on the shelf
 * `p[i]` = P(cell i | on-hand >= 1) for i in 1..cells; cell i stands for i * width - carry units, so weighed
 * goods and stocks of thousands use the same arrays. `live` is the belief over the purchase rate if the SKU
 * is selling now, `idle` if it is not: a phantom never teaches "nobody wants this", and a quiet week is
 * evidence about demand only in the situation in which customers could have bought.
 */
import { RATES } from './rate-grid.ts';

export const MAX_CELLS = 512;
/** p0 stays inside [FLOOR, 1 - FLOOR]: nothing a store sees is certain. */
export const FLOOR = 1e-6;
/** A cell at the top with less than this is dropped. */
export const TAIL = 1e-8;
/** Less than this reappearing in a step is not worth a pass over the cells. */
export const LEAST_APPEARED = 1e-5;

/**
 * Every field begins as a fraction: V8 keeps a field that begins as a whole number as such, and compiles whatever reads it
 * once more when it no longer is one.
 */
const FRACTION = 0.5;

export class WorkingState {
  absent = FRACTION;
  hidden = FRACTION;
  selling = FRACTION;
  cells = 1;
  width = 1;
  carry = FRACTION;
  readonly p: Float64Array;
  readonly spare: Float64Array;
  readonly live: Float64Array;
  readonly idle: Float64Array;
  /** Share of its trading days for which silence and drift are already accounted. */
  clock = FRACTION;
  /** Share of today that is accounted for, and purchases in it. */
  dayUsed = FRACTION;
  daySales = FRACTION;
  /** The system's on-hand; NaN until a record or a count sets it. */
  record = Number.NaN;
  /** What the record said when goods came, on average: about where this SKU is ordered again. NaN before that. */
  reordersAt = Number.NaN;
  /** Units that counts and corrections found beyond the record, over all time. */
  foundBeyond = FRACTION;
  units = FRACTION;
  purchases = FRACTION;
  /** Clock and outcome of the last camera view: frames minutes apart share their errors. */
  viewClock = FRACTION;
  viewEmpty = false;
  contradictions = 0;
  logLikelihood = FRACTION;

  constructor(arrays: WorkingArrays = freshArrays()) {
    this.p = arrays.p;
    this.spare = arrays.spare;
    this.live = arrays.live;
    this.idle = arrays.idle;
    this.absent = 0;
    this.hidden = 0;
    this.selling = 1;
    this.carry = 0;
    this.clock = 0;
    this.dayUsed = 0;
    this.daySales = 0;
    this.foundBeyond = 0;
    this.units = 0;
    this.purchases = 0;
    this.viewClock = -1e9;
    this.logLikelihood = 0;
  }
}

/** Cells and spare cells, MAX_CELLS + 2 long, and demand while selling and while not. */
export interface WorkingArrays {
  readonly p: Float64Array;
  readonly spare: Float64Array;
  readonly live: Float64Array;
  readonly idle: Float64Array;
}

const freshArrays = (): WorkingArrays => ({
  p: new Float64Array(MAX_CELLS + 2),
  spare: new Float64Array(MAX_CELLS + 2),
  live: new Float64Array(RATES),
  idle: new Float64Array(RATES),
});

export const unitsOfCell = (w: WorkingState, cell: number): number =>
  Math.max(0, Math.round(cell * w.width - w.carry));

/** The cell that stands for `units`, at least 1 when there are any. */
export const cellOfUnits = (w: WorkingState, units: number): number =>
  units <= 0 ? 0 : Math.max(1, Math.round((units + w.carry) / w.width));

/** Widens the cells until `units` more fit above the present support. */
export function makeRoom(w: WorkingState, units: number): void {
  while (w.cells + units / w.width + 4 > MAX_CELLS) widen(w);
}

/** Grows the support to `cells` (at most MAX_CELLS: call makeRoom first) with empty cells. */
export function ensureCells(w: WorkingState, cells: number): void {
  const wanted = Math.min(MAX_CELLS, cells);
  if (wanted <= w.cells) return;
  w.p.fill(0, w.cells + 1, wanted + 1);
  w.cells = wanted;
}

function widen(w: WorkingState): void {
  const half = Math.ceil(w.cells / 2);
  for (let i = 1; i <= half; i++)
    w.p[i] = (w.p[2 * i - 1] as number) + (2 * i <= w.cells ? (w.p[2 * i] as number) : 0);
  w.p.fill(0, half + 1, w.cells + 1);
  w.cells = half;
  w.width *= 2;
}

/** Halves the width once the support is small again. */
function narrow(w: WorkingState): void {
  while (w.width > 1 && w.cells <= MAX_CELLS / 8) {
    for (let i = w.cells; i >= 1; i--) {
      const mass = w.p[i] as number;
      w.p[2 * i] = mass / 2;
      w.p[2 * i - 1] = mass / 2;
    }
    w.cells *= 2;
    w.width /= 2;
    if (w.carry >= w.width) w.carry -= w.width;
  }
}

/**
 * Moves `units` into the carry and returns how many whole cells the support shifts down by (negative: up).
 */
export function cellsToShift(w: WorkingState, units: number): number {
  const total = w.carry + units;
  const cells = Math.floor(total / w.width + 1e-9);
  const carry = total - cells * w.width;
  w.carry = carry < 1e-6 ? 0 : carry;
  return cells;
}

/** Rescales everything to sum 1, trims tails, keeps p0 off the ends; resets to a wide belief if all mass is gone. */
export function settle(w: WorkingState): void {
  const { p } = w;
  let present = 0;
  for (let i = 1, last = w.cells; i <= last; i++) present += p[i] as number;
  if (!(present > 0) || !Number.isFinite(present)) {
    w.p.fill(0, 1, w.cells + 1);
    w.cells = 1;
    w.p[1] = 1;
    present = 1;
  }
  const scale = 1 / present;
  for (let i = 1, last = w.cells; i <= last; i++) p[i] = (p[i] as number) * scale;
  trim(w);
  settleSituations(w);
}

/** Brings cells that sum to `present` back to sum 1. */
export function rescale(w: WorkingState, present: number): void {
  if (!(present > 1e-300)) return settle(w);
  const scale = 1 / present;
  const { p, cells } = w;
  for (let i = 1; i <= cells; i++) p[i] = (p[i] as number) * scale;
}

/** Forgets cells that hold nothing worth their bytes. */
export function trim(w: WorkingState): void {
  while (w.cells > 1 && (w.p[w.cells] as number) < TAIL) w.cells--;
  if (w.width > 1) narrow(w);
}

/** The same for the three situations alone, where the distribution over cells still sums to 1. */
export function settleSituations(w: WorkingState): void {
  const situations = w.absent + w.hidden + w.selling;
  if (!(situations > 0) || !Number.isFinite(situations)) return widePrior(w);
  const scale = 1 / situations;
  w.absent *= scale;
  w.hidden *= scale;
  w.selling *= scale;
  if (w.absent < FLOOR || w.absent > 1 - FLOOR) clampAbsent(w);
}

function clampAbsent(w: WorkingState): void {
  if (w.absent < FLOOR) {
    const rest = (1 - FLOOR) / (w.hidden + w.selling);
    w.absent = FLOOR;
    w.hidden *= rest;
    w.selling *= rest;
  } else if (w.absent > 1 - FLOOR) {
    const present = w.hidden + w.selling;
    w.absent = 1 - FLOOR;
    w.selling = present > 0 ? (FLOOR * w.selling) / present : FLOOR;
    w.hidden = FLOOR - w.selling;
  }
}

/** What is believed when everything believed so far turned out impossible. */
export function widePrior(w: WorkingState): void {
  w.contradictions++;
  w.width = 1;
  w.carry = 0;
  w.cells = 32;
  for (let i = 1; i <= w.cells; i++) w.p[i] = 0.9 ** i;
  w.absent = 0.3;
  w.hidden = 0.05;
  w.selling = 0.65;
  settle(w);
}
