import type { ShelfProduct, ShelfView } from '@truecount/protocol';
import { describe, expect, it } from 'vitest';
import { corrected, marksOf, rowsOf, verdictOf } from './verdict.ts';

const oat: ShelfProduct = {
  sku: 'oat',
  name: 'Oat drink',
  row: 0,
  planned: 4,
  facings: 2,
  gaps: 1,
  unknown: 1,
};
const rice: ShelfProduct = { sku: 'rice', name: 'Rice', row: 1, planned: 2, facings: 2, gaps: 0, unknown: 0 };
const view: ShelfView = {
  camera: 'aisle-4',
  state: 'up',
  frame: { id: '019a0000-0000-7000-8000-000000000001', width: 640, height: 480 },
  boxes: [],
  products: [oat, rice],
  certainty: 0.8,
  rightAboutGaps: 0.8,
  rightAboutFacings: 0.9,
};
const id = '019a0000-0000-7000-8000-000000000002';

describe('a verdict on a shelf picture', () => {
  it('says nothing of products when everything was right', () => {
    expect(verdictOf(id, view, new Map())).toEqual({ id, frame: view.frame?.id });
  });

  it('names the products that a person corrected, and only those', () => {
    const verdict = verdictOf(id, view, corrected(new Map(), oat, 3));
    expect(verdict?.products).toEqual([{ sku: 'oat', row: 0, facings: 3 }]);
  });

  it('forgets a correction that was taken back, unless the camera had not seen all places', () => {
    const once = corrected(new Map(), rice, 1);
    expect(corrected(once, rice, 2).size).toBe(0);
    expect(corrected(new Map(), oat, 2).size).toBe(1);
  });

  it('cannot be given where there is no picture', () => {
    const { frame: _, ...without } = view;
    expect(verdictOf(id, without, new Map())).toBeUndefined();
  });
});

describe('the planogram beside the picture', () => {
  it('marks each place as filled, empty or not seen', () => {
    expect(marksOf(oat, new Map())).toEqual(['filled', 'filled', 'empty', 'unknown']);
    expect(marksOf(oat, corrected(new Map(), oat, 3))).toEqual(['filled', 'filled', 'filled', 'empty']);
  });

  it('keeps the order of the shelf', () => {
    expect(rowsOf([oat, rice]).map((row) => row.map(({ sku }) => sku))).toEqual([['oat'], ['rice']]);
  });
});
