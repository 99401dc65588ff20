import { describe, expect, test } from 'vitest';
import type { Box } from './frame.ts';
import { doubtCovered } from './covered.ts';

const facing = (x0: number, x1: number, score: number): Box => ({
  class: 'facing',
  x0,
  x1,
  y0: 0,
  y1: 90,
  score,
});
const scores = (boxes: readonly Box[]): number[] => boxes.map(({ score }) => Math.round(score * 100) / 100);

describe('a facing', () => {
  test('that two stronger neighbours cover is doubted', () => {
    expect(scores(doubtCovered([facing(0, 40, 0.9), facing(40, 80, 0.8), facing(20, 60, 0.6)]))).toEqual([
      0.9, 0.8, 0.42,
    ]);
  });

  test('that stands beside others, or overlaps them a little, is not', () => {
    const row = [facing(0, 40, 0.9), facing(38, 80, 0.8), facing(78, 120, 0.6)];
    expect(doubtCovered(row)).toEqual(row);
  });

  test('is not doubted for doubtful ones, for weaker ones or for boxes of another kind', () => {
    const gap: Box = { ...facing(0, 80, 0.95), class: 'gap' };
    const found = [gap, facing(20, 60, 0.6), facing(0, 40, 0.5), facing(40, 80, 0.39)];
    expect(scores(doubtCovered(found))).toEqual([0.95, 0.6, 0.5, 0.39]);
  });

  test('that encloses a stronger one about as wide is doubted: a bottle whose label was seen first', () => {
    const label: Box = { ...facing(102, 138, 0.95), y0: 55, y1: 85 };
    const pack: Box = { ...facing(210, 225, 0.9), y0: 60, y1: 85 };
    const found = [label, pack, facing(100, 140, 0.8), facing(200, 280, 0.7)];
    expect(scores(doubtCovered(found))).toEqual([0.95, 0.9, 0.7, 0.32]);
  });

  test('that is doubted falls behind those it was stronger than', () => {
    const found = [facing(0, 40, 0.9), facing(5, 35, 0.6), facing(100, 140, 0.5)];
    expect(doubtCovered(found).map(({ x0 }) => x0)).toEqual([0, 100, 5]);
  });
});
