import { describe, expect, it } from 'vitest';
import type { Box, Frame } from '../detector/frame.ts';
import { readShelf } from '../shelf/read-shelf.ts';
import { alignRow, type Seen } from './align-row.ts';
import { matchPlanogram } from './match-planogram.ts';
import { type Planogram, readPlanogram } from './planogram.ts';

const facing = (alike?: number, width = 1): Seen => ({ type: 'facing', alike, width });
const gap = (facings: number): Seen => ({ type: 'gap', facings });
const plan = [
  { sku: 'oat', facings: 3 },
  { sku: 'soy', facings: 2 },
  { sku: 'rice', facings: 3 },
];

describe('one row against its plan', () => {
  it('is matched by order when everything stands there', () => {
    const seen = [
      facing(),
      facing(0.9),
      facing(0.9),
      facing(0.1),
      facing(0.9),
      facing(0.1),
      facing(0.9),
      facing(0.9),
    ];
    expect(alignRow(plan, seen)).toMatchObject({ facings: [3, 2, 3], gaps: [0, 0, 0], unseen: [0, 0, 0] });
  });

  it('gives a gap to the product that is missing there', () => {
    const seen = [facing(), facing(0.9), facing(0.9), gap(2), facing(), facing(0.9), facing(0.9)];
    expect(alignRow(plan, seen)).toMatchObject({ facings: [3, 0, 3], gaps: [0, 2, 0] });
  });

  it('knows where one product ends by how its neighbours look', () => {
    const seen = [
      facing(),
      facing(0.95),
      facing(0.05),
      facing(0.95),
      facing(0.05),
      facing(0.95),
      facing(0.95),
    ];
    expect(alignRow(plan, seen)).toMatchObject({ facings: [2, 2, 3], unseen: [1, 0, 0] });
  });

  it('leaves what fits nowhere unplanned', () => {
    const seen = Array.from({ length: 10 }, (_, i) => facing(i === 0 ? undefined : 0.5));
    const { products, facings } = alignRow(plan, seen);
    expect(facings.reduce((a, b) => a + b, 0)).toBe(8);
    expect(products.filter((p) => p === -1)).toHaveLength(2);
  });

  it('tells narrow from wide products where the plan knows widths', () => {
    const wide = [
      { sku: 'jar', facings: 2, widthMm: 60 },
      { sku: 'box', facings: 2, widthMm: 180 },
    ];
    const seen = [facing(undefined, 0.5), facing(0.5, 1.5), facing(0.5, 1.5)];
    expect(alignRow(wide, seen)).toMatchObject({ facings: [1, 2], unseen: [1, 0] });
  });
});

/** A picture whose products are plain colours. */
function picture(colours: readonly (readonly [number, number, number] | undefined)[][]): {
  frame: Frame;
  boxes: Box[];
} {
  const width = 640;
  const height = 480;
  const data = new Uint8Array(width * height * 3).fill(40);
  const boxes: Box[] = [];
  for (const [r, row] of colours.entries())
    for (const [i, colour] of row.entries()) {
      if (colour === undefined) continue;
      const x0 = 20 + i * 60;
      const y0 = 40 + r * 140;
      boxes.push({ class: 'facing', score: 0.9, x0, y0, x1: x0 + 56, y1: y0 + 100 });
      for (let y = y0; y < y0 + 100; y++)
        for (let x = x0; x < x0 + 56; x++) data.set(colour, (y * width + x) * 3);
    }
  return { frame: { width, height, data }, boxes };
}

const red = [200, 30, 30] as const;
const blue = [30, 60, 200] as const;
const green = [40, 170, 60] as const;
const twoRows: Planogram = {
  id: 'bay',
  rows: [
    {
      products: [
        { sku: 'red', facings: 3 },
        { sku: 'blue', facings: 3 },
      ],
    },
    {
      products: [
        { sku: 'green', facings: 4, gtins: ['4006381333931'] },
        { sku: 'red-2', facings: 2 },
      ],
    },
  ],
};

describe('a picture against its planogram', () => {
  it('counts facings and gaps per SKU', () => {
    const { frame, boxes } = picture([
      [red, red, red, blue, undefined, blue],
      [green, green, green, green, red, red],
    ]);
    const seen: Box = { class: 'gap', score: 0.3, x0: 262, y0: 42, x1: 318, y1: 138 };
    const match = matchPlanogram(frame, readShelf([...boxes, seen]), twoRows);
    expect(match.products.map(({ sku, facings, gaps }) => ({ sku, facings, gaps }))).toEqual([
      { sku: 'red', facings: 3, gaps: 0 },
      { sku: 'blue', facings: 2, gaps: 1 },
      { sku: 'green', facings: 4, gaps: 0 },
      { sku: 'red-2', facings: 2, gaps: 0 },
    ]);
    expect(match.certainty).toBe(1);
  });

  it('says "unknown" for a row that is not in the picture', () => {
    const { frame, boxes } = picture([[red, red, red, blue, blue, blue]]);
    const match = matchPlanogram(frame, readShelf(boxes), twoRows);
    expect(match.products.filter((p) => p.row === 1).every((p) => p.unknown === p.planned)).toBe(true);
  });

  it('finds the right row by a barcode that was read on it', () => {
    const { frame, boxes } = picture([[green, green, green, green, green, green]]);
    const at = { x0: 100, y0: 100, x1: 130, y1: 115 };
    const match = matchPlanogram(frame, readShelf(boxes), twoRows, [{ gtin: '04006381333931', at }]);
    expect(match.products.find((p) => p.sku === 'green')?.facings).toBe(4);
    expect(match.products.filter((p) => p.row === 0).every((p) => p.unknown === p.planned)).toBe(true);
  });
});

describe('a planogram file', () => {
  it.each([
    ['{', /no JSON/],
    ['{"id":"a","rows":[]}', /rows/],
    ['{"id":"a","rows":[{"products":[{"sku":"x","facings":0}]}]}', /facings/],
  ])('that is wrong is refused with its field (%#)', (text, problem) => {
    const read = readPlanogram(text, 'bay.json');
    expect(read.ok ? '' : read.problem).toMatch(problem);
  });
});
