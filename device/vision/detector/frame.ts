/** Pictures and boxes as the detector's parts pass them to each other. */

export interface Frame {
  readonly width: number;
  readonly height: number;
  /** RGB, 8 bits, rows from the top, no padding: width x height x 3 bytes. */
  readonly data: Uint8Array;
}

export const boxClasses = ['facing', 'gap', 'label'] as const;
export type BoxClass = (typeof boxClasses)[number];

/** Edges in pixels of the frame, x to the right and y down. */
export interface Rect {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

export interface Box extends Rect {
  readonly class: BoxClass;
  /** The network's own score, 0..1; see calibrate.ts for what it is worth. */
  readonly score: number;
}

export const widthOf = ({ x0, x1 }: Rect): number => Math.max(0, x1 - x0);
export const heightOf = ({ y0, y1 }: Rect): number => Math.max(0, y1 - y0);
export const areaOf = (rect: Rect): number => widthOf(rect) * heightOf(rect);
export const centreX = ({ x0, x1 }: Rect): number => (x0 + x1) / 2;

export function sharedArea(a: Rect, b: Rect): number {
  const w = Math.min(a.x1, b.x1) - Math.max(a.x0, b.x0);
  const h = Math.min(a.y1, b.y1) - Math.max(a.y0, b.y0);
  return w > 0 && h > 0 ? w * h : 0;
}

/** Intersection over union, 0..1. */
export function overlapOf(a: Rect, b: Rect): number {
  const shared = sharedArea(a, b);
  return shared === 0 ? 0 : shared / (areaOf(a) + areaOf(b) - shared);
}
