import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Plan, PlanningProblem } from '../../protocol/index.ts';
import { randomProblem } from '../../test/builders/planning-problem.ts';
import { createPlanner, evaluatePlan, type PlanProgress, readProblem } from './index.ts';
import { confidenceOf, freeStock } from './on-hand.ts';

const planner = createPlanner();
afterAll(() => planner.close());

function sums(plan: Plan, key: (move: Plan['moves'][number]) => string): Map<string, number> {
  const all = new Map<string, number>();
  for (const move of plan.moves) all.set(key(move), (all.get(key(move)) ?? 0) + move.qty);
  return all;
}

function expectSound(problem: PlanningProblem, plan: Plan): void {
  const { alpha, maxUnits = Number.POSITIVE_INFINITY, blockedPairs = [] } = problem.policy;
  const out = sums(plan, (move) => `${move.from} ${move.sku}`);
  const into = sums(plan, (move) => `${move.to} ${move.sku}`);
  const onLane = sums(plan, (move) => `${move.from} ${move.to}`);
  for (const [key, units] of out) {
    const position = problem.positions.find((p) => `${p.store} ${p.sku}` === key);
    expect(position).toBeDefined();
    if (!position) continue;
    expect(confidenceOf(freeStock(position), units + (position.minimum ?? 0))).toBeGreaterThanOrEqual(
      1 - alpha - 1e-8,
    );
    expect(into.has(key)).toBe(false);
    expect(units).toBeLessThanOrEqual(maxUnits);
  }
  for (const units of into.values()) expect(units).toBeLessThanOrEqual(maxUnits);
  for (const [key, units] of onLane) {
    const lane = problem.lanes.find((l) => `${l.from} ${l.to}` === key);
    expect(lane).toBeDefined();
    expect(units).toBeLessThanOrEqual(lane?.capacity ?? units);
    expect(blockedPairs).not.toContainEqual({ from: lane?.from, to: lane?.to });
  }
  expect(plan.objective).toBeGreaterThanOrEqual(-1e-9);
  expect(plan.bound).toBeGreaterThanOrEqual(plan.objective);
  expect(evaluatePlan(problem, plan.moves).objective).toBeCloseTo(plan.objective, 9);
  const unmet = plan.unmet.reduce((sum, { qty }) => sum + qty, 0);
  const served = evaluatePlan(problem, plan.moves).servedUnits.reduce((a, b) => a + b, 0);
  expect(served + unmet).toBe(problem.needs.reduce((sum, { qty }) => sum + qty, 0));
}

describe('every plan', () => {
  it('conserves stock and keeps every limit, exact or decomposed', { timeout: 90_000 }, async () => {
    const holds = fc.assert(
      fc.asyncProperty(
        fc.record({
          seed: fc.nat(1e6),
          stores: fc.integer({ min: 2, max: 14 }),
          skus: fc.integer({ min: 1, max: 12 }),
          fixed: fc.constantFrom(0, 2, 8),
          capacitated: fc.constantFrom(0, 0.5),
          ordered: fc.constantFrom(0, 0.2),
          cheapNeeds: fc.boolean(),
        }),
        fc.option(fc.integer({ min: 1, max: 3 })),
        async (size, maxUnits) => {
          const problem = randomProblem({ ...size, ...(maxUnits === null ? {} : { maxUnits }) });
          const [first] = problem.lanes;
          if (first) problem.policy.blockedPairs = [{ from: first.from, to: first.to }];
          expectSound(problem, await planner.plan(problem, { timeLimitSeconds: 2, gap: 0.01 }));
        },
      ),
      { numRuns: 25 },
    );
    await expect(holds).resolves.toBeUndefined();
  });
});

describe('the bound of a decomposed plan', () => {
  it('is never below what the exact model reaches', async () => {
    const problem = randomProblem({ seed: 5, stores: 10, skus: 5, lanesPerStore: 7, fixed: 0 });
    const exactParts = await Promise.all(
      Array.from({ length: 5 }, (_, k) => {
        const sku = `k${k}`;
        const positions = problem.positions.filter((p) => p.sku === sku);
        return planner.plan({ ...problem, positions, needs: problem.needs.filter((n) => n.sku === sku) });
      }),
    );
    const whole = await planner.plan({ ...problem, lanes: problem.lanes }, { gap: 0 });
    const optimum = exactParts.reduce((sum, plan) => sum + plan.objective, 0);
    expect(whole.objective).toBeLessThanOrEqual(optimum + 1e-6);
    expect(whole.bound).toBeGreaterThanOrEqual(optimum - 1e-6);
  });
});

