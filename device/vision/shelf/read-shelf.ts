/** What a picture of a shelf says: facings, labels, rows and gaps, with probabilities. Pure. */
import type { Box, BoxClass } from '../detector/frame.ts';
import { calibrated, scoreWorth } from './calibrate.ts';
import { findRows, type Row } from './find-rows.ts';
import { type FrameSize, type Gap, GAP_THRESHOLD, rowUnder, weighGaps } from './weigh-gaps.ts';

export interface ShelfReading {
  readonly facings: readonly Box[];
  readonly labels: readonly Box[];
  /** Facings and labels that are more likely wrong than right: not counted, but part of what was seen. */
  readonly faint: readonly Box[];
  readonly rows: readonly Row[];
  /** At or above the threshold, most certain first. */
  readonly gaps: readonly Gap[];
  /** Below it: not reported, but worth asking a person about. */
  readonly doubtful: readonly Gap[];
}

/** A box counts where boxes are right as often as not, so that a count neither gains nor loses by them. */
const EVEN = 0.5;
/** Gaps are weighed together with the rows, and faint ones are candidates; network score. */
const FAINTEST_GAP = 0.05;

const counts = (box: Box): boolean =>
  box.class === 'gap' ? box.score >= FAINTEST_GAP : calibrated(box.class, box.score) >= EVEN;

/** For geometry fainter facings count too: a neighbour that is missed makes a hole too wide, or hides it. */
const STANDING = scoreWorth('facing', 0.25);

/** What gaps are weighed by: all that stands, what is too faint even for that, and the rows. */
export function geometryOf(boxes: readonly Box[]): {
  readonly standing: readonly Box[];
  readonly weak: readonly Box[];
  readonly rows: readonly Row[];
} {
  const standing = boxes.filter((box) => (box.class === 'facing' ? box.score >= STANDING : counts(box)));
  const weak = boxes.filter((box) => box.class === 'facing' && box.score < STANDING);
  return { standing, weak, rows: findRows(standing) };
}

/** With the frame's size, what its edge cuts is doubted. */
export function readShelf(boxes: readonly Box[], frame?: FrameSize): ShelfReading {
  const strong = boxes.filter(counts);
  const rows = findRows(strong);
  const geometry = geometryOf(boxes);
  const gaps = weighGaps(geometry.standing, geometry.weak, geometry.rows, frame).map(
    (gap): Gap => ({ ...gap, row: rowUnder(gap, rows) }),
  );
  const of = (name: BoxClass): readonly Box[] =>
    strong.filter((box) => box.class === name).map(withProbability);
  return {
    facings: of('facing'),
    labels: of('label'),
    faint: boxes.filter((box) => box.class !== 'gap' && !counts(box)).map(withProbability),
    rows,
    gaps: gaps.filter((gap) => gap.confidence >= GAP_THRESHOLD),
    doubtful: gaps.filter((gap) => gap.confidence < GAP_THRESHOLD),
  };
}

const withProbability = (box: Box): Box => ({ ...box, score: calibrated(box.class, box.score) });
