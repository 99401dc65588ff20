/**
 * A belief as it lies in memory: one row of 32-bit floats per SKU. First the scalars, each over two places, then both
 * demand beliefs, then the cells. Rows begin at multiples of 64 bytes, so that a row is read in whole cache lines.
 */
import { RATES } from './rate-grid.ts';

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

const SCALARS = 16;
/** Where the parts of a row begin, in 32-bit floats. */
export const LIVE_AT = 2 * SCALARS;
export const IDLE_AT = LIVE_AT + RATES;
export const CELLS_AT = IDLE_AT + RATES;

/** Floats in a row that holds so many cells, a multiple of 16. */
export const rowLength = (cells: number): number => CELLS_AT + cells;
