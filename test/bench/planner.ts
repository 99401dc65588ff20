/**
 * `npm run bench:planner [-- --quick] [-- --only "lane cost 5"]`: what the planner reaches, how fast, and how sure, as
 * a table; on standard error how far each plan is. Idle, the whole table takes some seven minutes, `--quick` three.
 * Instances are seeded (`test/builders/planning-problem.ts`); every objective is recomputed from the moves by the formula. Seconds are wall-clock and depend on what else runs; CPU seconds are of all threads together.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import type { PlannedUnits } from '../../protocol/index.ts';
import { createPlanner, evaluatePlan, type PlanProgress } from '../../hub/planner/index.ts';
import { type ProblemSize, randomProblem } from '../builders/planning-problem.ts';
import { bundleGreedyPlan } from './bundle-greedy.ts';
import { collectGarbage } from './collect-garbage.ts';
import { greedyPlan } from './greedy-plan.ts';

const { values: asked } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    /** Stretches time limits on a machine that is busy with other things. */
    patience: { type: 'string', default: '1' },
  },
});
const patience = Number(asked.patience);

interface Case {
  readonly name: string;
  readonly size: ProblemSize;
  readonly seconds: number;
  readonly gap: number;
}

const regional = { seed: 1, stores: 50, skus: 300, lanesPerStore: 10 };
const instance = (name: string, size: ProblemSize, limits = { seconds: 18, gap: 0.001 }): Case => ({
  name,
  size,
  ...limits,
});
const cases: readonly Case[] = [
  instance('8 x 5', { seed: 1, stores: 8, skus: 5, fixed: 3, ordered: 0.05 }, { seconds: 18, gap: 0 }),
  ...[0, 2, 5, 15].map((fixed) =>
    instance(`50 x 300, lane cost ${fixed}`, { ...regional, fixed, ordered: fixed < 5 ? 0.02 : 0 }),
  ),
  instance('50 x 300, lane cost 5, seed 2', { ...regional, seed: 2, fixed: 5, ordered: 0 }),
  instance('50 x 300, 4 lanes a store, lane cost 5', { ...regional, lanesPerStore: 4, fixed: 5, ordered: 0 }),
  instance('50 x 300, every lane, lane cost 5', { ...regional, lanesPerStore: 49, fixed: 5, ordered: 0 }),
  instance('50 x 300, half of lanes with room for few', {
    ...regional,
    fixed: 5,
    capacitated: 0.5,
    ordered: 0,
  }),
  instance('50 x 300, distributions, 4 units at most', {
    ...regional,
    fixed: 5,
    pmf: true,
    maxUnits: 4,
    ordered: 0,
  }),
  instance('20 x 40, lane cost 15', {
    seed: 1,
    stores: 20,
    skus: 40,
    lanesPerStore: 6,
    fixed: 15,
    ordered: 0,
  }),
];
const chain = (fixed: number): Case =>
  instance(
    `500 x 2,000, lane cost ${fixed}`,
    { seed: 1, stores: 500, skus: 2000, lanesPerStore: 10, fixed, ordered: 0.01 },
    { seconds: 100, gap: 0.03 },
  );

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const PROGRESS_EVERY_MS = 5_000;
/** Tells on standard error what is being planned and how far it is, so that the table stays a table. */
function progressOf(name: string): (progress: PlanProgress) => void {
  let saidAt = Number.NEGATIVE_INFINITY;
  const startedAt = performance.now();
  return (progress) => {
    if (performance.now() - saidAt < PROGRESS_EVERY_MS) return;
    saidAt = performance.now();
    const at = `${((saidAt - startedAt) / 1000).toFixed(0)} s`;
    const values =
      progress.stage === 'solving'
        ? `, value ${progress.objective.toFixed(0)}, bound ${progress.bound.toFixed(0)}`
        : '';
    process.stderr.write(`${name}: ${progress.stage}, ${at}${values}\n`);
  };
}
const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
print(
  '| instance | method | objective | bound | proven gap | seconds | CPU s | longest lag, ms | peak MB | over greedy by units, by lanes |',
);
print('|---|---|---|---|---|---|---|---|---|---|');
for (const one of asked.quick ? cases : [...cases, chain(5), chain(40)])
  if (one.name.includes(asked.only)) await measure(one);
if ('one urgent order'.includes(asked.only)) await urgentOrders();

/** Each with a planner of its own: the peak is the largest that the process has been, and should say what this one needs. */
async function measure({ name, size, seconds, gap }: Case): Promise<void> {
  collectGarbage();
  await using planner = ownPlanner();
  const problem = randomProblem(size);
  const before = process.cpuUsage();
  const lag = monitorEventLoopDelay({ resolution: 5 });
  lag.enable();
  const plan = await planner.it.plan(problem, {
    timeLimitSeconds: seconds * patience,
    gap,
    onProgress: progressOf(name),
  });
  const cpu = process.cpuUsage(before);
  lag.disable();
  const again = evaluatePlan(problem, plan.moves).objective;
  if (Math.abs(again - plan.objective) > 1e-6 * Math.max(1, again))
    throw new Error(`${name}: recomputed ${again}`);
  // Greedy knows stock only, and takes too long for a chain.
  const isComparable = problem.needs.length === 0 && size.fixed > 0;
  const over = (moves: readonly PlannedUnits[]): string =>
    percent(again / evaluatePlan(problem, moves).objective - 1);
  const greedy = isComparable ? `${over(greedyPlan(problem))}, ${over(bundleGreedyPlan(problem))}` : '';
  const peak = process.resourceUsage().maxRSS / 1024;
  print(
    `| ${name} | ${plan.method} | ${again.toFixed(2)} | ${plan.bound.toFixed(2)} | ${percent(plan.gap)} | ` +
      `${plan.seconds.toFixed(1)} | ${((cpu.user + cpu.system) / 1e6).toFixed(1)} | ${(lag.max / 1e6).toFixed(0)} | ` +
      `${peak.toFixed(0)} | ` +
      `${greedy} |`,
  );
}

function ownPlanner(): AsyncDisposable & { readonly it: ReturnType<typeof createPlanner> } {
  const it = createPlanner();
  return { it, [Symbol.asyncDispose]: () => it.close() };
}

/** Fifty orders, one by one, beside a standing plan; CPU time too, since a busy machine makes anybody wait. */
async function urgentOrders(): Promise<void> {
  await using own = ownPlanner();
  const planner = own.it;
  const problem = randomProblem({ ...regional, seed: 2, fixed: 2, ordered: 0.02 });
  const onProgress = progressOf('urgent orders');
  const committed = (await planner.plan(problem, { timeLimitSeconds: 10, gap: 0.02, onProgress })).moves;
  await planner.warmUp();
  const times: number[] = [];
  const cpuTimes: number[] = [];
  for (const need of problem.needs.slice(0, 50)) {
    const startedAt = performance.now();
    const before = process.cpuUsage();
    await planner.planOrder(problem, { need: { ...need, order: `U-${need.order}` }, committed });
    times.push(performance.now() - startedAt);
    const { user, system } = process.cpuUsage(before);
    cpuTimes.push((user + system) / 1000);
  }
  const say = (all: number[]): string => {
    all.sort((a, b) => a - b);
    return `median ${all[Math.floor(all.length / 2)]?.toFixed(1)} ms, worst of ${all.length} ${all.at(-1)?.toFixed(1)} ms`;
  };
  print(`One urgent order at 50 x 300: ${say(times)}; CPU time ${say(cpuTimes)}.`);
}
