import { describe, expect, it } from 'vitest';
import { randomProblem, seededRandom } from '../../test/builders/planning-problem.ts';
import { emptyBound, evaluateBound, type Prices, startPrices } from './lane-bound.ts';
import { LaneSets, type LanesIntoStore, lanesIntoStores, type Situation } from './lane-sets.ts';
import { markets, openLanes } from './market.ts';
import { buildNetwork, type Network } from './network.ts';
import { packAtOnce } from './pack-problem.ts';

/** Asks above the losses and bids below the values, in order within a node. */
function randomPrices(network: Network, random: () => number): Prices {
  const prices = startPrices(network);
  const { giveStart, takeStart, nodeCount } = network;
  for (let node = 0; node < nodeCount; node += 1) {
    const asks = prices.ask.subarray(giveStart[node], giveStart[node + 1]);
    asks.set(Array.from(asks, (loss) => loss + 2 * random()).sort((a, b) => a - b));
    const bids = prices.bid.subarray(takeStart[node], takeStart[node + 1]);
    bids.set(Array.from(bids, (value) => value * (0.5 + 0.5 * random())).sort((a, b) => b - a));
  }
  return prices;
}

/** What a set of lanes earns, by sorting all units that it offers to each node. */
function earned(
  network: Network,
  { lanes, pairs }: LanesIntoStore,
  scene: Situation & { readonly set: number },
) {
  const { pairFrom, pairTo, giveStart, takeStart } = network;
  const { prices, out, holdOut, set } = scene;
  const offered = new Map<number, number[]>();
  let sum = 0;
  for (const [row, lane] of lanes.entries()) {
    if ((set & (1 << row)) === 0) continue;
    sum += (out.gain[lane] ?? 0) - (out.fixed[lane] ?? 0);
    for (const pair of pairs[row] ?? []) {
      const from = pairFrom[pair] ?? 0;
      const units = prices.ask.subarray(giveStart[from], giveStart[from + 1]);
      const costs = Array.from(units, (ask) => ask + (out.perUnit[lane] ?? 0));
      offered.set(pairTo[pair] ?? 0, [...(offered.get(pairTo[pair] ?? 0) ?? []), ...costs]);
    }
  }
  for (const [node, costs] of offered) {
    const bids = prices.bid.subarray(takeStart[node], takeStart[node + 1]);
    costs.sort((a, b) => a - b);
    const gain = Array.from(bids, (bid, i) => Math.max(0, bid - (costs[i] ?? bid)));
    const taking = gain.slice(0, network.takeLimit[node]).reduce((a, b) => a + b, 0);
    sum += Math.max(0, taking - (holdOut[node] ?? 0));
  }
  return sum;
}

describe('the best set of lanes into a store', () => {
  it.each(Array.from({ length: 12 }, (_, at) => at + 1))(
    'earns what the best of all sets earns, each worked out by itself (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const stores = 3 + (seed % 5);
      const packed = packAtOnce(randomProblem({ seed, stores, skus: 8, fixed: 4, ordered: 0 }));
      const lanes = openLanes(packed);
      const network = buildNetwork(lanes, [...markets(packed, lanes)]);
      const prices = randomPrices(network, random);
      const out = emptyBound(network);
      evaluateBound(network, prices, out);
      out.gain.fill(0);
      const holdOut = Float64Array.from({ length: network.nodeCount }, () => (random() < 0.5 ? 0 : random()));
      const sets = new LaneSets(network, stores);
      for (const store of lanesIntoStores(
        network,
        Array.from({ length: network.laneCount }, (_, lane) => lane),
      )) {
        const all = Array.from({ length: 1 << store.lanes.length }, (_, set) =>
          earned(network, store, { prices, out, holdOut, set }),
        );
        const found = sets.best(store, { prices, out, holdOut });
        const chosen = found.set.reduce((mask, row) => mask | (1 << row), 0);
        expect(found.bound).toBeCloseTo(Math.max(...all), 9);
        expect(all[chosen]).toBeCloseTo(found.bound, 9);
      }
    },
  );

  it('is never found to earn less where more lanes reach a SKU-store than are looked at together', () => {
    const packed = packAtOnce(randomProblem({ seed: 5, stores: 13, skus: 6, fixed: 1, ordered: 0 }));
    const lanes = openLanes(packed);
    const network = buildNetwork(lanes, [...markets(packed, lanes)]);
    const prices = startPrices(network);
    const out = emptyBound(network);
    const holdOut = new Float64Array(network.nodeCount);
    const sets = new LaneSets(network, 12);
    const [store] = lanesIntoStores(
      network,
      Array.from({ length: 12 }, (_, lane) => lane),
    );
    if (!store) throw new Error('There are lanes into the first store.');
    const { bound } = sets.best(store, { prices, out, holdOut });
    for (let set = 0; set < 1 << store.lanes.length; set += 7)
      expect(bound).toBeGreaterThanOrEqual(earned(network, store, { prices, out, holdOut, set }) - 1e-9);
  });
});
