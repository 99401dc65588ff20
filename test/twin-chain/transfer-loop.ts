/** Days of a chain that plans transfers for its orders each morning by what it takes for true. */
import type { Planner } from '../../hub/planner/index.ts';
import type { PlanningPosition, PlanningProblem } from '@truecount/protocol';
import { Random } from '../twin/random.ts';
import type { WorldSpec } from '../twin/worlds.ts';
import { type ChainSize, ChainWorld, type Shortfall } from './chain-world.ts';

export const POLICIES = ['record', 'belief'] as const;
/** The record less a buffer, or the belief. */
export type TransferPolicy = (typeof POLICIES)[number];

const BUFFER_UNITS = 3;
const ALPHA = 0.1;
/** Size of the negative binomial: promotions, busy days and baskets spread demand far wider than Poisson's. */
const DISPERSION = 2;
/** What keeping a promise is worth beyond the margin. */
const SERVICE = 6;
/**
 * What turning a customer away at a donor costs beyond the margin when the belief plans: its answer to the record's
 * three units, dearer than an order kept so that no donor pays for it. Chosen on seeds 1 to 6.
 */
export const DONOR_CARE = 10;
const WARM_DAYS = 21;

export interface ChainResult {
  /** Units that orders missed where they were placed, and of those: brought in time. */
  readonly missed: number;
  readonly saved: number;
  /** Units promised by a donor that did not have them. */
  readonly broken: number;
  readonly donorSalesLost: number;
  /** Units that customers wanted and did not find, at all stores. */
  readonly salesLost: number;
  readonly moved: number;
  /** Money: orders kept, less moving and the margin of sales that donors lost. */
  readonly gain: number;
}

export interface LoopOptions extends ChainSize {
  readonly policy: TransferPolicy;
  /** Default DONOR_CARE. */
  readonly donorCare?: number;
}

interface Tally {
  missed: number;
  saved: number;
  broken: number;
  moved: number;
  gain: number;
}

export async function transferLoop(
  planner: Planner,
  spec: WorldSpec,
  options: LoopOptions,
): Promise<ChainResult> {
  const chain = new ChainWorld(spec, options);
  const lanes = lanesOf(chain, options.seed);
  const tally: Tally = { missed: 0, saved: 0, broken: 0, moved: 0, gain: 0 };
  let lostBefore = 0;
  for (let day = 0; day < options.days; day += 1) {
    if (day === WARM_DAYS) lostBefore = chain.salesLost;
    if (day >= WARM_DAYS) {
      const short = chain.takeOrders();
      tally.missed += short.reduce((sum, { qty }) => sum + qty, 0);
      const problem = problemOf(chain, { lanes, short, ...options });
      const { moves } = await planner.plan(problem, { timeLimitSeconds: 10, gap: 0.001 });
      const itemOf = new Map(short.map(({ sku, item }) => [sku, item]));
      carryOut(chain, { problem, moves, itemOf, short }, tally);
    }
    chain.live();
  }
  const { missed, saved, broken, moved } = tally;
  return {
    missed,
    saved,
    broken,
    moved,
    donorSalesLost: chain.lostSales,
    salesLost: chain.salesLost - lostBefore,
    gain: tally.gain - chain.lostMargin,
  };
}

type Lanes = PlanningProblem['lanes'];

function lanesOf({ sites }: ChainWorld, seed: number): Lanes {
  const random = new Random(seed + 31);
  return sites.flatMap(({ id: from }) =>
    sites
      .filter(({ id }) => id !== from)
      .map(({ id: to }) => ({
        from,
        to,
        // A stop of the van; two to three minutes of picking, packing and shelving.
        fixed: random.between(2, 5),
        perUnit: random.between(0.5, 0.9),
        hours: random.integer(2, 10),
      })),
  );
}

interface Morning {
  readonly lanes: Lanes;
  readonly short: readonly Shortfall[];
  readonly policy: TransferPolicy;
  readonly donorCare?: number;
}

function problemOf(
  chain: ChainWorld,
  { lanes, short, policy, donorCare = DONOR_CARE }: Morning,
): PlanningProblem {
  const skus = new Set(short.map(({ sku }) => sku));
  return {
    stores: chain.sites.map(({ id }) => ({ id })),
    lanes,
    positions: chain.sites.flatMap(({ id, world, belief }) =>
      world.items
        .map((item, at) => ({ item, at }))
        .filter(({ item }) => skus.has(item.sku))
        .map(({ item, at }): PlanningPosition => {
          const believed = belief.position(item.sku);
          const kept = Math.max(0, item.record - BUFFER_UNITS);
          const certain = Array.from({ length: kept + 1 }, (_, n) => (n === kept ? 1 : 0));
          return {
            store: id,
            sku: item.sku,
            pmf: policy === 'belief' ? [...(believed?.pmf ?? [1])] : certain,
            rate: believed?.rate ?? 0,
            // A delivery under way is known from its order, whatever it will bring; it comes before the store opens.
            coverDays: item.arrivesOn >= world.day ? item.arrivesOn - world.day : world.spec.coverDays,
            dispersion: DISPERSION,
            reserved: 0,
            margin: chain.marginOf(at),
            ...(policy === 'belief' ? { lossValue: chain.marginOf(at) + donorCare } : {}),
          };
        }),
    ),
    needs: short.map(({ id, site, item, sku, qty }) => ({
      store: chain.sites[site]?.id ?? '',
      sku,
      qty,
      value: chain.marginOf(item) + SERVICE,
      dueHours: 12,
      order: id,
    })),
    policy: { alpha: ALPHA },
  };
}

interface Carried {
  readonly problem: PlanningProblem;
  readonly moves: readonly {
    readonly from: string;
    readonly to: string;
    readonly sku: string;
    readonly qty: number;
  }[];
  readonly itemOf: ReadonlyMap<string, number>;
  readonly short: readonly Shortfall[];
}

/** Donors ship what they have; orders are served first, the rest goes on the shelf. */
function carryOut(chain: ChainWorld, { problem, moves, itemOf, short }: Carried, tally: Tally): void {
  const siteOf = new Map(chain.sites.map(({ id }, at) => [id, at]));
  const missing = new Map(short.map((shortfall) => [shortfall, shortfall.qty]));
  const used = new Set<string>();
  for (const { from, to, sku, qty } of moves) {
    const item = itemOf.get(sku) ?? 0;
    const site = siteOf.get(to) ?? 0;
    const shipped = chain.ship(siteOf.get(from) ?? 0, item, qty);
    const lane = problem.lanes.find((one) => one.from === from && one.to === to);
    tally.gain -= (lane?.perUnit ?? 0) * shipped + (used.has(`${from} ${to}`) ? 0 : (lane?.fixed ?? 0));
    used.add(`${from} ${to}`);
    tally.moved += shipped;
    tally.broken += qty - shipped;
    let left = shipped;
    for (const shortfall of short) {
      if (shortfall.site !== site || shortfall.item !== item) continue;
      const served = Math.min(left, missing.get(shortfall) ?? 0);
      missing.set(shortfall, (missing.get(shortfall) ?? 0) - served);
      left -= served;
      tally.saved += served;
      tally.gain += served * (chain.marginOf(item) + SERVICE);
    }
    chain.receive(site, item, left);
  }
}
