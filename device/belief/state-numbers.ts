/** A belief as numbers in a row, exactly as it is: its scalars, both demand beliefs, its cells. */
import { readScalars, SCALAR, SCALARS, writeScalars } from './belief-row.ts';
import { RATES } from './rate-grid.ts';
import { MAX_CELLS, type WorkingState } from './working-state.ts';

const LIVE_AT = SCALARS;
const IDLE_AT = LIVE_AT + RATES;
const CELLS_AT = IDLE_AT + RATES;

/** Numbers of a belief that has so many cells. */
export const stateLength = (cells: number): number => CELLS_AT + cells;
/** More than any belief takes. */
export const LONGEST_STATE = stateLength(MAX_CELLS);

/** Cells of the belief whose numbers begin at `at`. */
export const cellsOf = (from: Float64Array, at: number): number => from[at + SCALAR.cells] as number;

/** Returns where the next number goes. */
export function writeState(w: WorkingState, to: Float64Array, at: number): number {
  writeScalars(w, to, at);
  const { live, idle, p, cells } = w;
  for (let k = 0; k < RATES; k++) {
    to[at + LIVE_AT + k] = live[k] as number;
    to[at + IDLE_AT + k] = idle[k] as number;
  }
  const before = at + CELLS_AT - 1;
  for (let i = 1; i <= cells; i++) to[before + i] = p[i] as number;
  return at + stateLength(cells);
}

/** Returns where the next number is. */
export function readState(w: WorkingState, from: Float64Array, at: number): number {
  readScalars(w, from, at);
  const { live, idle, p, cells } = w;
  for (let k = 0; k < RATES; k++) {
    live[k] = from[at + LIVE_AT + k] as number;
    idle[k] = from[at + IDLE_AT + k] as number;
  }
  p[0] = 0;
  const before = at + CELLS_AT - 1;
  for (let i = 1; i <= cells; i++) p[i] = from[before + i] as number;
  return at + stateLength(cells);
}
