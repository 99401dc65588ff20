import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box, BoxClass } from '../detector/frame.ts';
import { findHoles, hasLabelUnder } from './find-holes.ts';
import { boardAt, findRows } from './find-rows.ts';
import { readShelf } from './read-shelf.ts';

const box = (x0: number, y0: number, w: number, h: number, name: BoxClass = 'facing', score = 0.9): Box => ({
  class: name,
  score,
  x0,
  y0,
  x1: x0 + w,
  y1: y0 + h,
});

/** `count` facings side by side on one board, without those at `missing`. */
const row = (board: number, count: number, missing: readonly number[] = [], slope = 0, x0 = 20): Box[] =>
  Array.from({ length: count }, (_, i) => box(x0 + i * 52, board - 90 + slope * i * 52, 50, 90)).filter(
    (_, i) => !missing.includes(i),
  );

describe('rows', () => {
  it('are found from the top, whatever the order of the boxes', () => {
    const boxes = [...row(400, 8), ...row(200, 8)].toSorted((a, b) => a.x0 * 7 - b.x0 * 7 + a.y0 - b.y0);
    const rows = findRows(boxes);
    expect(rows.map((r) => Math.round(boardAt(r, 100)))).toEqual([200, 400]);
    expect(rows.map((r) => r.columns.length)).toEqual([8, 8]);
  });

  it('are found under a camera that is turned', () => {
    const rows = findRows([...row(200, 9, [], 0.12), ...row(330, 9, [], 0.12)]);
    expect(rows).toHaveLength(2);
    for (const one of rows) expect(one.slope).toBeCloseTo(0.12, 1);
  });

  it('hold goods of different heights on one board', () => {
    const boxes = Array.from({ length: 8 }, (_, i) =>
      box(20 + i * 60, 300 - (60 + 15 * (i % 4)), 50, 60 + 15 * (i % 4)),
    );
    expect(findRows(boxes).map((r) => r.columns.length)).toEqual([8]);
  });

  it('keep a second layer with the row that carries it', () => {
    const rows = findRows([...row(300, 6), ...row(210, 3)]);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.columns).toHaveLength(6);
    expect(rows[0]?.stacked).toHaveLength(3);
  });

  it('go on behind a hole three facings wide', () => {
    expect(findRows(row(300, 10, [4, 5, 6]))).toHaveLength(1);
  });

  it('hold every facing exactly once', () => {
    const boxes = fc.array(
      fc.record({
        x: fc.integer({ min: 0, max: 1000 }),
        y: fc.integer({ min: 0, max: 800 }),
        w: fc.integer({ min: 5, max: 120 }),
        h: fc.integer({ min: 5, max: 200 }),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(boxes, (list) => {
        const all = list.map(({ x, y, w, h }) => box(x, y, w, h));
        const held = findRows(all).flatMap((r) => [...r.columns, ...r.stacked]);
        expect(held).toHaveLength(all.length);
        expect(new Set(held)).toEqual(new Set(all));
      }),
      { seed: 20261121, numRuns: 150 },
    );
  });
});

describe('holes', () => {
  it('are the stretches between goods that no facing covers', () => {
    const holes = findHoles(findRows(row(300, 10, [3, 7, 8])));
    expect(holes.map((h) => Math.round(h.facings))).toEqual([1, 2]);
    expect(holes[0]).toMatchObject({ x0: 20 + 3 * 52 - 2, x1: 20 + 4 * 52, y0: 210, y1: 300 });
  });

  it('are not the narrow spaces between any two products', () => {
    const loose = Array.from({ length: 8 }, (_, i) => box(20 + i * 65, 210, 50, 90));
    expect(findHoles(findRows(loose))).toEqual([]);
  });

  it('know a price label under them', () => {
    const hole = { x0: 176, y0: 210, x1: 228, y1: 300 };
    expect(hasLabelUnder(hole, [box(180, 306, 40, 20, 'label')])).toBe(true);
    expect(hasLabelUnder(hole, [box(300, 306, 40, 20, 'label')])).toBe(false);
  });
});

describe('gaps', () => {
  it('that detector and geometry agree on are reported once', () => {
    const boxes = [...row(300, 10, [4]), box(20 + 4 * 52, 212, 48, 88, 'gap', 0.8)];
    const { gaps } = readShelf(boxes);
    expect(gaps).toHaveLength(1);
    expect(gaps[0]?.confidence).toBeGreaterThan(0.8);
  });

  it('are less likely where a faint facing stands', () => {
    const seen = box(20 + 4 * 52, 212, 48, 88, 'gap', 0.25);
    const open = readShelf([...row(300, 10, [4]), seen]);
    const faint = readShelf([...row(300, 10, [4]), seen, box(20 + 4 * 52, 210, 50, 90, 'facing', 0.2)]);
    const surest = (r: typeof open): number => [...r.gaps, ...r.doubtful][0]?.confidence ?? 0;
    expect(surest(faint)).toBeLessThan(surest(open));
  });

  it('are doubted where the picture ends', () => {
    const boxes = [...row(300, 8, [], 0, 80), box(2, 212, 74, 88, 'gap', 0.3)];
    const surest = (size?: { width: number; height: number }): number => {
      const { gaps, doubtful } = readShelf(boxes, size);
      return [...gaps, ...doubtful][0]?.confidence ?? 0;
    };
    expect(surest({ width: 640, height: 480 })).toBeLessThan(surest());
  });

  it('are not what lies between the tags of a price rail', () => {
    const tags = Array.from({ length: 6 }, (_, i) => box(20 + i * 90, 306, 40, 24, 'label'));
    expect(readShelf([...row(300, 10), ...tags, box(62, 304, 46, 28, 'gap', 0.5)]).gaps).toEqual([]);
  });

  it('are none on a full shelf', () => {
    expect(readShelf([...row(200, 10), ...row(400, 10)]).gaps).toEqual([]);
  });
});
