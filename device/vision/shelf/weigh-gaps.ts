/**
 * From the detector's gap boxes and the geometric holes to gaps with a probability. Each source alone errs: the class
 * misses unfamiliar backs of shelves, the rule takes posts and hanging goods for gaps. Both together are weighed by a
 * logistic model whose weights were fitted on rendered shelves (`gap-weights.json`, `models/shelf/fit-gaps.ts`).
 */
import { areaOf, type Box, heightOf, overlapOf, type Rect, sharedArea, widthOf } from '../detector/frame.ts';
import { findHoles, type Hole, hasLabelUnder } from './find-holes.ts';
import { boardAt, type Row } from './find-rows.ts';
import weights from './gap-weights.json' with { type: 'json' };

export interface Gap extends Rect {
  /** Probability that this is an empty facing. */
  readonly confidence: number;
  /** Row it belongs to, where it stands on one. */
  readonly row: Row | undefined;
  /** How many products of the neighbours' width fit in. */
  readonly facings: number;
}

export interface GapCandidate {
  readonly rect: Rect;
  readonly row: Row | undefined;
  readonly facings: number;
  readonly features: readonly number[];
}

/** At and above this a gap is reported as one. */
export const GAP_THRESHOLD = 0.5;
/** Candidates below are not worth keeping. */
const LEAST = 0.01;
const UNSEEN = 0.03;
/** From this score on the detector outlines a gap better than the neighbours of the hole do. */
const TRUSTED_OUTLINE = 0.1;
/**
 * What the picture's edge cuts may be the end of the shelf or the next bay as well as a gap, in stores more often than on
 * rendered shelves, whose walls go on: so it counts less than the fitted weights say.
 */
const CUT_BY_EDGE = 0.65;
const EDGE_SHARE = 0.01;
/** Tags on a rail fill most of its height; those under a low gap that reach into its outline do not. */
const TAG_ON_RAIL = 0.6;

const logit = (p: number): number => Math.log(p / (1 - p));
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

export function gapCandidates(
  boxes: readonly Box[],
  weak: readonly Box[],
  rows: readonly Row[],
  frame?: FrameSize,
): readonly GapCandidate[] {
  const seen = boxes.filter((box) => box.class === 'gap');
  const labels = boxes.filter((box) => box.class === 'label');
  const holes = findHoles(rows);
  const used = new Set<Box>();
  const fromHoles = holes.map((hole): GapCandidate => {
    const near = seen.filter((gap) => isSame(gap, hole));
    for (const gap of near) used.add(gap);
    const best = near.toSorted((a, b) => b.score - a.score)[0];
    return {
      rect: best !== undefined && best.score > TRUSTED_OUTLINE ? best : rectOf(hole),
      row: hole.row,
      facings: hole.facings,
      features: featuresOf({ rect: hole, score: best?.score ?? UNSEEN, hole, weak, labels, rows, frame }),
    };
  });
  const alone = seen
    .filter((gap) => !used.has(gap))
    .map((gap): GapCandidate => {
      const row = rowUnder(gap, rows);
      return {
        rect: gap,
        row,
        facings: row === undefined ? 1 : widthOf(gap) / usualWidth(row, gap),
        features: featuresOf({ rect: gap, score: gap.score, hole: undefined, weak, labels, rows, frame }),
      };
    });
  return [...fromHoles, ...alone];
}

export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Most certain first. `weak` are facings too faint to be counted: where one stands, a gap is less likely. */
export function weighGaps(
  boxes: readonly Box[],
  weak: readonly Box[],
  rows: readonly Row[],
  frame?: FrameSize,
): readonly Gap[] {
  const labels = boxes.filter((box) => box.class === 'label');
  const gaps = gapCandidates(boxes, weak, rows, frame)
    .filter(({ rect }) => !isOnRail(rect, labels))
    .map(({ rect, row, facings, features }) => ({
      ...rectOf(rect),
      row,
      facings,
      confidence: confidenceOf(features) * (frame !== undefined && isCut(rect, frame) ? CUT_BY_EDGE : 1),
    }))
    .filter((gap) => gap.confidence >= LEAST)
    .toSorted((a, b) => b.confidence - a.confidence);
  const kept: Gap[] = [];
  for (const gap of gaps) if (!kept.some((other) => isSame(other, gap))) kept.push(gap);
  return kept;
}

