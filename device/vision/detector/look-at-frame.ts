/** One frame to boxes: a first look at the whole, and a second at the distance from which its products are seen best. */
import { type Box, type BoxClass, type Frame, heightOf, widthOf } from './frame.ts';
import type { ShelfModel } from './shelf-model.ts';
import { doubtCovered } from './covered.ts';
import { suppress } from './suppress.ts';
import { firstLook, secondLook, type View } from './views.ts';

/** A box this close to a tile's inner edge, in input pixels, is likely cut; the neighbouring tile sees the whole. */
const CUT_PX = 6;
/** What is larger than this in a tile, in input pixels, was seen better as part of the whole. */
const LARGE_PX = 260;
/** Facings and gaps narrower than this in the first look are judged better there than from further away. */
const NEAR_PX: Readonly<Record<BoxClass, number>> = { facing: 48, gap: 30, label: Number.POSITIVE_INFINITY };
/** What a box counts that was seen from the less suitable distance. */
const LESS = 0.85;

type Looking = Pick<ShelfModel, 'look'>;

/** Strongest first. */
export const lookAtFrame = async (model: Looking, frame: Frame): Promise<Box[]> =>
  doubtCovered(await lookTwice(model, frame));

async function lookTwice(model: Looking, frame: Frame): Promise<Box[]> {
  const first = firstLook(frame.width, frame.height);
  const whole = await model.look(frame, first);
  const alone = suppress(whole);
  const views = secondLook(frame.width, frame.height, alone);
  const [view] = views;
  if (view === undefined) return alone;
  const again: Box[] = [];
  for (const part of views)
    for (const box of await model.look(frame, part)) if (!isCut(box, part, frame)) again.push(box);
  return view.scale > first.scale
    ? suppress([...whole.map((box) => besideTiles(box, view.scale)), ...again])
    : suppress([
        ...whole.map((box) => (isForNear(box, first.scale) ? box : less(box))),
        ...again
          .filter((box) => box.class !== 'label')
          .map((box) => (isForNear(box, first.scale) ? less(box) : box)),
      ]);
}

/** Where a closer look was taken, small products of the first one count less and large gaps as much as before. */
function besideTiles(box: Box, scale: number): Box {
  if (Math.max(widthOf(box), heightOf(box)) * scale > LARGE_PX) return box;
  return { ...box, score: box.score * (box.class === 'gap' ? 0.9 : 0.6) };
}

const isForNear = (box: Box, scale: number): boolean => widthOf(box) * scale < NEAR_PX[box.class];
const less = (box: Box): Box => ({ ...box, score: box.score * LESS });

function isCut(box: Box, { part, scale }: View, frame: Frame): boolean {
  const near = CUT_PX / scale;
  return (
    (part.x0 > 0 && box.x0 < part.x0 + near) ||
    (part.y0 > 0 && box.y0 < part.y0 + near) ||
    (part.x1 < frame.width && box.x1 > part.x1 - near) ||
    (part.y1 < frame.height && box.y1 > part.y1 - near)
  );
}
