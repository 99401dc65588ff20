/** A store that counts k SKUs each morning, by a policy; what that does to lost sales, accuracy and labour. */
import { type Belief, type CountCandidate, countList, createBelief } from '@truecount/device/belief';
import { Baselines, type BaselineScores } from './baselines.ts';
import { Random } from './random.ts';
import { StoreWorld, type WorldOptions } from './store-world.ts';
import type { WorldSpec } from './worlds.ts';

export const POLICIES = [
  'none',
  'random',
  'lowestRecord',
  'daysWithoutSale',
  'runTimesRate',
  'belief',
] as const;
export type Policy = (typeof POLICIES)[number];

export interface LoopResult {
  readonly policy: Policy;
  /** Money customers wanted to spend and could not. */
  readonly lostSales: number;
  /** Share of SKU-days with a record that is exactly right. */
  readonly accuracy: number;
  /** Counts that found nothing although the record said there was something. */
  readonly phantomsFound: number;
  readonly counts: number;
}

export function closedLoop(
  spec: WorldSpec,
  options: WorldOptions & { readonly policy: Policy; readonly countsPerDay: number },
): LoopResult {
  const world = new StoreWorld(spec, options);
  const belief = createBelief();
  const baselines = new Baselines();
  const random = new Random(options.seed + 1);
  const indexOf = new Map(world.items.map((item, index) => [item.sku, index]));
  const result = { lostSales: 0, right: 0, seen: 0, phantomsFound: 0, counts: 0 };
  for (const observation of world.opening()) belief.observe(observation);
  for (let day = 0; day < options.days; day++) {
    const warm = day >= 21;
    if (warm && options.policy !== 'none')
      for (const sku of choose(options.policy, { belief, baselines, random, world }, options.countsPerDay)) {
        const index = indexOf.get(sku) as number;
        const recordBefore = (world.items[index] as { record: number }).record;
        const count = world.countNow(index, spec.opensAt - 0.2);
        if (count.type === 'count' && count.qty === 0 && recordBefore > 0) result.phantomsFound++;
        result.counts++;
        belief.observe(count);
        baselines.observe(count);
      }
    const lostBefore = world.items.map((item) => item.lostUnits);
    for (const observation of world.nextDay()) {
      belief.observe(observation);
      baselines.observe(observation);
    }
    if (!warm) continue;
    world.items.forEach((item, i) => {
      result.lostSales += (item.lostUnits - (lostBefore[i] as number)) * item.price;
      if (item.record === world.onHand(item)) result.right++;
      result.seen++;
    });
  }
  const { lostSales, right, seen, phantomsFound, counts } = result;
  return { policy: options.policy, lostSales, accuracy: right / seen, phantomsFound, counts };
}

interface Store {
  readonly belief: Belief;
  readonly baselines: Baselines;
  readonly random: Random;
  readonly world: StoreWorld;
}

export function choose(policy: Policy, store: Store, counts: number): string[] {
  const { world, belief, baselines, random } = store;
  if (policy === 'random') return Array.from({ length: counts }, () => random.pick(world.items).sku);
  if (policy === 'belief') return countList(candidatesOf(belief), { counts }).items.map((item) => item.sku);
  const key: keyof BaselineScores = policy === 'none' ? 'daysWithoutSale' : policy;
  return world.items
    .filter((item) => item.record > 0)
    .map((item) => ({ sku: item.sku, score: baselines.scores(item.sku)[key] }))
    .sort((a, b) => b.score - a.score)
    .slice(0, counts)
    .map(({ sku }) => sku);
}

function* candidatesOf(belief: Belief): Generator<CountCandidate> {
  for (const sku of belief.skus()) {
    const position = belief.position(sku);
    if (position !== undefined) yield { position, catalog: belief.catalog(sku) };
  }
}