/** Between the tags of a price rail it looks like a row of small goods with gaps. */
function isOnRail(rect: Rect, labels: readonly Box[]): boolean {
  const near = labels.filter((label) => {
    const y = (label.y0 + label.y1) / 2;
    const apart = Math.max(label.x0 - rect.x1, rect.x0 - label.x1);
    return (
      y > rect.y0 &&
      y < rect.y1 &&
      apart < 4 * widthOf(rect) &&
      heightOf(label) > TAG_ON_RAIL * heightOf(rect)
    );
  });
  return near.length >= 2;
}

function isCut(rect: Rect, { width, height }: FrameSize): boolean {
  const edge = EDGE_SHARE * Math.max(width, height);
  return rect.x0 < edge || rect.x1 > width - edge || rect.y0 < edge || rect.y1 > height - edge;
}

export const confidenceOf = (features: readonly number[]): number =>
  sigmoid(features.reduce((sum, value, i) => sum + value * (weights.weights[i] ?? 0), weights.bias));

const rectOf = ({ x0, y0, x1, y1 }: Rect): Rect => ({ x0, y0, x1, y1 });

function isSame(a: Rect, b: Rect): boolean {
  if (overlapOf(a, b) >= 0.35) return true;
  return sharedArea(a, b) >= 0.6 * Math.min(areaOf(a), areaOf(b));
}

interface Seen {
  readonly rect: Rect;
  readonly score: number;
  readonly hole: Hole | undefined;
  readonly weak: readonly Box[];
  readonly labels: readonly Box[];
  readonly rows: readonly Row[];
  readonly frame: FrameSize | undefined;
}

/** In the order of gap-weights.json. */
function featuresOf({ rect, score, hole, weak, labels, rows, frame }: Seen): readonly number[] {
  const row = hole?.row ?? rowUnder(rect, rows);
  const facings = row === undefined ? 1 : widthOf(rect) / usualWidth(row, rect);
  const covered =
    weak.reduce((sum, box) => sum + box.score * sharedArea(box, rect), 0) / Math.max(1, areaOf(rect));
  const blocked = rows
    .flatMap((r) => [...r.columns, ...r.stacked])
    .reduce((sum, box) => sum + sharedArea(box, rect), 0);
  return [
    logit(Math.min(0.97, Math.max(UNSEEN, score))),
    hole === undefined ? 0 : 1,
    hole === undefined ? 0 : Math.min(1, Math.max(-1, (hole.facings - 1) * 2)),
    Math.min(2, Math.abs(Math.log(Math.max(0.1, facings)))),
    hasLabelUnder(rect, labels) ? 1 : 0,
    Math.min(1, covered),
    Math.min(1, blocked / Math.max(1, areaOf(rect))),
    row === undefined ? 0 : 1,
    row === undefined ? 0 : Math.min(1, row.columns.length / 8),
    frame !== undefined && isCut(rect, frame) ? 1 : 0,
  ];
}

/** The row on whose board the rectangle stands. */
export function rowUnder(rect: Rect, rows: readonly Row[]): Row | undefined {
  const x = (rect.x0 + rect.x1) / 2;
  return rows.find((row) => {
    const reach = 2.5 * widthOf(rect);
    if (x < row.outline.x0 - reach || x > row.outline.x1 + reach) return false;
    return Math.abs(boardAt(row, x) - rect.y1) < 0.3 * heightOf(rect);
  });
}

/** Width of the products next to the rectangle. */
function usualWidth(row: Row, rect: Rect): number {
  const x = (rect.x0 + rect.x1) / 2;
  const near = row.columns
    .toSorted((a, b) => Math.abs((a.x0 + a.x1) / 2 - x) - Math.abs((b.x0 + b.x1) / 2 - x))
    .slice(0, 2)
    .map(widthOf);
  return near.length === 0 ? widthOf(rect) : Math.max(1, near.reduce((a, b) => a + b, 0) / near.length);
}
