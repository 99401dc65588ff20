/**
 * A facing that stronger ones together cover nearly whole is likely a piece of them: half of one package and half of its
 * neighbour, or print across both. It keeps its place but counts less. Suppression compares two boxes at a time and cannot see
 * this where neither neighbour covers enough alone.
 */
import { type Box, heightOf, widthOf } from './frame.ts';

/** Boxes below this are too doubtful themselves to cast doubt on others. */
const TRUSTED = 0.4;
/** Share of a facing under stronger ones from which it counts less. */
const COVERED = 0.75;
const COVERED_WORTH = 0.7;
/** Points across and down at which cover is measured. */
const POINTS = 8;

/** @param boxes strongest first; the answer is in the same order or a better one */
export function doubtCovered(boxes: readonly Box[]): Box[] {
  const facings = boxes.filter((box) => box.class === 'facing');
  const trusted = facings.filter((box) => box.score >= TRUSTED);
  const doubted = new Set(
    facings.filter((box, at) => coverOf(box, trusted.slice(0, Math.min(at, trusted.length))) > COVERED),
  );
  return boxes
    .map((box) => (doubted.has(box) ? { ...box, score: box.score * COVERED_WORTH } : box))
    .toSorted((a, b) => b.score - a.score);
}

/** Share of a box that lies under others. */
function coverOf(box: Box, others: readonly Box[]): number {
  const over = others.filter(
    (other) => other.x0 < box.x1 && other.x1 > box.x0 && other.y0 < box.y1 && other.y1 > box.y0,
  );
  if (over.length === 0) return 0;
  let covered = 0;
  for (let row = 0; row < POINTS; row++) {
    const y = box.y0 + (heightOf(box) * (row + 0.5)) / POINTS;
    for (let column = 0; column < POINTS; column++) {
      const x = box.x0 + (widthOf(box) * (column + 0.5)) / POINTS;
      if (over.some((other) => x >= other.x0 && x < other.x1 && y >= other.y0 && y < other.y1)) covered++;
    }
  }
  return covered / POINTS ** 2;
}
