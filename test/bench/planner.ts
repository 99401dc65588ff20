/**
 * `npm run bench:planner [-- --quick]`: what the planner reaches, how fast, and how sure, as a table. Instances are
 * seeded (`test/builders/planning-problem.ts`); every objective is recomputed from the moves by the formula.
 */
import { createPlanner, evaluatePlan } from '../../hub/planner/index.ts';
import { type ProblemSize, randomProblem } from '../builders/planning-problem.ts';
import { greedyPlan } from './greedy-plan.ts';

interface Case {
  readonly name: string;
  readonly size: ProblemSize;
  readonly seconds: number;
  readonly gap: number;
  readonly greedy?: boolean;
}

const regional = { stores: 50, skus: 300, lanesPerStore: 10 };
const cases: readonly Case[] = [
  {
    name: '8 x 5, exact',
    size: { seed: 1, stores: 8, skus: 5, fixed: 3, ordered: 0.05 },
    seconds: 20,
    gap: 0,
  },
  { name: '50 x 300, no lane cost', size: { seed: 1, ...regional, fixed: 0 }, seconds: 20, gap: 0.005 },
  { name: '50 x 300, lane cost 2', size: { seed: 1, ...regional, fixed: 2 }, seconds: 18, gap: 0.005 },
  {
    name: '50 x 300, lane cost 5',
    size: { seed: 1, ...regional, fixed: 5, ordered: 0 },
    seconds: 18,
    gap: 0.005,
    greedy: true,
  },
  {
    name: '50 x 300, lane cost 15',
    size: { seed: 1, ...regional, fixed: 15, ordered: 0 },
    seconds: 18,
    gap: 0.005,
    greedy: true,
  },
  {
    name: '20 x 40, lane cost 15',
    size: { seed: 1, stores: 20, skus: 40, lanesPerStore: 6, fixed: 15, ordered: 0 },
    seconds: 18,
    gap: 0.005,
    greedy: true,
  },
];
const chain: Case = {
  name: '500 x 2,000, lane cost 5',
  size: { seed: 1, stores: 500, skus: 2000, lanesPerStore: 10, fixed: 5, ordered: 0.01 },
  seconds: 105,
  gap: 0.03,
};

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const planner = createPlanner();
print('| instance | method | objective | bound | proven gap | seconds | over greedy | peak MB |');
print('|---|---|---|---|---|---|---|---|');
for (const { name, size, seconds, gap, greedy } of process.argv.includes('--quick')
  ? cases
  : [...cases, chain]) {
  const problem = randomProblem(size);
  const plan = await planner.plan(problem, { timeLimitSeconds: seconds, gap });
  const again = evaluatePlan(problem, plan.moves).objective;
  if (Math.abs(again - plan.objective) > 1e-6 * Math.max(1, again))
    throw new Error(`${name}: recomputed ${again}`);
  const over = greedy ? plan.objective / evaluatePlan(problem, greedyPlan(problem)).objective - 1 : undefined;
  const peak = process.resourceUsage().maxRSS / 1024;
  print(
    `| ${name} | ${plan.method} | ${plan.objective.toFixed(2)} | ${plan.bound.toFixed(2)} | ${percent(plan.gap)} | ` +
      `${plan.seconds.toFixed(1)} | ${over === undefined ? '' : percent(over)} | ${peak.toFixed(0)} |`,
  );
}
await urgentOrders();
await planner.close();

/** Fifty orders, one by one, beside a standing plan. */
async function urgentOrders(): Promise<void> {
  const problem = randomProblem({ seed: 2, ...regional, fixed: 2, ordered: 0.02 });
  const committed = (await planner.plan(problem, { timeLimitSeconds: 10, gap: 0.02 })).moves;
  await planner.warmUp();
  const times: number[] = [];
  for (const need of problem.needs.slice(0, 50)) {
    const startedAt = performance.now();
    await planner.planOrder(problem, { need: { ...need, order: `U-${need.order}` }, committed });
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  print(
    `One urgent order at 50 x 300: median ${times[25]?.toFixed(0)} ms, worst of 50 ${times.at(-1)?.toFixed(0)} ms.`,
  );
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`;
}
