/** What a picture of a shelf says: facings, labels, rows and gaps, with probabilities. Pure. */
import type { Box, BoxClass } from '../detector/frame.ts';
import { calibrated } from './calibrate.ts';
import { findRows, type Row } from './find-rows.ts';
import { type Gap, GAP_THRESHOLD, weighGaps } from './weigh-gaps.ts';

export interface ShelfReading {
  readonly facings: readonly Box[];
  readonly labels: readonly Box[];
  readonly rows: readonly Row[];
  /** At or above the threshold, most certain first. */
  readonly gaps: readonly Gap[];
  /** Below it: not reported, but worth asking a person about. */
  readonly doubtful: readonly Gap[];
}

/** Network scores from which a box counts. */
export const THRESHOLDS: Readonly<Record<BoxClass, number>> = { facing: 0.35, gap: 0.05, label: 0.35 };

export function readShelf(boxes: readonly Box[]): ShelfReading {
  const strong = boxes.filter((box) => box.score >= THRESHOLDS[box.class]);
  const weak = boxes.filter((box) => box.class === 'facing' && box.score < THRESHOLDS.facing);
  const rows = findRows(strong);
  const gaps = weighGaps(strong, weak, rows);
  const of = (name: BoxClass): readonly Box[] =>
    strong.filter((box) => box.class === name).map(withProbability);
  return {
    facings: of('facing'),
    labels: of('label'),
    rows,
    gaps: gaps.filter((gap) => gap.confidence >= GAP_THRESHOLD),
    doubtful: gaps.filter((gap) => gap.confidence < GAP_THRESHOLD),
  };
}

const withProbability = (box: Box): Box => ({ ...box, score: calibrated(box.class, box.score) });
