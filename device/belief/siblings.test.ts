import { describe, expect, it } from 'vitest';
import { type Belief, type BeliefOptions, createBelief } from './index.ts';

const START = Date.parse('2026-03-02T00:00:00.000Z');
const at = (day: number, hour: number): string =>
  new Date(START + Math.round((day * 24 + hour) * 3_600_000)).toISOString();

/**
 * Six weeks of ten yoghurts. Every fifth cherry is scanned as strawberry, so cherries go faster than booked and
 * strawberries slower; a count every three weeks sets both records right.
 */
function yoghurts(options: BeliefOptions = {}): Belief {
  const belief = createBelief(options);
  const flavours = [
    'cherry',
    'strawberry',
    'peach',
    'lemon',
    'vanilla',
    'mango',
    'plain',
    'fig',
    'nut',
    'honey',
  ];
  const onHand = new Map(flavours.map((flavour) => [flavour, 200]));
  for (const [i, sku] of flavours.entries()) {
    const price = i < 2 ? 0.89 : 0.89 + i / 10;
    belief.observe({
      type: 'catalog',
      t: at(0, 6),
      sku,
      name: `yoghurt ${sku} 150 g`,
      price,
      category: 'dairy',
    });
    belief.observe({ type: 'record', t: at(0, 7), sku, qty: 200 });
  }
  for (let day = 0; day < 42; day++) {
    belief.observe({ type: 'open', t: at(day, 8) });
    for (const [i, taken] of flavours.entries()) {
      onHand.set(taken, (onHand.get(taken) ?? 0) - 1);
      const scanned = taken === 'cherry' && day % 5 === 0 ? 'strawberry' : taken;
      belief.observe({ type: 'sale', t: at(day, 9 + i / 2), sku: scanned, qty: 1 });
    }
    belief.observe({ type: 'close', t: at(day, 20) });
    if (day % 21 !== 20) continue;
    for (const sku of flavours)
      belief.observe({ type: 'count', t: at(day, 21), sku, qty: onHand.get(sku) ?? 0 });
  }
  belief.advance(at(42, 3));
  return belief;
}

describe('SKUs swapped at the till', () => {
  it('are found by gaps that mirror each other', () => {
    const belief = yoghurts();
    expect(belief.siblings('cherry')[0]).toMatchObject({ sku: 'strawberry' });
    expect(belief.siblings('cherry')[0]?.likelihood).toBeGreaterThan(0.5);
    expect(belief.siblings('strawberry')[0]?.sku).toBe('cherry');
    expect(belief.siblings('plain')).toEqual([]);
    expect(belief.signs('cherry')?.siblingMirrors).toBeGreaterThan(0.5);
    expect(belief.signs('plain')?.siblingMirrors).toBe(0);
  });

  it('are those that somebody named, where somebody did', () => {
    const named = yoghurts({ siblings: (sku) => (sku === 'cherry' ? ['peach'] : []) });
    expect(named.siblings('cherry')).toMatchObject([{ sku: 'peach', likelihood: 1 }]);
    expect(named.siblings('strawberry')).toEqual([]);
  });

  it('prove less by a sale: it may have been the other one', () => {
    const soldAfterEmpty = (options: BeliefOptions): number => {
      const belief = createBelief(options);
      belief.observe({ type: 'record', t: at(0, 7), sku: 'a', qty: 9 });
      belief.observe({ type: 'count', t: at(0, 9), sku: 'a', qty: 0 });
      belief.observe({ type: 'sale', t: at(0, 12), sku: 'a', qty: 1 });
      return belief.position('a')?.confidence ?? 0;
    };
    expect(soldAfterEmpty({ siblings: () => ['b'] })).toBeLessThan(soldAfterEmpty({}) - 0.1);
  });
});

describe('signs of causes', () => {
  it('tell a silent feed from a silent SKU', () => {
    const belief = createBelief();
    const open = (sku: string): void => {
      belief.observe({ type: 'catalog', t: at(0, 6), sku, category: 'snacks', price: 10 });
      belief.observe({ type: 'record', t: at(0, 7), sku, qty: 500 });
    };
    for (let i = 0; i < 12; i++) open(`s${i}`);
    const sell = (day: number, hours: readonly number[], skus: number): void => {
      for (const hour of hours)
        for (let i = 0; i < skus; i++)
          belief.observe({ type: 'sale', t: at(day, hour + i / 20), sku: `s${i}`, qty: 1 });
    };
    const hours = [9, 11, 13, 15, 17];
    for (let day = 0; day < 14; day++) sell(day, hours, 12);
    // Today only one SKU is silent; tomorrow the tills say nothing at all.
    sell(14, hours, 11);
    belief.advance(at(14, 19));
    expect(belief.signs('s11')?.storeSilent).toBeLessThan(0.3);
    expect(belief.signs('s11')?.categorySilent).toBeLessThan(0.4);
    belief.advance(at(15, 19));
    expect(belief.signs('s11')?.storeSilent).toBeGreaterThan(0.4);
    expect(belief.signs('s11')?.price).toBeCloseTo(1, 9);
  });

  it('see a record below zero and a delivery after which nothing sold', () => {
    const belief = createBelief();
    belief.observe({ type: 'record', t: at(0, 7), sku: 'a', qty: 20 });
    for (let day = 0; day < 12; day++)
      for (const hour of [9, 12, 15]) belief.observe({ type: 'sale', t: at(day, hour), sku: 'a', qty: 2 });
    expect(belief.signs('a')).toMatchObject({ beyondRecord: 1, silentSinceReceipt: 0 });
    belief.observe({ type: 'receipt', t: at(12, 6), sku: 'a', qty: 80 });
    for (let day = 12; day < 16; day++)
      belief.observe({ type: 'sale', t: at(day, 12), sku: 'other', qty: 1 });
    const signs = belief.signs('a');
    expect(signs?.beyondRecord).toBeLessThan(0.9);
    expect(signs?.silentSinceReceipt).toBeGreaterThan(0.8);
    expect(belief.signs('never heard of')).toBeUndefined();
  });
});
