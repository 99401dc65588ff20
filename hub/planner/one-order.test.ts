import { afterAll, describe, expect, it } from 'vitest';
import { randomProblem } from '../../test/builders/planning-problem.ts';
import { createPlanner, evaluatePlan } from './index.ts';
import { markets, openLanes } from './market.ts';
import { solveOneOrder } from './one-order.ts';
import { packAtOnce } from './pack-problem.ts';
import { urgentProblem } from './urgent-order.ts';

const planner = createPlanner();
afterAll(() => planner.close());

describe('one order answered at once', { timeout: 120_000 }, () => {
  const seeds = Array.from({ length: 40 }, (_, at) => at + 1);
  it('is worth what the solver finds, in forty random situations', async () => {
    let answered = 0;
    for (const seed of seeds) {
      const problem = randomProblem({
        seed,
        stores: 7,
        skus: 2,
        fixed: [0, 2, 8][seed % 3] ?? 0,
        ordered: 0.4,
        capacitated: seed % 2,
        cheapNeeds: seed % 5 === 0,
        ...(seed % 4 === 0 ? { maxUnits: 2 } : {}),
      });
      const need = {
        store: 's0',
        sku: 'k0',
        qty: 1 + (seed % 3),
        value: 9,
        dueHours: 4 + (seed % 40),
        order: 'U',
      };
      const alone = urgentProblem(problem, { ...need, value: seed % 5 === 0 ? 0.3 : 9 }, []);
      const packed = packAtOnce(alone);
      const lanes = openLanes(packed);
      const solved = solveOneOrder(lanes, [...markets(packed, lanes)]);
      expect(solved, `seed ${seed}`).toBeDefined();
      if (!solved) continue;
      const moves = solved.flows.map(({ lane, sku, units }) => ({
        from: packed.stores[lanes.from[lane] ?? 0] ?? '',
        to: packed.stores[lanes.to[lane] ?? 0] ?? '',
        sku: packed.skus[sku] ?? '',
        qty: units,
      }));
      const { objective } = await planner.plan(alone);
      expect(evaluatePlan(alone, moves).objective, `seed ${seed}`).toBeCloseTo(objective, 6);
      expect(solved.bound, `seed ${seed}`).toBeCloseTo(objective, 6);
      answered += moves.length;
    }
    expect(answered).toBeGreaterThan(20);
  });

  it('is left to the solver when there are hundreds of units to choose from', async () => {
    const store = (id: string, mean: number) => ({
      store: id,
      sku: 'k',
      mean,
      p0: 0.01,
      rate: 60,
      coverDays: 3,
      reserved: 0,
      margin: 1,
    });
    const problem = {
      stores: [{ id: 'a' }, { id: 'b' }],
      lanes: [{ from: 'a', to: 'b', fixed: 1, perUnit: 0.1, hours: 1 }],
      positions: [store('a', 400), store('b', 10)],
      needs: [],
      policy: { alpha: 0.1 },
    };
    const need = { store: 'b', sku: 'k', qty: 1, value: 5, dueHours: 2 };
    const alone = urgentProblem(problem, need, []);
    const packed = packAtOnce(alone);
    const lanes = openLanes(packed);
    expect(solveOneOrder(lanes, [...markets(packed, lanes)])).toBeUndefined();
    const plan = await planner.planOrder(problem, { need, committed: [] }, { timeLimitSeconds: 90 });
    expect(plan.moves.map(({ from, to }) => [from, to])).toEqual([['a', 'b']]);
  });
});
