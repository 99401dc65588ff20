/**
 * The lanes into one store chosen together: a tighter bound than pricing every take slot (`lane-bound.ts`).
 *
 * Only give slots keep prices. A store may then pick any set of its lanes; per SKU it takes the cheapest units they
 * offer while its own values exceed them. That is the convex hull of a store's choices instead of each lane's: two
 * lanes that could bring the same unit no longer count half each. A SKU-store that also gives takes part with
 * max(0, what it takes - what holding out as a giver earns).
 *
 * What a set earns is submodular (a lane adds less to more lanes), but for that `max`, and its marginals without the
 * `max` are upper limits all the same. So a depth-first search that adds every lane's marginal to what is there has a
 * bound, and a lane whose marginal is not above its fixed cost is out for good. Where the search is cut short, its
 * bound counts.
 *
 * Nodes with deadlines keep priced take slots. Room on a lane that may run full has a price too, its toll: a set pays it
 * for the units it takes, so that what it earns keeps its form.
 */
import { emptyBound, evaluateBound, type JointChoice, type Prices } from './lane-bound.ts';
import type { Network } from './network.ts';
import { bestSet, type LanesIntoStore, type Situation } from './lane-sets.ts';
import { UNLIMITED } from './packed-problem.ts';
import { Shelves } from './shelves.ts';

/** @param maxSets sets of lanes looked at per store and evaluation */
export function receiverChoice(network: Network, maxSets: number): JointChoice {
  const isPriced = network.hasDeadline;
  const stores = lanesIntoStores(network, isPriced);
  const decides = new Uint8Array(network.laneCount);
  for (const { lanes } of stores) for (const lane of lanes) decides[lane] = 1;
  const shelf = new Shelves(network);
  const holdOut = new Float64Array(network.nodeCount);
  const last: (readonly number[])[] = [];
  const at = emptyBound(network);
  return {
    pricedPairs: Int32Array.from(network.pairTo.keys()).filter(
      (pair) => isPriced[network.pairTo[pair] as number] === 1,
    ),
    decides,
    prepare(prices) {
      const { bid, value } = prices;
      if (network.limitedLanes.length > 0 && !prices.toll.some((toll) => toll > 0)) {
        const { threshold } = at;
        evaluateBound(network, prices, at);
        prices.toll.set(threshold);
      }
      for (let node = 0; node < network.nodeCount; node += 1) {
        if (isPriced[node] === 1) continue;
        const end = network.takeStart[node + 1] as number;
        for (let j = network.takeStart[node] as number; j < end; j += 1) bid[j] = value[j] as number;
      }
    },
    choose(prices, out) {
      writeHoldOut(network, prices, holdOut);
      shelf.perUnit = out.perUnit;
      let bound = 0;
      for (const [at, store] of stores.entries()) {
        const situation = { prices, out, shelf, holdOut };
        const found = bestSet(store, { ...situation, maxSets, guess: last[at] ?? [] });
        last[at] = found.set;
        bound += found.bound;
        useSet(network, situation, { ...store, set: found.set });
      }
      return bound;
    },
  };
}

function lanesIntoStores(network: Network, isPriced: Uint8Array): LanesIntoStore[] {
  const { byLane, lanes, laneCount, pairTo, giveStart } = network;
  const into = Map.groupBy(
    Array.from({ length: laneCount }, (_, lane) => lane),
    (lane) => lanes.to[lane],
  );
  return [...into.values()].flatMap((all) => {
    const pairs = all.map((lane) =>
      byLane.item
        .subarray(byLane.start[lane], byLane.start[lane + 1])
        .filter((pair) => isPriced[pairTo[pair] as number] === 0),
    );
    const nodes = new Set(pairs.flatMap((some) => [...some].map((pair) => pairTo[pair] as number)));
    if (nodes.size === 0) return [];
    const mixed = [...nodes].filter((node) => (giveStart[node + 1] as number) > (giveStart[node] as number));
    return [{ lanes: all, pairs, mixed: Int32Array.from(mixed) }];
  });
}

/** What each node earns as a giver at these prices. */
function writeHoldOut({ giveStart, giveLoss, nodeCount }: Network, { ask }: Prices, out: Float64Array): void {
  for (let node = 0; node < nodeCount; node += 1) {
    let sum = 0;
    for (let i = giveStart[node] as number; i < (giveStart[node + 1] as number); i += 1)
      sum += (ask[i] as number) - (giveLoss[i] as number);
    out[node] = sum;
  }
}

/** Opens a set's lanes and adds what they use to the slopes. */
function useSet(
  network: Network,
  { prices, out, shelf, holdOut }: Situation,
  { lanes, pairs, set }: LanesIntoStore & { readonly set: readonly number[] },
): void {
  const { giveStart, pairTo, takeStart } = network;
  shelf.clear(pairs);
  for (const row of set) {
    out.isOpen[lanes[row] as number] = 1;
    for (const pair of pairs[row] as Int32Array) shelf.offer(pair, prices.ask, true);
  }
  for (const row of set) {
    const lane = lanes[row] as number;
    if ((network.lanes.capacity[lane] as number) < UNLIMITED)
      out.tollSlope[lane] =
        (out.tollSlope[lane] as number) - unitsOver(network, { shelf, holdOut }, pairs[row] as Int32Array);
  }
  for (const row of set)
    for (const pair of pairs[row] as Int32Array) {
      const node = pairTo[pair] as number;
      const count = shelf.count[node] as number;
      if (count === 0) continue;
      // Once per node: several lanes of the set may reach it.
      shelf.count[node] = 0;
      const taking = shelf.gain[node] as number;
      if (taking <= (holdOut[node] as number)) continue;
      for (let i = giveStart[node] as number; i < (giveStart[node + 1] as number); i += 1)
        out.askSlope[i] = (out.askSlope[i] as number) - 1;
      const first = takeStart[node] as number;
      for (let i = first; i < first + count; i += 1) {
        const slot = shelf.slot[i] as number;
        out.askSlope[slot] = (out.askSlope[slot] as number) - 1;
      }
    }
}

/** Units that nodes take over one lane, by whose slots they are. */
function unitsOver(
  { giveStart, pairFrom, pairTo, takeStart }: Network,
  { shelf, holdOut }: Pick<Situation, 'shelf' | 'holdOut'>,
  pairs: Int32Array,
): number {
  let units = 0;
  for (const pair of pairs) {
    const node = pairTo[pair] as number;
    if ((shelf.gain[node] as number) <= (holdOut[node] as number)) continue;
    const from = giveStart[pairFrom[pair] as number] as number;
    const end = giveStart[(pairFrom[pair] as number) + 1] as number;
    const first = takeStart[node] as number;
    for (let i = first; i < first + (shelf.count[node] as number); i += 1) {
      const slot = shelf.slot[i] as number;
      if (slot >= from && slot < end) units += 1;
    }
  }
  return units;
}
