/**
 * `npm run bench:belief`: the belief judged against stores with known truth, on seeds nobody tuned on, next
 * to rules, a hidden Markov model and an oracle that knows the true demand; then counts, the closed loop,
 * learning from wrong rates, speed. Options: --seeds 5 --skus 1000 --days 100 --only accuracy,counts,loop,learning,speed,process,real
 * --data FOLDER (real sales histories; without it that part is left out). Plots go to device/belief/plots.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { closedLoop, choose, POLICIES } from '../twin/closed-loop.ts';
import { Baselines, type BaselineScores } from '../twin/baselines.ts';
import {
  alertPower,
  averagePrecision,
  brier,
  calibrationError,
  logScore,
  median,
  precisionRecall,
  recallAt,
  reliability,
} from '../twin/metrics.ts';
import { Random } from '../twin/random.ts';
import { StoreWorld } from '../twin/store-world.ts';
import { worlds, type WorldSpec } from '../twin/worlds.ts';
import { precisionRecallPlot, reliabilityPlot } from './belief-plots.ts';
import { learning } from './belief-learning.ts';
import { realHistories } from './belief-real.ts';
import { wholeProcesses } from './belief-process.ts';
import { speed } from './belief-speed.ts';
import {
  absoluteErrors,
  confidences,
  followed,
  type Judged,
  phantoms,
  runTrial,
  threes,
} from './belief-trial.ts';
import { createBelief } from '@truecount/device/belief';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    skus: { type: 'string', default: '1000' },
    days: { type: 'string', default: '100' },
    only: { type: 'string', default: 'accuracy,counts,loop,learning,speed,process,real' },
    data: { type: 'string' },
  },
});
const FIRST_UNSEEN_SEED = 201;
const LEARNING_SKUS = 400;
const seeds = Array.from({ length: Number(values.seeds) }, (_, i) => FIRST_UNSEEN_SEED + i);
const wanted = new Set(values.only.split(','));
const print = (line: string): boolean => process.stdout.write(`${line}\n`);
const PLOTS = new URL('../../device/belief/plots/', import.meta.url);

const RULES = [
  'daysWithoutSale',
  'gapFactor',
  'lowestRecord',
  'runTimesRate',
] as const satisfies readonly (keyof BaselineScores)[];

function accuracyOf(judged: readonly Judged[]): Record<string, number> {
  const plain = judged.filter((one) => !one.camera);
  const seen = judged.filter((one) => one.camera);
  const ours = phantoms(plain, (one) => one.p0);
  const hmm = (one: Judged): number => one.baselines?.hmm ?? 0;
  const ap = averagePrecision(ours);
  const oracle = averagePrecision(phantoms(plain, (one) => one.oracle));
  const rules = RULES.map((rule) => averagePrecision(phantoms(plain, (one) => one.baselines?.[rule] ?? 0)));
  const errors = absoluteErrors(judged);
  const categories = [...new Set(judged.map((one) => one.category))];
  return {
    'AP without camera': ap,
    'oracle AP': oracle,
    'of the oracle': ap / oracle,
    'best rule AP': Math.max(...rules),
    'over best rule': ap / Math.max(...rules),
    'HMM AP': averagePrecision(phantoms(plain, hmm)),
    'AP with camera': averagePrecision(phantoms(seen, (one) => one.p0)),
    'recall at 80 % precision': recallAt(
      phantoms(judged, (one) => one.p0),
      0.8,
    ),
    'recall at 80 %, oracle': recallAt(
      phantoms(judged, (one) => one.oracle),
      0.8,
    ),
    'power at 10 % false, moment': recallAt(ours, 0.9),
    'the same, oracle': recallAt(
      phantoms(plain, (one) => one.oracle),
      0.9,
    ),
    'the same, HMM': recallAt(phantoms(plain, hmm), 0.9),
    'power at 10 % false, alerts': alertPower(
      followed(plain, (one) => one.p0),
      0.1,
    ),
    'the same of the oracle': alertPower(
      followed(plain, (one) => one.oracle),
      0.1,
    ),
    'the same of the HMM': alertPower(followed(plain, hmm), 0.1),
    'ECE P(n>=1)': calibrationError(confidences(judged)),
    'ECE P(n>=3)': calibrationError(threes(judged)),
    'ECE worst category, n>=1': Math.max(
      ...categories.map((category) =>
        calibrationError(confidences(judged.filter((one) => one.category === category))),
      ),
    ),
    'ECE worst category, n>=3': Math.max(
      ...categories.map((category) =>
        calibrationError(threes(judged.filter((one) => one.category === category))),
      ),
    ),
    Brier: brier(confidences(judged)),
    'log score': logScore(confidences(judged)),
    'MAE of mean over record': errors.mean / errors.record,
    'MAE of median over record': errors.median / errors.record,
  };
}

async function accuracy(): Promise<void> {
  for (const [name, spec] of Object.entries(worlds)) {
    const runs: Record<string, number>[] = [];
    const all: Judged[] = [];
    for (const seed of seeds) {
      const { judged } = runTrial({
        spec,
        seed,
        skus: Number(values.skus),
        days: Number(values.days),
        warmUp: 30,
        withOracle: true,
        withBaselines: true,
      });
      runs.push(accuracyOf(judged));
      for (const one of judged) all.push(one);
    }
    print(
      `\n${name}: median of ${seeds.length} seeds (from ${FIRST_UNSEEN_SEED}), ${values.skus} SKUs, ${values.days} days   [least .. most]`,
    );
    for (const measure of Object.keys(runs[0] ?? {})) {
      const found = runs.map((run) => run[measure] as number);
      print(
        `  ${measure.padEnd(28)} ${median(found).toFixed(3).padStart(7)}   [${Math.min(...found).toFixed(3)} .. ${Math.max(...found).toFixed(3)}]`,
      );
    }
    await plot(name, all);
  }
}

async function plot(name: string, all: readonly Judged[]): Promise<void> {
  await mkdir(PLOTS, { recursive: true });
  const plain = all.filter((one) => !one.camera);
  await writeFile(
    new URL(`reliability-${name}.svg`, PLOTS),
    reliabilityPlot([
      { name: 'at least 1 on hand', points: reliability(confidences(all)) },
      { name: 'at least 3 on hand', points: reliability(threes(all)) },
    ]),
  );
  await writeFile(
    new URL(`precision-recall-${name}.svg`, PLOTS),
    precisionRecallPlot([
      { name: 'belief', points: precisionRecall(phantoms(plain, (one) => one.p0)) },
      {
        name: 'days without sale',
        points: precisionRecall(phantoms(plain, (one) => one.baselines?.daysWithoutSale ?? 0)),
      },
      { name: 'true demand known', points: precisionRecall(phantoms(plain, (one) => one.oracle)) },
      {
        name: 'hidden Markov model',
        points: precisionRecall(phantoms(plain, (one) => one.baselines?.hmm ?? 0)),
      },
    ]),
  );
}

/** 150 counts in a store of 8,000 SKUs, each counted about once in `everyDays` anyway. */
function counts(everyDays: number): void {
  const spec: WorldSpec = { ...(worlds['grocery'] as WorldSpec), cycleCounts: 1 / everyDays };
  const found: Record<string, number[]> = {};
  const money: Record<string, number[]> = {};
  for (const seed of seeds.slice(0, 3)) {
    const world = new StoreWorld(spec, { skus: 8000, seed, days: 45 });
    const belief = createBelief();
    const baselines = new Baselines();
    for (const observation of world.opening()) belief.observe(observation);
    for (let day = 0; day < 45; day++)
      for (const observation of world.nextDay()) {
        belief.observe(observation);
        baselines.observe(observation);
      }
    const bySku = new Map(world.items.map((item) => [item.sku, item]));
    const random = new Random(seed);
    const isOut = (sku: string): boolean => {
      const item = bySku.get(sku);
      return item !== undefined && item.record > 0 && world.onHand(item) === 0;
    };
    const share = world.items.filter((item) => isOut(item.sku)).length / world.items.length;
    for (const policy of POLICIES) {
      if (policy === 'none') continue;
      const chosen = [...new Set(choose(policy, { belief, baselines, random, world }, 150))];
      const hits = policy === 'random' ? share * 150 : chosen.filter(isOut).length;
      const recovered = chosen.filter(isOut).reduce((sum, sku) => {
        const item = bySku.get(sku);
        return item === undefined
          ? sum
          : sum + (world.trueRate(item) / (1 - item.assortment.another)) * 14 * (item.price - item.cost);
      }, 0);
      (found[policy] ??= []).push(hits);
      (money[policy] ??= []).push(recovered);
    }
  }
  print(
    `\n150 counts, 8,000 SKUs counted every ${everyDays} days anyway: unknown stock-outs found, times random, margin of the next 14 days they blocked`,
  );
  const base = median(found['random'] ?? [1]);
  for (const policy of Object.keys(found))
    print(
      `  ${policy.padEnd(18)} ${median(found[policy] ?? [])
        .toFixed(1)
        .padStart(6)} ${(median(found[policy] ?? []) / base).toFixed(1).padStart(6)} x ${median(
        money[policy] ?? [],
      )
        .toFixed(0)
        .padStart(7)}`,
    );
}

