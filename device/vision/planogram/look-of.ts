/**
 * How a facing looks, in a few numbers: mean colours of a coarse grid. Enough to tell whether two neighbours are the same
 * product; no product is recognised by it.
 */
import type { Frame, Rect } from '../detector/frame.ts';

const COLUMNS = 2;
const ROWS = 4;
/** Pixels sampled per cell side. */
const SAMPLES = 5;
/** Root mean square difference of colours, 0..1, at which two facings are as likely alike as not. */
const HALFWAY = 0.13;

export type Look = Float32Array;

export function lookOf(frame: Frame, box: Rect): Look {
  const look = new Float32Array(COLUMNS * ROWS * 3);
  const w = (box.x1 - box.x0) / COLUMNS;
  const h = (box.y1 - box.y0) / ROWS;
  for (let row = 0; row < ROWS; row++)
    for (let column = 0; column < COLUMNS; column++)
      for (let j = 0; j < SAMPLES; j++)
        for (let i = 0; i < SAMPLES; i++) {
          const x = clamp(box.x0 + (column + (i + 0.5) / SAMPLES) * w, frame.width);
          const y = clamp(box.y0 + (row + (j + 0.5) / SAMPLES) * h, frame.height);
          const from = (y * frame.width + x) * 3;
          for (let c = 0; c < 3; c++) {
            const at = (row * COLUMNS + column) * 3 + c;
            look[at] = (look[at] as number) + (frame.data[from + c] as number) / (255 * SAMPLES * SAMPLES);
          }
        }
  return look;
}

const clamp = (value: number, size: number): number => Math.min(size - 1, Math.max(0, Math.floor(value)));

/** 1: the same; 0: nothing in common; 0.5 where it cannot be told. */
export function likeness(a: Look, b: Look): number {
  let sum = 0;
  for (const [i, value] of a.entries()) sum += (value - (b[i] ?? 0)) ** 2;
  const difference = Math.sqrt(sum / Math.max(1, a.length));
  return 1 / (1 + (difference / HALFWAY) ** 3);
}
