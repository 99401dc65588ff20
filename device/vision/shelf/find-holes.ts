/**
 * Stretches of a row that no facing covers, by geometry alone: what the detector's own gap class misses on shelves unlike
 * its training pictures. Holes are candidates; weigh-gaps.ts says how likely each is an empty facing.
 */
import { type Box, centreX, heightOf, type Rect, widthOf } from '../detector/frame.ts';
import { boardAt, type Row } from './find-rows.ts';

export interface Hole extends Rect {
  readonly row: Row;
  /** Width in facings of the narrower neighbour. */
  readonly facings: number;
  /** False at the end of a row, where nothing tells a gap from the end of the goods. */
  readonly isInside: boolean;
}

const NARROWEST = 0.45;
/** A wider stretch between two products is a post, an aisle or another bay more often than a gap. */
const WIDEST = 7;

export function findHoles(rows: readonly Row[]): readonly Hole[] {
  return rows.flatMap((row) => {
    const holes: Hole[] = [];
    for (let i = 0; i + 1 < row.columns.length; i++) {
      const left = row.columns[i] as Box;
      const right = row.columns[i + 1] as Box;
      const width = right.x0 - Math.max(...row.columns.slice(0, i + 1).map((b) => b.x1));
      const narrow = Math.min(widthOf(left), widthOf(right));
      const facings = width / narrow;
      if (facings < NARROWEST || facings > WIDEST) continue;
      const x0 = right.x0 - width;
      const floor = boardAt(row, (x0 + right.x0) / 2);
      const y0 = floor - Math.max(heightOf(left), heightOf(right));
      holes.push({ row, facings, isInside: true, x0, y0, x1: right.x0, y1: floor });
    }
    return holes;
  });
}

/** Whether a price label hangs under the stretch: shops label what belongs there, also while it is sold out. */
export function hasLabelUnder(hole: Rect, labels: readonly Box[]): boolean {
  const tall = heightOf(hole);
  return labels.some((label) => {
    const x = centreX(label);
    const below = label.y0 - hole.y1;
    return (
      x > hole.x0 - 0.1 * widthOf(hole) &&
      x < hole.x1 + 0.1 * widthOf(hole) &&
      below > -0.15 * tall &&
      below < 0.4 * tall
    );
  });
}
