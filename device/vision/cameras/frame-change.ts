/**
 * Whether a frame is worth looking at: the scene is still (nobody is walking by) and differs from what was looked at last.
 * Compares mean brightness on a coarse grid after removing a common shift, so lamps and clouds change nothing.
 */
import type { Frame, Rect } from '../detector/frame.ts';

export const GRID_COLUMNS = 48;
export const GRID_ROWS = 36;
/** Difference of brightness, 0..255, that is no noise. */
const CELL_CHANGED = 14;
/** Share of cells that may differ between two frames of a still scene: one facing of a wide shelf covers about this. */
const STILL = 0.004;
/** Share of cells that must differ from the frame looked at last. */
const NEW = 0.004;
/** Pixels sampled per cell side. */
const SAMPLES = 4;

export type Grid = Float32Array;

export function gridOf({ width, height, data }: Frame): Grid {
  const grid = new Float32Array(GRID_COLUMNS * GRID_ROWS);
  for (let row = 0; row < GRID_ROWS; row++)
    for (let column = 0; column < GRID_COLUMNS; column++) {
      let sum = 0;
      for (let j = 0; j < SAMPLES; j++)
        for (let i = 0; i < SAMPLES; i++) {
          const x = Math.min(width - 1, Math.floor(((column + (i + 0.5) / SAMPLES) * width) / GRID_COLUMNS));
          const y = Math.min(height - 1, Math.floor(((row + (j + 0.5) / SAMPLES) * height) / GRID_ROWS));
          const at = (y * width + x) * 3;
          sum +=
            0.3 * (data[at] as number) + 0.59 * (data[at + 1] as number) + 0.11 * (data[at + 2] as number);
        }
      grid[row * GRID_COLUMNS + column] = sum / (SAMPLES * SAMPLES);
    }
  return grid;
}

/** 1 where the cells differ, 0 elsewhere. */
export function changedCells(a: Grid, b: Grid): Uint8Array {
  const shifts = Float32Array.from(a, (value, i) => value - (b[i] as number)).toSorted();
  const shift = shifts[shifts.length >> 1] ?? 0;
  return Uint8Array.from(a, (value, i) =>
    Math.abs(value - (b[i] as number) - shift) > CELL_CHANGED ? 1 : 0,
  );
}

export const shareOf = (cells: Uint8Array): number =>
  cells.reduce((sum, value) => sum + value, 0) / Math.max(1, cells.length);

/** The part of the frame that a cell covers. */
export const cellRect = (cell: number, { width, height }: Pick<Frame, 'width' | 'height'>): Rect => {
  const column = cell % GRID_COLUMNS;
  const row = Math.floor(cell / GRID_COLUMNS);
  return {
    x0: (column * width) / GRID_COLUMNS,
    y0: (row * height) / GRID_ROWS,
    x1: ((column + 1) * width) / GRID_COLUMNS,
    y1: ((row + 1) * height) / GRID_ROWS,
  };
};

export type Verdict = 'look' | 'moving' | 'same';

/** Remembers the last frame and the last one looked at. */
export class ChangeGate {
  #before: Grid | undefined;
  #looked: Grid | undefined;
  readonly #isOneShot: boolean;

  /** @param isOneShot pictures come one by one (a folder): each is a still scene */
  constructor(isOneShot: boolean) {
    this.#isOneShot = isOneShot;
  }

  judge(grid: Grid): Verdict {
    const before = this.#before;
    this.#before = grid;
    const isStill = this.#isOneShot || (before !== undefined && shareOf(changedCells(before, grid)) <= STILL);
    if (!isStill) return 'moving';
    if (this.#looked !== undefined && shareOf(changedCells(this.#looked, grid)) < NEW) return 'same';
    this.#looked = grid;
    return 'look';
  }

  /** The frame could not be looked at after all: the next one is. */
  forget(): void {
    this.#looked = undefined;
  }
}
