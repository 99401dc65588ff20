import { createBelief } from '@truecount/device/belief';
import { parseObservation } from '@truecount/protocol';
import { describe, expect, it } from 'vitest';
import { phantoms, runTrial } from '../bench/belief-trial.ts';
import {
  alertPower,
  areaUnderRoc,
  averagePrecision,
  calibrationError,
  precisionRecall,
  recallAt,
} from './metrics.ts';
import { Random } from './random.ts';
import { StoreWorld } from './store-world.ts';
import { worlds, type WorldSpec } from './worlds.ts';

const grocery = worlds['grocery'] as WorldSpec;

describe('the simulated store', () => {
  it('is the same for the same seed and speaks the protocol', () => {
    const live = (): string[] => {
      const world = new StoreWorld(grocery, { skus: 40, seed: 3, days: 10 });
      const said = world.opening();
      for (let day = 0; day < 10; day++) said.push(...world.nextDay());
      for (const observation of said) expect(parseObservation(observation).ok).toBe(true);
      return said.map((observation) => JSON.stringify(observation));
    };
    expect(live()).toEqual(live());
  });

  it.each(Object.keys(worlds))('never holds a negative number of units (%s)', (name) => {
    const world = new StoreWorld(worlds[name] as WorldSpec, { skus: 80, seed: 9, days: 60 });
    for (let day = 0; day < 60; day++) {
      world.nextDay();
      for (const item of world.items) {
        expect(item.shelf).toBeGreaterThanOrEqual(0);
        expect(item.back).toBeGreaterThanOrEqual(0);
      }
    }
  });
});

describe('no score reads the future or the truth', () => {
  it('says the same of a day whatever happens after it', () => {
    const world = new StoreWorld(grocery, { skus: 60, seed: 4, days: 40 });
    const belief = createBelief();
    const past = world.opening();
    for (let day = 0; day < 30; day++) past.push(...world.nextDay());
    for (const observation of past) belief.observe(observation);
    const now = belief.skus().map((sku) => belief.position(sku));
    const again = createBelief();
    for (const observation of past) again.observe(observation);
    const future = Array.from({ length: 10 }, () => world.nextDay()).flat();
    const then = again.skus().map((sku) => again.position(sku));
    for (const observation of future) again.observe(observation);
    expect(then).toEqual(now);
  });

  it('is no better than chance against the truth of other SKUs', () => {
    const { judged } = runTrial({ spec: grocery, seed: 5, skus: 250, days: 60, warmUp: 30 });
    const real = phantoms(judged, (one) => one.p0);
    expect(averagePrecision(real)).toBeGreaterThan(0.8);
    const random = new Random(1);
    const outcomes = real.map((one) => one.outcome).sort(() => random.uniform() - 0.5);
    const shuffled = real.map((one, i) => ({ score: one.score, outcome: outcomes[i] as boolean }));
    expect(Math.abs(areaUnderRoc(shuffled) - 0.5)).toBeLessThan(0.08);
  });

  it('is calibrated on a store that nobody tuned on', () => {
    const { judged } = runTrial({ spec: grocery, seed: 301, skus: 400, days: 70, warmUp: 28 });
    const confidence = judged.map((one) => ({ score: 1 - one.p0, outcome: one.onHand >= 1 }));
    expect(calibrationError(confidence)).toBeLessThan(0.03);
  });
});

describe('the measures', () => {
  const items = [
    { score: 0.9, outcome: true },
    { score: 0.8, outcome: false },
    { score: 0.7, outcome: true },
    { score: 0.1, outcome: false },
  ];
  it('agree with counting by hand', () => {
    expect(averagePrecision(items)).toBeCloseTo(0.5 + 0.5 * (2 / 3), 9);
    expect(precisionRecall(items).at(-1)).toEqual({ recall: 1, precision: 0.5 });
    expect(recallAt(items, 0.9)).toBe(0.5);
    expect(areaUnderRoc(items)).toBeCloseTo(0.75, 9);
    expect(
      calibrationError([
        { score: 0.75, outcome: true },
        { score: 0.75, outcome: true },
      ]),
    ).toBeCloseTo(0.25, 9);
  });

  it('count alerts as a store lives with them', () => {
    const seen = (sku: string, ...days: readonly (readonly [number, boolean])[]) =>
      days.map(([score, outcome]) => ({ sku, score, outcome }));
    const items = [
      ...seen('early and right', [0.9, false], [0.9, true], [0.9, true]),
      ...seen('wrong', [0.9, false], [0.1, false]),
      ...seen('missed', [0.1, true], [0.1, true]),
    ];
    // One alert of two is false, one stock-out of two is detected.
    expect(alertPower(items, 0.5)).toBe(0.5);
    expect(alertPower(items, 0.4)).toBe(0);
  });
});
