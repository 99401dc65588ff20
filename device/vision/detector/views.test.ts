import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Box } from './frame.ts';
import { firstLook, secondLook } from './views.ts';

/** A row of facings, each `width` pixels wide. */
const facings = (width: number, count = 8): Box[] =>
  Array.from({ length: count }, (_, i) => ({
    class: 'facing',
    score: 0.8,
    x0: i * width,
    y0: 100,
    x1: (i + 1) * width,
    y1: 100 + 2 * width,
  }));

describe('a second look', () => {
  it('is not taken where products are as wide as the network wants them', () => {
    expect(secondLook(640, 640, facings(40))).toEqual([]);
  });

  it('is taken from further away, as a whole, where products are large', () => {
    const [view, ...others] = secondLook(640, 480, facings(120));
    expect(others).toEqual([]);
    expect(view).toMatchObject({ part: { x0: 0, y0: 0, x1: 640, y1: 480 } });
    expect(120 * (view?.scale ?? 0)).toBeCloseTo(36, 0);
  });

  it('is taken closer where products are small and the frame has more to show', () => {
    const views = secondLook(2560, 1920, facings(70));
    expect(views.length).toBeGreaterThan(0);
    for (const { scale } of views) expect(scale).toBeGreaterThan(firstLook(2560, 1920).scale * 1.25);
  });

  it('enlarges a frame whose own pixels are too few', () => {
    const views = secondLook(640, 640, facings(20));
    for (const { scale } of views) expect(scale).toBeGreaterThan(1.5);
    expect(views.length).toBeGreaterThan(0);
  });

  it('is not taken where nothing was found', () => {
    expect(secondLook(640, 640, [])).toEqual([]);
  });

  it('shows the whole frame in inputs that the network can read, whatever its size', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 64, max: 5000 }),
        fc.integer({ min: 64, max: 5000 }),
        fc.integer({ min: 3, max: 900 }),
        (width, height, wide) => {
          const views = secondLook(width, height, facings(wide));
          for (const { part, ...view } of views) {
            expect([view.width % 32, view.height % 32]).toEqual([0, 0]);
            expect(view.width * view.height).toBeLessThanOrEqual(1312 * 1312);
            expect(Math.min(part.x0, part.y0)).toBeGreaterThanOrEqual(0);
            expect(part.x1).toBeLessThanOrEqual(width);
            expect(part.y1).toBeLessThanOrEqual(height);
          }
          if (views.length === 0) return;
          expect(Math.max(...views.map(({ part }) => part.x1))).toBe(width);
          expect(Math.max(...views.map(({ part }) => part.y1))).toBe(height);
        },
      ),
      { seed: 20261121, numRuns: 200 },
    );
  });
});
