import { afterAll, describe, expect, it } from 'vitest';
import { randomProblem } from '../../../test/builders/planning-problem.ts';
import { createPlanner } from '../../planner/index.ts';
import { planOrders } from './plan-orders.ts';

const planner = createPlanner();
afterAll(() => planner.close());
const { signal } = new AbortController();

describe('orders planned one by one', { timeout: 120_000 }, () => {
  it('never promise the same unit twice, and none is worth more than planning them together', async () => {
    for (const seed of [3, 4, 5]) {
      const problem = randomProblem({ seed, stores: 6, skus: 2, fixed: 3, ordered: 0.5, maxUnits: 3 });
      const plan = await planOrders(planner, problem, { signal });
      const together = await planner.plan(problem);
      expect(plan.objective, `seed ${seed}`).toBeLessThanOrEqual(together.objective + 1e-6);
      const given = new Map<string, number>();
      for (const { from, sku, qty } of plan.moves)
        given.set(`${from} ${sku}`, (given.get(`${from} ${sku}`) ?? 0) + qty);
      for (const units of given.values()) expect(units).toBeLessThanOrEqual(3);
      const served = problem.needs.reduce((sum, { qty }) => sum + qty, 0);
      expect(plan.unmet.reduce((sum, { qty }) => sum + qty, 0)).toBeLessThanOrEqual(served);
    }
  });

  it('are answered while a plan for everything is in the making', async () => {
    const stop = new AbortController();
    const region = randomProblem({ seed: 9, stores: 30, skus: 60, lanesPerStore: 8, fixed: 5 });
    let isPlanned = false;
    const whole = planner.plan(region, { timeLimitSeconds: 60, signal: stop.signal }).then(
      () => (isPlanned = true),
      () => undefined,
    );
    const small = randomProblem({ seed: 3, stores: 6, skus: 2, fixed: 3, ordered: 0.5 });
    await planOrders(planner, { ...small, needs: small.needs.slice(0, 2) }, { signal });
    expect(isPlanned).toBe(false);
    stop.abort();
    await whole;
  });
});