describe('an urgent order', () => {
  it('is planned beside moves that stand, without taking their units', async () => {
    const problem = randomProblem({ seed: 3, stores: 6, skus: 3, fixed: 3, ordered: 0.3 });
    const committed = (await planner.plan(problem)).moves;
    const need = { store: 's0', sku: 'k0', qty: 1, value: 500, dueHours: 1000, order: 'U-1' };
    const plan = await planner.planOrder(problem, { need, committed });
    const all = [...committed, ...plan.moves];
    const before = evaluatePlan(problem, committed).objective;
    const after = evaluatePlan({ ...problem, needs: [...problem.needs, need] }, all).objective;
    expect(after).toBeGreaterThanOrEqual(before + plan.objective - 1e-6);
    expect(plan.moves.length + plan.unmet.length).toBeGreaterThan(0);
  });
});

describe('a planner in use', () => {
  const problem = randomProblem({ seed: 9, stores: 30, skus: 60, lanesPerStore: 8, fixed: 5 });
  it('can be aborted and goes on with the next problem', async () => {
    const abort = new AbortController();
    const slow = planner.plan(problem, { timeLimitSeconds: 30, gap: 0, signal: abort.signal });
    setImmediate(() => abort.abort());
    await expect(slow).rejects.toMatchObject({ code: 'plan-aborted' });
    const small = randomProblem({ seed: 4, stores: 4, skus: 2, fixed: 1 });
    expectSound(small, await planner.plan(small));
  });

  it('reads a file, says how far it is, and plans as it would from memory', async () => {
    const small = randomProblem({ seed: 4, stores: 12, skus: 30, lanesPerStore: 6, fixed: 3, ordered: 0.1 });
    const file = join(mkdtempSync(join(tmpdir(), 'planner-')), 'problem.json');
    writeFileSync(file, JSON.stringify(small));
    const stages = new Set<string>();
    const onProgress = ({ stage }: PlanProgress): void => void stages.add(stage);
    const plan = await planner.planFile(file, { timeLimitSeconds: 3, gap: 0.05, onProgress });
    expectSound(small, plan);
    expect([...stages].filter((stage) => stage !== 'solving')).toEqual([
      'reading',
      'preparing',
      'explaining',
    ]);
    await expect(planner.planFile(`${file}.gone`)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses work after it was closed', async () => {
    const closed = createPlanner();
    await closed.close();
    await expect(closed.plan(problem)).rejects.toMatchObject({ code: 'plan-closed' });
  });
});

describe('a problem that is not one', () => {
  const good = randomProblem({ seed: 1, stores: 3, skus: 1, fixed: 1, ordered: 1 });
  const [position] = good.positions;
  const broken: [string, string, unknown][] = [
    ['an unknown store', 'plan-unknown-store', { ...good, needs: [{ ...good.needs[0], store: 'nowhere' }] }],
    ['a position twice', 'plan-duplicate-position', { ...good, positions: [...good.positions, position] }],
    ['a negative rate', 'plan-invalid', { ...good, positions: [{ ...position, rate: -1 }] }],
    [
      'a rate that is not a number',
      'plan-invalid',
      { ...good, positions: [{ ...position, rate: Number.NaN }] },
    ],
    ['no stock at all', 'plan-bad-stock', { ...good, positions: [{ ...position, mean: undefined }] }],
    [
      'a pmf that does not sum to one',
      'plan-bad-stock',
      { ...good, positions: [{ ...position, pmf: [0.5, 0.2] }] },
    ],
    ['a lane twice', 'plan-duplicate-lane', { ...good, lanes: [...good.lanes, good.lanes[0]] }],
    ['no policy', 'plan-invalid', { ...good, policy: undefined }],
  ];
  it.each(broken)('is refused: %s', (_, code, problem) => {
    expect(() => readProblem(problem)).toThrow(expect.objectContaining({ code }) as Error);
  });
});
