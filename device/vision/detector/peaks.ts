/**
 * Peaks of the heat maps and their boxes. The raw output is 7 planes of (height / 4) x (width / 4): logits of facing, gap
 * and label, then four distances whose softplus x 8 is pixels from the cell's centre to left, top, right and bottom
 * (`models/shelf/net.py`). A peak is a cell that no neighbour exceeds.
 */
import { type Box, type BoxClass, boxClasses } from './frame.ts';
import type { View } from './views.ts';

const STRIDE = 4;
const DISTANCE_PX = 8;
/** Weaker peaks are noise for every later step; gaps are weighed together with the rows, so theirs reach further down. */
const FLOOR: Readonly<Record<BoxClass, number>> = { facing: 0.1, gap: 0.05, label: 0.15 };
/** Per class; a picture with more is not a shelf. */
const MAX_PEAKS = 2000;

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const distance = (raw: number): number => DISTANCE_PX * (raw > 20 ? raw : Math.log1p(Math.exp(raw)));

/** Boxes in frame pixels, cut at the frame's edges. */
export function peaksOf(raw: Float32Array, view: View): Box[] {
  const gw = view.width / STRIDE;
  const gh = view.height / STRIDE;
  const cells = gw * gh;
  const right = view.part.x1;
  const bottom = view.part.y1;
  const found: Box[] = [];
  for (const [c, name] of boxClasses.entries()) {
    const floor = Math.log(FLOOR[name] / (1 - FLOOR[name]));
    const heat = raw.subarray(c * cells, (c + 1) * cells);
    let count = 0;
    for (let at = 0; at < cells && count < MAX_PEAKS; at++) {
      const logit = heat[at] as number;
      if (logit < floor || !isPeak(heat, at, gw, gh)) continue;
      count++;
      const x = ((at % gw) + 0.5) * STRIDE;
      const y = (Math.floor(at / gw) + 0.5) * STRIDE;
      const edge = (i: number): number => distance(raw[(3 + i) * cells + at] as number);
      const inX = (px: number): number =>
        Math.min(right, Math.max(view.part.x0, view.part.x0 + px / view.scale));
      const inY = (px: number): number =>
        Math.min(bottom, Math.max(view.part.y0, view.part.y0 + px / view.scale));
      const box: Box = {
        class: name,
        score: sigmoid(logit),
        x0: inX(x - edge(0)),
        y0: inY(y - edge(1)),
        x1: inX(x + edge(2)),
        y1: inY(y + edge(3)),
      };
      if (box.x1 - box.x0 >= 1 && box.y1 - box.y0 >= 1) found.push(box);
    }
  }
  return found;
}

function isPeak(heat: Float32Array, at: number, width: number, height: number): boolean {
  const value = heat[at] as number;
  const x = at % width;
  const y = (at - x) / width;
  for (let j = Math.max(0, y - 1); j <= Math.min(height - 1, y + 1); j++)
    for (let i = Math.max(0, x - 1); i <= Math.min(width - 1, x + 1); i++)
      if ((heat[j * width + i] as number) > value) return false;
  return true;
}