function loop(): void {
  print(
    '\nclosed loop: 8 counts a day, 600 SKUs, 70 days (49 judged); lost sales in money, exact records, phantoms found',
  );
  for (const policy of POLICIES) {
    const runs = seeds.map((seed) =>
      closedLoop(worlds['grocery'] as WorldSpec, { policy, skus: 600, seed, days: 70, countsPerDay: 8 }),
    );
    print(
      `  ${policy.padEnd(18)} ${median(runs.map((run) => run.lostSales))
        .toFixed(0)
        .padStart(8)} ${(100 * median(runs.map((run) => run.accuracy))).toFixed(1).padStart(6)} % ${median(
        runs.map((run) => run.phantomsFound),
      )
        .toFixed(0)
        .padStart(5)} of ${runs[0]?.counts}`,
    );
  }
}

const started = performance.now();
if (wanted.has('accuracy')) await accuracy();
if (wanted.has('counts')) for (const everyDays of [30, 10]) counts(everyDays);
if (wanted.has('loop')) loop();
if (wanted.has('learning')) await learning(seeds, LEARNING_SKUS, print);
if (wanted.has('speed')) for (const line of await speed()) print(line);
if (wanted.has('process')) for (const line of await wholeProcesses()) print(line);
if (wanted.has('real')) {
  if (values.data === undefined) print('\nreal histories: left out; name their folder with --data');
  else for (const line of await realHistories(values.data)) print(line);
}
print(`\n${((performance.now() - started) / 1000).toFixed(0)} s in all`);
