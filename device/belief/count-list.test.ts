import { describe, expect, it } from 'vitest';
import { type CountCandidate, countList, defaultEconomics, type Position, valueOfCounting } from './index.ts';

function candidate(
  sku: string,
  facts: { p0: number; rate: number; price: number; place?: string; record?: number },
): CountCandidate {
  const record = facts.record ?? 6;
  const position: Position = {
    sku,
    t: '2026-03-02T10:00:00.000Z',
    record,
    confidence: 1 - facts.p0,
    p0: facts.p0,
    mean: 6 * (1 - facts.p0),
    p05: 0,
    p95: 6,
    rate: facts.rate,
    pmf: [facts.p0, 0, 0, 0, 0, 0, 1 - facts.p0],
  };
  return { position, catalog: { sku, price: facts.price, place: facts.place ?? 'aisle 1' } };
}

describe('the count list', () => {
  it('puts money before doubt', () => {
    const cheapAndDoubtful = candidate('cheap', { p0: 0.95, rate: 0.05, price: 1 });
    const dearAndLikelyGone = candidate('dear', { p0: 0.5, rate: 3, price: 8 });
    expect(valueOfCounting(dearAndLikelyGone, defaultEconomics)).toBeGreaterThan(
      valueOfCounting(cheapAndDoubtful, defaultEconomics),
    );
    expect(
      countList([cheapAndDoubtful, dearAndLikelyGone], { counts: 1 }).items.map((item) => item.sku),
    ).toEqual(['dear']);
  });

  it('walks the store in order and pays each walk once', () => {
    const all = [9, 2, 9, 2, 10].map((aisle, i) =>
      candidate(`s${i}`, { p0: 0.6, rate: 1, price: 5, place: `aisle ${aisle}` }),
    );
    const route = countList(all, { counts: 5 });
    expect(route.items.map((item) => item.place)).toEqual([
      'aisle 2',
      'aisle 2',
      'aisle 9',
      'aisle 9',
      'aisle 10',
    ]);
    const counting = route.items.reduce((sum, item) => sum + item.minutes, 0);
    expect(route.minutes).toBeCloseTo(counting + 3 * defaultEconomics.minutesPerPlace, 9);
  });

  it('keeps to the minutes there are', () => {
    const all = Array.from({ length: 40 }, (_, i) =>
      candidate(`s${i}`, { p0: 0.6, rate: 1 + i, price: 5, place: `aisle ${i % 4}` }),
    );
    const route = countList(all, { minutes: 8 });
    expect(route.minutes).toBeLessThanOrEqual(8);
    expect(route.items.length).toBeGreaterThan(4);
  });

  it('leaves alone what is ordered again anyway', () => {
    const waits = candidate('waits', { p0: 0.9, rate: 1, price: 5, record: 9 });
    const position = { ...waits.position, reordersAt: 2 };
    const ordered = { ...position, record: 2, pmf: [0.9, 0, 0.1] };
    expect(valueOfCounting({ ...waits, position }, defaultEconomics)).toBeGreaterThan(
      2 * valueOfCounting({ ...waits, position: ordered }, defaultEconomics),
    );
  });

  it('sees a stock-out coming that the record hides', () => {
    const full = candidate('full', { p0: 0.01, rate: 1, price: 5, record: 20 });
    const sound = { ...full.position, reordersAt: 3, pmf: [0.01, ...Array<number>(19).fill(0), 0.99] };
    const short = { ...sound, pmf: [0.01, 0, 0, 0.99] };
    expect(valueOfCounting({ ...full, position: short }, defaultEconomics)).toBeGreaterThan(
      10 * valueOfCounting({ ...full, position: sound }, defaultEconomics),
    );
  });

  it('asks for nothing where nothing is on record and nothing is believed', () => {
    expect(
      valueOfCounting(candidate('gone', { p0: 1, rate: 2, price: 5, record: 0 }), defaultEconomics),
    ).toBe(0);
  });
});
