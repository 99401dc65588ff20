/**
 * Which parts of a frame the network looks at, and how large. The network reads any size in multiples of 32 and finds
 * products best when they are some 25 to 60 pixels wide (what it was trained on, `models/shelf/crops.py`). So a picture with
 * smaller ones is looked at again, enlarged and in tiles, and one with larger ones again as a whole, from further away: a
 * gap wants its surroundings more than its pixels.
 */
import { type Box, type Rect, widthOf } from './frame.ts';

export interface View {
  /** The part of the frame, in its pixels. */
  readonly part: Rect;
  /** Size of the network's input; the part fills it from the upper left corner. */
  readonly width: number;
  readonly height: number;
  /** Input pixels per frame pixel. */
  readonly scale: number;
}

/** Long side of the first look, pixels of input. */
export const FIRST_LOOK = 640;
const MULTIPLE = 32;
/** Products narrower than this in the first look are worth a second, closer one where the frame has more to show. */
const NARROW_PX = 30;
/** Narrower than this in the frame itself they are enlarged beyond its pixels. */
const TINY_PX = 26;
const MOST_ENLARGED = 2;
/** Wider than this in the first look they are worth one from further away. */
const WIDE_PX = 52;
const WANTED_PX = 36;
/** Facings with a lower score say little about sizes. */
const LIKELY = 0.3;
/** Long side of the least that is worth looking at. */
const SMALLEST = 192;
/** Long side of the enlarged frame; more would find noise, and take seconds. */
const LARGEST = 2560;
const TILE = 1280;
const TILE_OVERLAP = 192;

const upTo = (value: number): number => Math.max(MULTIPLE, Math.ceil(value / MULTIPLE) * MULTIPLE);

const wholeAt = (width: number, height: number, longSide: number): View => {
  const scale = longSide / Math.max(width, height);
  return {
    part: { x0: 0, y0: 0, x1: width, y1: height },
    width: upTo(Math.round(width * scale)),
    height: upTo(Math.round(height * scale)),
    scale,
  };
};

export const firstLook = (width: number, height: number): View => wholeAt(width, height, FIRST_LOOK);

/** Views of a second look, all of one scale; none where the first one was right or the frame has no more to show. */
export function secondLook(width: number, height: number, found: readonly Box[]): readonly View[] {
  const widths = found
    .filter((box) => box.class === 'facing' && box.score >= LIKELY)
    .map(widthOf)
    .toSorted((a, b) => a - b);
  const first = FIRST_LOOK / Math.max(width, height);
  // The slim ones decide: a bottle that is missed costs more than a carton that is looked at twice.
  const slim = widths[Math.floor(widths.length * 0.3)];
  if (slim === undefined) return [];
  const broad = broadOf(widths);
  if (broad * first > WIDE_PX) {
    const longSide = Math.max(SMALLEST, (WANTED_PX / broad) * Math.max(width, height));
    return [wholeAt(width, height, longSide)];
  }
  if (slim * first >= NARROW_PX) return [];
  const most = slim < TINY_PX ? MOST_ENLARGED : 1;
  const scale = Math.min(most, WANTED_PX / slim, LARGEST / Math.max(width, height));
  return scale < first * 1.25 ? [] : tilesAt(width, height, scale);
}

/** The width under which a third of all covered width lies: a few scraps of a near-by package do not hide its size. */
function broadOf(rising: readonly number[]): number {
  const all = rising.reduce((sum, width) => sum + width, 0);
  let passed = 0;
  for (const width of rising) {
    passed += width;
    if (passed >= 0.35 * all) return width;
  }
  return rising.at(-1) ?? 0;
}

export function tilesAt(width: number, height: number, scale: number): readonly View[] {
  const tiles: View[] = [];
  for (const [y0, y1] of spans(height, scale))
    for (const [x0, x1] of spans(width, scale))
      tiles.push({
        part: { x0, y0, x1, y1 },
        width: upTo(Math.round((x1 - x0) * scale)),
        height: upTo(Math.round((y1 - y0) * scale)),
        scale,
      });
  return tiles;
}

/** Evenly placed, overlapping stretches of one side, in frame pixels. */
function spans(side: number, scale: number): readonly (readonly [number, number])[] {
  const scaled = side * scale;
  if (scaled <= TILE) return [[0, side]];
  const count = Math.ceil((scaled - TILE_OVERLAP) / (TILE - TILE_OVERLAP));
  const step = (scaled - TILE) / (count - 1);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.round((i * step) / scale);
    return [from, Math.min(side, Math.round((i * step + TILE) / scale))] as const;
  });
}
