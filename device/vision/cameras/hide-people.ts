/**
 * What is kept of a frame: only what was recognised as goods, gaps and tags stays sharp; everything else is blurred beyond
 * recognition before the picture is written or shown. No face is searched for, so none can be missed by a face detector: a
 * person is blurred because they are not a product. What this cannot do: a face printed on a package stays, and a person
 * whom the detector takes for a product stays as far as that box reaches; regions that a still camera sees changed against
 * its usual view in one large piece (people standing before the shelf) are therefore blurred even where boxes are.
 */
import sharp from 'sharp';
import type { Frame, Rect } from '../detector/frame.ts';
import { cellRect, GRID_COLUMNS, GRID_ROWS } from './frame-change.ts';

/** Blur as a share of the frame's long side; a face that fills a tenth of the frame is left with some 3 x 4 blots. */
const BLOTS_ACROSS = 40;
/** A piece of changed cells at least this large is no product: some 3 % of the frame. */
const LARGE_PIECE = Math.round(0.03 * GRID_COLUMNS * GRID_ROWS);
/** Kept around a box, as a share of its size. */
const MARGIN = 0.04;
const QUALITY = 80;

export interface Keep {
  readonly boxes: readonly Rect[];
  /** Cells (frame-change.ts) that differ from the camera's usual view; none where no such view is known. */
  readonly changed?: Uint8Array;
}

/** A JPEG of the frame with all but shelf goods blurred. */
export async function withoutPeople(frame: Frame, keep: Keep): Promise<Buffer> {
  const { width, height, data } = frame;
  const raw = { width, height, channels: 3 } as const;
  const scale = BLOTS_ACROSS / Math.max(width, height);
  const small = await sharp(data, { raw })
    .resize(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)), { fit: 'fill' })
    .raw()
    .toBuffer({ resolveWithObject: true });
  const blurred = await sharp(small.data, {
    raw: { width: small.info.width, height: small.info.height, channels: 3 },
  })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer();
  const out = new Uint8Array(blurred.buffer, blurred.byteOffset, blurred.byteLength);
  for (const box of keep.boxes) copySharp(data, out, width, grown(box, frame));
  for (const cell of largePieces(keep.changed)) {
    const { x0, y0, x1, y1 } = cellRect(cell, frame);
    blurAgain(out, small.data, { x0, y0, x1, y1 }, frame, small.info.width, small.info.height);
  }
  return sharp(out, { raw }).jpeg({ quality: QUALITY }).toBuffer();
}

const grown = ({ x0, y0, x1, y1 }: Rect, { width, height }: Frame): Rect => {
  const dx = (x1 - x0) * MARGIN;
  const dy = (y1 - y0) * MARGIN;
  return {
    x0: Math.max(0, Math.floor(x0 - dx)),
    y0: Math.max(0, Math.floor(y0 - dy)),
    x1: Math.min(width, Math.ceil(x1 + dx)),
    y1: Math.min(height, Math.ceil(y1 + dy)),
  };
};

function copySharp(from: Uint8Array, to: Uint8Array, width: number, { x0, y0, x1, y1 }: Rect): void {
  for (let y = y0; y < y1; y++) {
    const at = (y * width + x0) * 3;
    to.set(from.subarray(at, at + (x1 - x0) * 3), at);
  }
}

function blurAgain(
  out: Uint8Array,
  small: Uint8Array,
  { x0, y0, x1, y1 }: Rect,
  { width, height }: Frame,
  smallWidth: number,
  smallHeight: number,
): void {
  for (let y = Math.floor(y0); y < Math.min(height, Math.ceil(y1)); y++)
    for (let x = Math.floor(x0); x < Math.min(width, Math.ceil(x1)); x++) {
      const sx = Math.min(smallWidth - 1, Math.floor((x * smallWidth) / width));
      const sy = Math.min(smallHeight - 1, Math.floor((y * smallHeight) / height));
      for (let c = 0; c < 3; c++)
        out[(y * width + x) * 3 + c] = small[(sy * smallWidth + sx) * 3 + c] as number;
    }
}

/** Cells of connected pieces that are too large for goods. */
export function largePieces(changed: Uint8Array | undefined): readonly number[] {
  if (changed === undefined) return [];
  const left = Uint8Array.from(changed);
  const result: number[] = [];
  for (let start = 0; start < left.length; start++) {
    if (left[start] === 0) continue;
    const piece: number[] = [];
    const open = [start];
    left[start] = 0;
    for (let cell = open.pop(); cell !== undefined; cell = open.pop()) {
      piece.push(cell);
      const x = cell % GRID_COLUMNS;
      for (const next of [
        x > 0 ? cell - 1 : -1,
        x < GRID_COLUMNS - 1 ? cell + 1 : -1,
        cell - GRID_COLUMNS,
        cell + GRID_COLUMNS,
      ])
        if (next >= 0 && left[next] === 1) {
          left[next] = 0;
          open.push(next);
        }
    }
    if (piece.length >= LARGE_PIECE) result.push(...piece);
  }
  return result;
}

/** Boxes that a large changed piece covers mostly: somebody stands before them, and what was seen there is no shelf. */
export function hiddenBy<T extends Rect>(
  boxes: readonly T[],
  changed: Uint8Array | undefined,
  frame: Frame,
): readonly T[] {
  const cells = largePieces(changed).map((cell) => cellRect(cell, frame));
  return boxes.filter((box) => {
    const area = Math.max(1, (box.x1 - box.x0) * (box.y1 - box.y0));
    const hidden = cells.reduce((sum, cell) => {
      const w = Math.min(cell.x1, box.x1) - Math.max(cell.x0, box.x0);
      const h = Math.min(cell.y1, box.y1) - Math.max(cell.y0, box.y0);
      return w > 0 && h > 0 ? sum + w * h : sum;
    }, 0);
    return hidden / area > 0.4;
  });
}
