/**
 * Shelf rows from the facings alone: facings that stand on one board have their lower edges on one line, level or
 * tilted by the camera. Works without labels, planogram or a level camera.
 */
import { type Box, heightOf, type Rect, widthOf } from '../detector/frame.ts';

export interface Row {
  /** The board under the products: y = height + slope x, in pixels. */
  readonly height: number;
  readonly slope: number;
  /** Facings that stand on the board, from the left. */
  readonly columns: readonly Box[];
  /** Facings that stand on others. */
  readonly stacked: readonly Box[];
  /** Outline of all its facings. */
  readonly outline: Rect;
}

/** Lower edges may differ by this share of the smaller height: cards hide feet, products are pushed back. */
const LEVEL = 0.2;
/** Boards look tilted by up to this when the camera is turned. */
const STEEPEST = 0.35;
/** Neighbours on one board are at most this many widths apart; wider holes are bridged by the line. */
const REACH_WIDTHS = 3.5;
/** A facing stands on another when its lower edge meets the other's upper one within this share of the height. */
const TOUCH = 0.12;

export const boardAt = ({ height, slope }: Pick<Row, 'height' | 'slope'>, x: number): number =>
  height + slope * x;

/** Rows from the top of the picture. */
export function findRows(boxes: readonly Box[]): readonly Row[] {
  const facings = boxes.filter((box) => box.class === 'facing').toSorted((a, b) => a.x0 - b.x0);
  const groups = neighbours(facings);
  const lines = groups.map((group) => lineUnder(group));
  const rows = joinAlongLines(groups, lines);
  return stackUp(rows)
    .map(({ base, upper }) => rowOf(base, upper))
    .toSorted((a, b) => middleOf(a) - middleOf(b));
}

const middleOf = (row: Row): number => boardAt(row, (row.outline.x0 + row.outline.x1) / 2);
const middleX = ({ x0, x1 }: Rect): number => (x0 + x1) / 2;

/** Groups of facings that follow each other on one level. */
function neighbours(facings: readonly Box[]): readonly (readonly Box[])[] {
  const groupOf = facings.map((_, i) => i);
  const find = (i: number): number => {
    let root = i;
    while (groupOf[root] !== root) root = groupOf[root] as number;
    groupOf[i] = root;
    return root;
  };
  for (const [i, a] of facings.entries())
    for (let j = i + 1; j < facings.length; j++) {
      const b = facings[j] as Box;
      const gap = b.x0 - a.x1;
      if (gap > REACH_WIDTHS * Math.max(widthOf(a), widthOf(b))) continue;
      if (gap < -0.5 * Math.min(widthOf(a), widthOf(b))) continue;
      if (isLevel(a, b)) groupOf[find(j)] = find(i);
    }
  const groups = new Map<number, Box[]>();
  for (const [i, box] of facings.entries()) {
    const group = groups.get(find(i));
    if (group === undefined) groups.set(find(i), [box]);
    else group.push(box);
  }
  return [...groups.values()];
}

function isLevel(a: Box, b: Box): boolean {
  const small = Math.min(heightOf(a), heightOf(b));
  const tilt = Math.min(STEEPEST * Math.abs(middleX(a) - middleX(b)), 0.12 * small);
  return Math.abs(a.y1 - b.y1) <= LEVEL * small + tilt;
}

interface Line {
  readonly height: number;
  readonly slope: number;
}

/** Median of the slopes between far members, then of the heights (Theil-Sen): a few wrong boxes do not turn it. */
function lineUnder(group: readonly Box[]): Line {
  const slopes: number[] = [];
  const span = Math.max(...group.map((b) => b.x1)) - Math.min(...group.map((b) => b.x0));
  for (const [i, a] of group.entries())
    for (const b of group.slice(i + 1)) {
      const dx = middleX(b) - middleX(a);
      if (Math.abs(dx) > span * 0.3) slopes.push((b.y1 - a.y1) / dx);
    }
  const slope = group.length < 3 ? 0 : Math.max(-STEEPEST, Math.min(STEEPEST, median(slopes)));
  return { slope, height: median(group.map((box) => box.y1 - slope * middleX(box))) };
}

export function median(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

/** Joins groups on one board that a wide hole or a post parts; groups of different bays at other heights stay apart. */
function joinAlongLines(
  groups: readonly (readonly Box[])[],
  lines: readonly Line[],
): readonly (readonly Box[])[] {
  const order = groups.map((_, i) => i).toSorted((a, b) => groupLength(groups, b) - groupLength(groups, a));
  const rows: { members: Box[]; line: Line }[] = [];
  for (const i of order) {
    const group = groups[i] as readonly Box[];
    const line = lines[i] as Line;
    const tall = median(group.map(heightOf));
    const home = rows.find(({ members, line: other }) => {
      const x = median(group.map(middleX));
      const offset = Math.abs(boardAt(other, x) - boardAt(line, x));
      return offset <= LEVEL * Math.min(tall, median(members.map(heightOf))) && !crowded(members, group);
    });
    if (home === undefined) rows.push({ members: [...group], line });
    else {
      home.members.push(...group);
      home.line = lineUnder(home.members);
    }
  }
  return rows.map(({ members }) => members.toSorted((a, b) => a.x0 - b.x0));
}

const groupLength = (groups: readonly (readonly Box[])[], i: number): number => groups[i]?.length ?? 0;

/** Whether the two would stand in each other's place. */
const crowded = (a: readonly Box[], b: readonly Box[]): boolean =>
  b.some((box) =>
    a.some((o) => Math.min(o.x1, box.x1) - Math.max(o.x0, box.x0) > 0.5 * Math.min(widthOf(o), widthOf(box))),
  );

/** A row whose members mostly stand on members of another is its second layer. */
function stackUp(
  rows: readonly (readonly Box[])[],
): readonly { readonly base: readonly Box[]; readonly upper: readonly Box[] }[] {
  const result = rows.map((base) => ({ base: [...base], upper: [] as Box[], isBase: true }));
  // From below, so that a third layer follows the second down.
  const order = result.toSorted((a, b) => median(b.base.map((x) => x.y1)) - median(a.base.map((x) => x.y1)));
  for (const row of order) {
    const hosts = order.filter((other) => other !== row && other.isBase);
    const host = hosts.find((other) => {
      const standing = row.base.filter((box) =>
        [...other.base, ...other.upper].some((under) => standsOn(box, under)),
      );
      return standing.length >= 0.6 * row.base.length && row.base.length <= other.base.length;
    });
    if (host === undefined) continue;
    host.upper.push(...row.base, ...row.upper);
    row.isBase = false;
  }
  return result.filter((row) => row.isBase);
}

function standsOn(box: Box, under: Box): boolean {
  const shared = Math.min(box.x1, under.x1) - Math.max(box.x0, under.x0);
  if (shared < 0.5 * Math.min(widthOf(box), widthOf(under))) return false;
  return Math.abs(box.y1 - under.y0) <= TOUCH * Math.min(heightOf(box), heightOf(under));
}

function rowOf(columns: readonly Box[], stacked: readonly Box[]): Row {
  const all = [...columns, ...stacked];
  return {
    ...lineUnder(columns),
    columns: columns.toSorted((a, b) => a.x0 - b.x0),
    stacked,
    outline: {
      x0: Math.min(...all.map((b) => b.x0)),
      y0: Math.min(...all.map((b) => b.y0)),
      x1: Math.max(...all.map((b) => b.x1)),
      y1: Math.max(...all.map((b) => b.y1)),
    },
  };
}
