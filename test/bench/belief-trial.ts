/** One world lived day by day beside the filter, its oracle and the baselines; predictions with outcomes. */
import { type Belief, type BeliefParameters, createBelief, quantileOf } from '@truecount/device/belief';
import { type BaselineScores, Baselines } from '../twin/baselines.ts';
import type { Followed, Scored } from '../twin/metrics.ts';
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
  readonly sku: string;
  readonly camera: boolean;
  readonly category: string;
  readonly record: number;
  readonly onHand: number;
  readonly p0: number;
  readonly atLeast3: number;
  readonly mean: number;
  readonly median: number;
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
        sku: item.sku,
        camera: item.camera,
        category: item.assortment.name,
        record: item.record,
        onHand: world.onHand(item),
        p0: position.p0,
        atLeast3: 1 - (pmf[0] ?? 0) - (pmf[1] ?? 0) - (pmf[2] ?? 0),
        mean: position.mean,
        median: quantileOf(pmf, 0.5),
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

/** The same over time: a SKU whose record is at zero is no phantom, and no alert either. */
export const followed = (judged: readonly Judged[], score: (one: Judged) => number): Followed[] =>
  judged.map((one) => ({
    sku: one.sku,
    score: one.record > 0 ? score(one) : 0,
    outcome: one.record > 0 && one.onHand === 0,
  }));

export const confidences = (judged: readonly Judged[]): Scored[] =>
  judged.map((one) => ({ score: 1 - one.p0, outcome: one.onHand >= 1 }));

export const threes = (judged: readonly Judged[]): Scored[] =>
  judged.map((one) => ({ score: Math.min(1, Math.max(0, one.atLeast3)), outcome: one.onHand >= 3 }));

/** Mean absolute error of on-hand: of the belief's mean, of its median, of the record. */
export function absoluteErrors(judged: readonly Judged[]): Record<'mean' | 'median' | 'record', number> {
  const of = (guess: (one: Judged) => number): number =>
    judged.reduce((sum, one) => sum + Math.abs(guess(one) - one.onHand), 0) / judged.length;
  return { mean: of((one) => one.mean), median: of((one) => one.median), record: of((one) => one.record) };
}
