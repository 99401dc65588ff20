/** A picture with what was found painted on it: facings green, gaps red, labels blue, boards as thin lines. */
import sharp from 'sharp';
import { type Frame, type Rect, heightOf, widthOf } from '../detector/frame.ts';
import { boardAt } from '../shelf/find-rows.ts';
import type { ShelfReading } from '../shelf/read-shelf.ts';

const COLOURS = {
  facing: '#19c37d',
  gap: '#ff2d3f',
  label: '#3b8cff',
  doubtful: '#ffb020',
  board: '#ffffff',
} as const;

/** Writes a picture; the name's ending chooses the format (png, jpg, webp). */
export async function drawReading(frame: Frame, reading: ShelfReading, path: string): Promise<void> {
  await sharp(frame.data, { raw: { width: frame.width, height: frame.height, channels: 3 } })
    .composite([{ input: Buffer.from(overlaySvg(frame, reading)) }])
    .toFile(path);
}

export function overlaySvg(
  { width, height }: Pick<Frame, 'width' | 'height'>,
  reading: ShelfReading,
): string {
  const stroke = Math.max(1.5, Math.max(width, height) / 500);
  const outline = (box: Rect, colour: string, more = ''): string =>
    `<rect x="${box.x0}" y="${box.y0}" width="${widthOf(box)}" height="${heightOf(box)}" fill="none" stroke="${colour}" stroke-width="${stroke}" ${more}/>`;
  const percent = (box: Rect, p: number, colour: string): string =>
    `<text x="${box.x0 + stroke * 2}" y="${box.y0 + stroke * 9}" font-size="${stroke * 8}" font-family="sans-serif" font-weight="bold" fill="${colour}">${Math.round(100 * p)}%</text>`;
  const boards = reading.rows.map((row) => {
    const { x0, x1 } = row.outline;
    return `<line x1="${x0}" y1="${boardAt(row, x0)}" x2="${x1}" y2="${boardAt(row, x1)}" stroke="${COLOURS.board}" stroke-width="${stroke / 2}" stroke-dasharray="${stroke * 3}"/>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    ...boards,
    ...reading.labels.map((box) => outline(box, COLOURS.label)),
    ...reading.facings.map((box) => outline(box, COLOURS.facing)),
    ...reading.doubtful
      .filter((gap) => gap.confidence >= 0.25)
      .map((gap) => outline(gap, COLOURS.doubtful, `stroke-dasharray="${stroke * 3}"`)),
    ...reading.gaps.map(
      (gap) =>
        `<rect x="${gap.x0}" y="${gap.y0}" width="${widthOf(gap)}" height="${heightOf(gap)}" fill="${COLOURS.gap}" fill-opacity="0.18"/>` +
        outline(gap, COLOURS.gap) +
        percent(gap, gap.confidence, COLOURS.gap),
    ),
    '</svg>',
  ].join('');
}
