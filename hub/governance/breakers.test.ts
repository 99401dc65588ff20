import { describe, expect, it } from 'vitest';
import { type AutomaticAct, type Movement, trippedBecause } from './breakers.ts';

const NOW = Date.parse('2026-03-02T09:00:00.000Z');
const HOUR = 3_600_000;
const limits = {
  perSkuStorePerDay: 3,
  perStorePerHour: 5,
  moneyPerStorePerDayMinor: 10_000,
  oscillationDays: 7,
};
const act = (fields: Partial<AutomaticAct> = {}): AutomaticAct => ({
  atMs: NOW - HOUR / 2,
  option: 'count',
  store: 'harbour',
  sku: 'a',
  minor: 100,
  ...fields,
});
const move = (from: string, to: string, hoursAgo: number): Movement => ({
  atMs: NOW - hoursAgo * HOUR,
  from,
  to,
  sku: 'a',
});
const tripped = (acts: readonly AutomaticAct[], movements: readonly Movement[] = []): string | undefined =>
  trippedBecause({ store: 'harbour', sku: 'a' }, { acts, movements }, { limits, nowMs: NOW })?.reason;

describe('breakers', () => {
  it('stay closed in ordinary business', () => {
    expect(tripped([act(), act()], [move('harbour', 'market', 5)])).toBeUndefined();
  });

  it('trip on too many acts on one product, at one store, or for too much money', () => {
    expect(tripped([act(), act(), act()])).toMatch(/on this product within a day/);
    expect(tripped(['b', 'c', 'd', 'e', 'f'].map((sku) => act({ sku })))).toMatch(
      /at this store within an hour/,
    );
    expect(tripped([act({ sku: 'b', minor: 10_000 })])).toMatch(/daily amount/);
  });

  it('forget what is long ago and do not mix stores', () => {
    expect(tripped([1, 2, 3].map(() => act({ atMs: NOW - 25 * HOUR })))).toBeUndefined();
    expect(tripped([1, 2, 3].map(() => act({ store: 'market' })))).toBeUndefined();
  });

  it('trip when goods travel there and back, and not when they travel on', () => {
    expect(tripped([], [move('harbour', 'market', 50), move('market', 'harbour', 5)])).toMatch(
      /from harbour to market and back/,
    );
    expect(tripped([], [move('harbour', 'market', 50), move('market', 'station', 5)])).toBeUndefined();
    expect(tripped([], [move('harbour', 'market', 500), move('market', 'harbour', 5)])).toBeUndefined();
  });
});
