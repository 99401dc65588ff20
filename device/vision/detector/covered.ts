/**
 * Facings that say again what stronger ones said: they keep their place but count less. Suppression compares two boxes by how
 * much of both is shared, and cannot see these.
 */
import { type Box, heightOf, sharedArea, widthOf, areaOf } from './frame.ts';

/** Boxes below this are too doubtful themselves to cast doubt on others. */
const TRUSTED = 0.4;
/** Share of a facing under stronger ones from which it is likely a piece of them: halves of two neighbours, print across both. */
const COVERED = 0.75;
const COVERED_WORTH = 0.7;
/** Points across and down at which cover is measured. */
const POINTS = 8;
/** Share of a stronger facing inside a weaker one about as wide from which both are one product: a bottle and its label, a stack. */
const ENCLOSED = 0.75;
const AS_WIDE = 0.6;
const ENCLOSING_WORTH = 0.4;

/** @param boxes strongest first; the answer is so too */
export function doubtCovered(boxes: readonly Box[]): Box[] {
  const facings = boxes.filter((box) => box.class === 'facing');
  const trusted = facings.filter((box) => box.score >= TRUSTED);
  const worth = new Map(
    facings.map((box, at) => [box, worthBeside(box, trusted.slice(0, Math.min(at, trusted.length)))]),
  );
  return boxes
    .map((box) => ({ ...box, score: box.score * (worth.get(box) ?? 1) }))
    .toSorted((a, b) => b.score - a.score);
}

function worthBeside(box: Box, stronger: readonly Box[]): number {
  const over = stronger.filter((other) => sharedArea(box, other) > 0);
  if (over.length === 0) return 1;
  if (over.some((other) => encloses(box, other))) return ENCLOSING_WORTH;
  return coverOf(box, over) > COVERED ? COVERED_WORTH : 1;
}

const encloses = (box: Box, other: Box): boolean =>
  widthOf(other) > AS_WIDE * widthOf(box) && sharedArea(box, other) > ENCLOSED * areaOf(other);

/** Share of a box that lies under others. */
function coverOf(box: Box, others: readonly Box[]): number {
  let covered = 0;
  for (let row = 0; row < POINTS; row++) {
    const y = box.y0 + (heightOf(box) * (row + 0.5)) / POINTS;
    for (let column = 0; column < POINTS; column++) {
      const x = box.x0 + (widthOf(box) * (column + 0.5)) / POINTS;
      if (others.some((other) => x >= other.x0 && x < other.x1 && y >= other.y0 && y < other.y1)) covered++;
    }
  }
  return covered / POINTS ** 2;
}
