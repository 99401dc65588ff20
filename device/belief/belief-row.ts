/**
 * A belief as it lies in memory: one row of 32-bit floats per SKU. First the scalars, each over two places, then both
 * demand beliefs, then the cells. Rows begin at multiples of 64 bytes, so that a row is read in whole cache lines.
 */
import { RATES } from './rate-grid.ts';
import type { WorkingState } from './working-state.ts';

/** Where each number of a belief stands among its scalars. */
export const SCALAR = {
  absent: 0,
  hidden: 1,
  selling: 2,
  cells: 3,
  width: 4,
  carry: 5,
  clock: 6,
  record: 7,
  units: 8,
  purchases: 9,
  viewClock: 10,
  viewEmpty: 11,
  contradictions: 12,
  logLikelihood: 13,
  reordersAt: 14,
  foundBeyond: 15,
} as const;

export const SCALARS = 16;
/** Where the parts of a row begin, in 32-bit floats. */
export const LIVE_AT = 2 * SCALARS;
export const IDLE_AT = LIVE_AT + RATES;
export const CELLS_AT = IDLE_AT + RATES;

/** Floats in a row that holds so many cells, a multiple of 16. */
export const rowLength = (cells: number): number => CELLS_AT + cells;

/** Writes the scalars of a belief from `at` on. */
export function writeScalars(w: WorkingState, to: Float64Array, at: number): void {
  to[at + SCALAR.absent] = w.absent;
  to[at + SCALAR.hidden] = w.hidden;
  to[at + SCALAR.selling] = w.selling;
  to[at + SCALAR.cells] = w.cells;
  to[at + SCALAR.width] = w.width;
  to[at + SCALAR.carry] = w.carry;
  to[at + SCALAR.clock] = w.clock;
  to[at + SCALAR.record] = w.record;
  to[at + SCALAR.units] = w.units;
  to[at + SCALAR.purchases] = w.purchases;
  to[at + SCALAR.viewClock] = w.viewClock;
  to[at + SCALAR.viewEmpty] = w.viewEmpty ? 1 : 0;
  to[at + SCALAR.contradictions] = w.contradictions;
  to[at + SCALAR.logLikelihood] = w.logLikelihood;
  to[at + SCALAR.reordersAt] = w.reordersAt;
  to[at + SCALAR.foundBeyond] = w.foundBeyond;
}

/** Reads what `writeScalars` wrote. Whole numbers are told to be such, for the loops that run over cells. */
export function readScalars(w: WorkingState, from: Float64Array, at: number): void {
  w.absent = from[at + SCALAR.absent] as number;
  w.hidden = from[at + SCALAR.hidden] as number;
  w.selling = from[at + SCALAR.selling] as number;
  w.cells = (from[at + SCALAR.cells] as number) | 0;
  w.width = (from[at + SCALAR.width] as number) | 0;
  w.carry = from[at + SCALAR.carry] as number;
  w.clock = from[at + SCALAR.clock] as number;
  w.record = from[at + SCALAR.record] as number;
  w.units = from[at + SCALAR.units] as number;
  w.purchases = from[at + SCALAR.purchases] as number;
  w.viewClock = from[at + SCALAR.viewClock] as number;
  w.viewEmpty = from[at + SCALAR.viewEmpty] === 1;
  w.contradictions = (from[at + SCALAR.contradictions] as number) | 0;
  w.logLikelihood = from[at + SCALAR.logLikelihood] as number;
  w.reordersAt = from[at + SCALAR.reordersAt] as number;
  w.foundBeyond = from[at + SCALAR.foundBeyond] as number;
}
