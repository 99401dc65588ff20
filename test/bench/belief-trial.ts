/** One world lived day by day beside the filter, its oracle and the baselines; predictions with outcomes. */
import { type Belief, type BeliefParameters, createBelief } from '@truecount/device/belief';
import { type BaselineScores, Baselines } from '../twin/baselines.ts';
import type { Scored } from '../twin/metrics.ts';
import { StoreWorld } from '../twin/store-world.ts';
import type { WorldSpec } from '../twin/worlds.ts';

export interface TrialOptions {
  readonly spec: WorldSpec;
  readonly seed: number;
  readonly skus: number;
  readonly days: number;
  /** Days before anything is judged. */
  readonly warmUp: number;
  readonly parameters?: BeliefParameters;
  readonly withOracle?: boolean;
  readonly withBaselines?: boolean;
}

export interface Judged {
  readonly camera: boolean;
  readonly category: string;
  readonly record: number;
  readonly onHand: number;
  readonly p0: number;
  readonly atLeast3: number;
  readonly mean: number;
  readonly oracle: number;
  readonly baselines: BaselineScores | undefined;
}

export interface TrialResult {
  readonly judged: readonly Judged[];
  readonly observations: number;
  readonly foldMs: number;
  readonly belief: Belief;
}

const JUDGED_EVERY_DAYS = 3;

export function runTrial(options: TrialOptions): TrialResult {
  const world = new StoreWorld(options.spec, options);
  const belief = createBelief(options.parameters === undefined ? {} : { parameters: options.parameters });
  let rates = new Map<string, number>();
  const oracle =
    options.withOracle === true ? createBelief({ forecast: (sku) => rates.get(sku) }) : undefined;
  const baselines = options.withBaselines === true ? new Baselines() : undefined;
  const judged: Judged[] = [];
  let observations = 0;
  let foldMs = 0;
  for (let day = 0; day < options.days; day++) {
    rates = new Map(world.items.map((item) => [item.sku, world.trueRate(item)]));
    const said = day === 0 ? [...world.opening(), ...world.nextDay()] : world.nextDay();
    observations += said.length;
    const started = performance.now();
    for (const observation of said) belief.observe(observation);
    foldMs += performance.now() - started;
    for (const observation of said) {
      oracle?.observe(observation);
      baselines?.observe(observation);
    }
    if (day < options.warmUp || day % JUDGED_EVERY_DAYS !== 0 || said.at(-1)?.type !== 'close') continue;
    for (const item of world.items) {
      const position = belief.position(item.sku);
      if (position === undefined) continue;
      const { pmf } = position;
      judged.push({
        camera: item.camera,
        category: item.assortment.name,
        record: item.record,
        onHand: world.onHand(item),
        p0: position.p0,
        atLeast3: 1 - (pmf[0] ?? 0) - (pmf[1] ?? 0) - (pmf[2] ?? 0),
        mean: position.mean,
        oracle: oracle?.position(item.sku)?.p0 ?? 0,
        baselines: baselines?.scores(item.sku),
      });
    }
  }
  return { judged, observations, foldMs, belief };
}

/** Phantom stock among SKUs that the system thinks are there. */
export const phantoms = (judged: readonly Judged[], score: (one: Judged) => number): Scored[] =>
  judged.filter((one) => one.record > 0).map((one) => ({ score: score(one), outcome: one.onHand === 0 }));

export const confidences = (judged: readonly Judged[]): Scored[] =>
  judged.map((one) => ({ score: 1 - one.p0, outcome: one.onHand >= 1 }));

export const threes = (judged: readonly Judged[]): Scored[] =>
  judged.map((one) => ({ score: Math.min(1, Math.max(0, one.atLeast3)), outcome: one.onHand >= 3 }));

export function absoluteErrors(judged: readonly Judged[]): {
  readonly belief: number;
  readonly record: number;
} {
  let belief = 0;
  let record = 0;
  for (const one of judged) {
    belief += Math.abs(one.mean - one.onHand);
    record += Math.abs(one.record - one.onHand);
  }
  return { belief: belief / judged.length, record: record / judged.length };
}
