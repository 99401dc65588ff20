/** Keeps the strongest of boxes that mean the same thing. */
import { areaOf, type Box, type BoxClass, overlapOf, sharedArea } from './frame.ts';

/** Intersection over union above which the weaker box of a class goes. */
const OVERLAP: Readonly<Record<BoxClass, number>> = { facing: 0.5, gap: 0.4, label: 0.4 };
/** Share of a box inside a stronger one of its class above which it goes: halves of one product, parts of one gap. */
const INSIDE: Readonly<Record<BoxClass, number>> = { facing: 0.85, gap: 0.8, label: 0.8 };

/** Strongest first. */
export function suppress(boxes: readonly Box[]): Box[] {
  const kept: Box[] = [];
  for (const box of boxes.toSorted((a, b) => b.score - a.score))
    if (!kept.some((other) => other.class === box.class && means(other, box))) kept.push(box);
  return kept;
}

function means(strong: Box, weak: Box): boolean {
  if (strong.x1 <= weak.x0 || weak.x1 <= strong.x0 || strong.y1 <= weak.y0 || weak.y1 <= strong.y0)
    return false;
  if (overlapOf(strong, weak) > OVERLAP[weak.class]) return true;
  return sharedArea(strong, weak) > INSIDE[weak.class] * areaOf(weak);
}
