import { afterAll, describe, expect, it } from 'vitest';
import { createPlanner } from '../../hub/planner/index.ts';
import { worlds, type WorldSpec } from '../twin/worlds.ts';
import { ChainWorld } from './chain-world.ts';
import { differences, intervalOf } from './paired.ts';
import { transferLoop } from './transfer-loop.ts';

const planner = createPlanner();
afterAll(() => planner.close());
const grocery = worlds['grocery'] as WorldSpec;
const size = { seed: 5, stores: 3, skus: 30, days: 26, ordersPerDay: 40 };

describe('a chain of simulated stores', { timeout: 120_000 }, () => {
  it('neither makes nor loses units when they move', () => {
    const chain = new ChainWorld(grocery, size);
    for (let day = 0; day < 10; day += 1) chain.live();
    const units = (): number =>
      chain.sites.reduce(
        (sum, { world }) => sum + world.onHand(world.items[4] as (typeof world.items)[number]),
        0,
      );
    const before = units();
    const held = chain.item(0, 4).shelf + chain.item(0, 4).back;
    const shipped = chain.ship(0, 4, held + 3);
    expect(shipped).toBe(held);
    expect(units()).toBe(before - shipped);
    chain.receive(1, 4, shipped);
    expect(units()).toBe(before);
  });

  it('gives the same days again for the same seed', async () => {
    const run = () =>
      transferLoop(planner, grocery, { ...size, days: 23, ordersPerDay: 10, policy: 'belief' });
    expect(await run()).toEqual(await run());
  });

  it('keeps more orders and breaks fewer promises when it plans with the belief', async () => {
    const results = { record: [0, 0], belief: [0, 0] };
    for (const policy of ['record', 'belief'] as const) {
      const { saved, missed, broken } = await transferLoop(planner, grocery, {
        ...size,
        policy,
        donorCare: 0,
      });
      results[policy] = [saved / missed, broken];
    }
    expect(results.belief[0]).toBeGreaterThan(results.record[0] ?? 0);
    expect(results.belief[1]).toBeLessThan(results.record[1] ?? 0);
  });
});

describe('intervals over seeds', () => {
  it('are those of Student for the differences of pairs', () => {
    // Student's sleep data (1908), paired: mean 1.58, 95 % interval 0.70 to 2.46.
    const a = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0, 2];
    const b = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];
    const { mean, low, high } = intervalOf(differences(b, a));
    expect(mean).toBeCloseTo(1.58, 6);
    expect(low).toBeCloseTo(0.7001, 3);
    expect(high).toBeCloseTo(2.4599, 3);
  });
});
