import { expect, test } from 'vitest';
import { keysOf } from '../api/live.ts';
import { progressOf } from '../transfers/stages.ts';
import { lanesOf } from './lanes.ts';

const euro = (minor: number) => ({ minor, currency: 'EUR' });
const move = (from: string, to: string, qty: number) => ({
  from,
  to,
  fromName: from,
  toName: to,
  sku: `sku-${qty}`,
  name: 'x',
  qty,
  value: euro(1000),
  cost: euro(100),
  donorLoss: euro(50),
  confidence: 0.9,
  because: '',
});

test('moves on the same lane are one lane with their units and worth together', () => {
  const lanes = lanesOf({ moves: [move('a', 'b', 4), move('c', 'b', 9), move('a', 'b', 6)] });
  expect(
    lanes.map(({ from, to, units, products, netMinor }) => [from, to, units, products, netMinor]),
  ).toEqual([
    ['a', 'b', 10, 2, 1700],
    ['c', 'b', 9, 1, 850],
  ]);
});

test('a transfer that ended early has no progress', () => {
  expect(progressOf('shipped')).toBe(3);
  expect(progressOf('declined')).toBe(-1);
});

test('a change of cases is fetched in the list, in the open case and in the figures', () => {
  expect([...keysOf({ topics: ['cases'] })]).toEqual(['cases', 'case', 'stores', 'metrics']);
  expect(keysOf({ topics: ['unknown'] }).size).toBe(0);
});
