import { type BeliefParameters, defaultParameters } from '@truecount/device/belief';
import type { Observation } from '@truecount/protocol';
import { describe, expect, it } from 'vitest';
import { LEARNED } from './learned-parameters.ts';
import { TangentFilter } from './tangent-filter.ts';
import { inOrder, recordTape, type SkuTape, type StoreTape } from './tape.ts';

const START = Date.parse('2026-03-02T00:00:00.000Z');
const at = (day: number, hour: number): string =>
  new Date(START + (day * 24 + hour) * 3_600_000).toISOString();

/** A month with every kind of observation that the fit can learn from. */
function month(): Observation[] {
  const said: Observation[] = [
    { type: 'record', t: at(0, 7), sku: 'a', qty: 14 },
    { type: 'record', t: at(0, 7), sku: 'b', qty: 6 },
  ];
  for (let day = 0; day < 30; day++) {
    said.push({ type: 'sale', t: at(day, 10), sku: 'a', qty: 1 + (day % 2) });
    if (day % 3 === 1) said.push({ type: 'sale', t: at(day, 15.5), sku: 'b', qty: 1 });
    if (day % 8 === 5) said.push({ type: 'receipt', t: at(day, 6), sku: 'a', qty: 12 });
    if (day % 10 === 9)
      said.push({ type: 'shelf', t: at(day, 12), sku: 'b', facings: day % 4 === 1 ? 0 : 2, capacity: 4 });
    if (day % 9 === 4)
      said.push({ type: 'pick', t: at(day, 17), sku: 'a', requested: 2, found: day % 2 === 0 ? 2 : 1 });
    if (day % 14 === 13) said.push({ type: 'count', t: at(day, 20), sku: 'b', qty: 3 });
    if (day === 20)
      said.push(
        { type: 'waste', t: at(day, 9), sku: 'a', qty: 1 },
        { type: 'return', t: at(day, 11), sku: 'b', qty: 1 },
      );
    if (day === 25) said.push({ type: 'seen', t: at(day, 13), sku: 'b' });
  }
  return said;
}

const WHOLE = { demand: 1, camera: 1 };
const recorded = (): Promise<StoreTape> => recordTape(inOrder(month())(), { parameters: defaultParameters });

const total = (parameters: BeliefParameters, tape: StoreTape): number => {
  const filter = new TangentFilter(parameters, WHOLE);
  return tape.skus.reduce((sum, sku) => sum + filter.score(sku, tape.dayEnds).logLikelihood, 0);
};

describe('derivatives carried through the filter', () => {
  it('agree with finite differences for every learned parameter', async () => {
    const tape = await recorded();
    const filter = new TangentFilter(defaultParameters, WHOLE);
    const gradient = new Float64Array(LEARNED.length);
    for (const sku of tape.skus)
      filter.score(sku, tape.dayEnds).gradient.forEach((g, j) => (gradient[j] = (gradient[j] as number) + g));
    expect(tape.skus.length).toBe(2);
    LEARNED.forEach((name, j) => {
      const value = defaultParameters[name];
      const step = value * 1e-4;
      const up = total({ ...defaultParameters, [name]: value + step }, tape);
      const down = total({ ...defaultParameters, [name]: value - step }, tape);
      const slope = (up - down) / (2 * step);
      expect(Math.abs((gradient[j] as number) - slope) * value).toBeLessThan(
        2e-4 * Math.max(1, Math.abs(slope) * value),
      );
    });
  });

  it('carry the same likelihood as the filter itself', async () => {
    const tape = await recorded();
    expect(total(defaultParameters, tape)).toBeCloseTo(tape.logLikelihood, 2);
  });

  it('are the same for a SKU whether or not its neighbours need more of them', async () => {
    const tape = await recorded();
    const [first, second] = tape.skus as [SkuTape, SkuTape];
    const shared = new TangentFilter(defaultParameters, WHOLE);
    shared.score(first, tape.dayEnds);
    const alone = new TangentFilter(defaultParameters, WHOLE).score(second, tape.dayEnds);
    expect(shared.score(second, tape.dayEnds)).toEqual(alone);
    expect(alone.gradient[LEARNED.indexOf('pickBlind')]).toBe(0);
  });
});
