/** One frame to boxes: a first look at the whole, and a closer one where products are small. */
import { type Box, type Frame, heightOf, widthOf } from './frame.ts';
import type { ShelfModel } from './shelf-model.ts';
import { suppress } from './suppress.ts';
import { closerLook, firstLook, type View } from './views.ts';

/** A box this close to a tile's inner edge, in input pixels, is likely cut; the neighbouring tile sees the whole. */
const CUT_PX = 6;

export async function lookAtFrame(model: Pick<ShelfModel, 'look'>, frame: Frame): Promise<Box[]> {
  const whole = suppress(await model.look(frame, firstLook(frame.width, frame.height)));
  const tiles = closerLook(frame.width, frame.height, whole);
  if (tiles.length === 0) return whole;
  const close: Box[] = [];
  for (const tile of tiles)
    for (const box of await model.look(frame, tile)) if (!isCut(box, tile, frame)) close.push(box);
  return suppress([...whole.map((box) => weighted(box, tiles)), ...close]);
}

/** Where a closer look was taken, small products of the first one count less and large gaps as much as before. */
function weighted(box: Box, tiles: readonly View[]): Box {
  const scale = tiles[0]?.scale ?? 1;
  const isLarge = Math.max(widthOf(box), heightOf(box)) * scale > 260;
  return isLarge ? box : { ...box, score: box.score * (box.class === 'gap' ? 0.9 : 0.6) };
}

function isCut(box: Box, { part, scale }: View, frame: Frame): boolean {
  const near = CUT_PX / scale;
  return (
    (part.x0 > 0 && box.x0 < part.x0 + near) ||
    (part.y0 > 0 && box.y0 < part.y0 + near) ||
    (part.x1 < frame.width && box.x1 > part.x1 - near) ||
    (part.y1 < frame.height && box.y1 > part.y1 - near)
  );
}
