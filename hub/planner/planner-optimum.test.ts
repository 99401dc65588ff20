import { afterAll, describe, expect, it } from 'vitest';
import { randomProblem, seededRandom } from '../../test/builders/planning-problem.ts';
import { referenceOptimum } from '../../test/planner/reference-optimum.ts';
import { createPlanner, evaluatePlan } from './index.ts';

const planner = createPlanner();
afterAll(() => planner.close());

/** Small enough for a model with one binary per possible number of units. */
function smallProblem(seed: number) {
  const random = seededRandom(seed * 7919);
  const pick = (low: number, high: number): number => low + Math.floor(random() * (high - low + 1));
  const stores = pick(2, 8);
  return randomProblem({
    seed,
    stores,
    skus: pick(1, 5),
    lanesPerStore: pick(1, Math.min(4, stores - 1)),
    fixed: [0, 1, 4, 10][pick(0, 3)] ?? 0,
    capacitated: random() < 0.5 ? 0.5 : 0,
    ordered: random() * 0.5,
    density: 0.6 + 0.4 * random(),
    pmf: random() < 0.5,
    cheapNeeds: random() < 0.3,
    ...(random() < 0.4 ? { maxUnits: pick(1, 4) } : {}),
  });
}

describe('the planner on 200 random small problems', () => {
  const batches = Array.from({ length: 10 }, (_, batch) => batch);
  it.each(batches)(
    'finds the optimum of an independent model (batch %i)',
    { timeout: 120_000 },
    async (batch) => {
      for (let seed = batch * 20 + 1; seed <= batch * 20 + 20; seed += 1) {
        const problem = smallProblem(seed);
        const plan = await planner.plan(problem);
        const optimum = await referenceOptimum(problem);
        const tolerance = 1e-6 * Math.max(1, optimum);
        expect(
          Math.abs(plan.objective - optimum),
          `seed ${seed}: ${plan.objective} against ${optimum}`,
        ).toBeLessThan(tolerance);
        expect(plan.bound).toBeGreaterThanOrEqual(optimum - tolerance);
        expect(Math.abs(evaluatePlan(problem, plan.moves).objective - plan.objective)).toBeLessThan(1e-9);
        const parts = plan.moves.reduce((sum, move) => sum + move.value - move.cost - move.donorLoss, 0);
        expect(Math.abs(parts - plan.objective)).toBeLessThan(1e-9 * Math.max(1, optimum));
      }
    },
  );
});
