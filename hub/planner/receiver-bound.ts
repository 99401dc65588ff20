/**
 * The lanes into one store chosen together: a tighter bound than pricing every take slot (`lane-bound.ts`).
 *
 * Of the lanes that were open most often (all of them, where few lead to the store) any set may be picked; per SKU the
 * store takes the cheapest units they offer while its own bids exceed them. That is the convex hull of a store's choices
 * instead of each lane's: two lanes that could bring the same unit no longer count half each. The other lanes are priced
 * as ever. Where a SKU-store is reached by lanes of the set alone its bids are its values: only give slots keep prices.
 * A SKU-store that also gives takes part with max(0, what it takes - what holding out as a giver earns).
 *
 * Nodes with deadlines keep priced take slots. Room on a lane that may run full has a price too, its toll: a set pays it
 * for the units it takes. What every set earns is in `lane-sets.ts`.
 */
import { emptyBound, evaluateBound, type JointChoice, type LaneBound, type Prices } from './lane-bound.ts';
import type { Network } from './network.ts';
import { LaneSets, type LanesIntoStore, lanesIntoStores, type Situation } from './lane-sets.ts';
import { UNLIMITED } from './packed-problem.ts';
import type { PriceSearch } from './price-search.ts';
import { Shelves } from './shelves.ts';

/** What an earlier search for prices found. */
export type Found = Pick<PriceSearch, 'prices' | 'openShare'>;

/**
 * @param found ranks the lanes into each store: those that were open most often first, then those that earn most
 * @param maxLanes so many lanes into a store are chosen together, the first ones; the others are priced
 */
export function receiverChoice(network: Network, found: Found, maxLanes: number): JointChoice {
  const { hasDeadline, laneCount, nodeCount, pairLane, pairTo } = network;
  const at = emptyBound(network);
  evaluateBound(network, found.prices, at);
  const decides = topLanes(network, { gain: at.gain, openShare: found.openShare }, maxLanes);
  const isPriced = (pair: number): boolean =>
    hasDeadline[pairTo[pair] as number] === 1 || decides[pairLane[pair] as number] === 0;
  const pricedPairs = Int32Array.from(pairLane.keys()).filter(isPriced);
  const hasBids = new Uint8Array(nodeCount);
  for (const pair of pricedPairs) hasBids[pairTo[pair] as number] = 1;
  const lanes = Array.from({ length: laneCount }, (_, lane) => lane).filter((lane) => decides[lane] === 1);
  const stores = lanesIntoStores(network, lanes);
  const sets = new LaneSets(network, maxLanes);
  const shelf = new Shelves(network);
  const holdOut = new Float64Array(nodeCount);
  const gives = new Uint8Array(nodeCount);
  return {
    pricedPairs,
    decides,
    prepare(prices) {
      const { bid, value } = prices;
      if (network.limitedLanes.length > 0 && !prices.toll.some((toll) => toll > 0)) {
        evaluateBound(network, prices, at);
        prices.toll.set(at.threshold);
      }
      for (let node = 0; node < nodeCount; node += 1) {
        if (hasBids[node] === 1) continue;
        const end = network.takeStart[node + 1] as number;
        for (let j = network.takeStart[node] as number; j < end; j += 1) bid[j] = value[j] as number;
      }
    },
    choose(prices, out) {
      writeHoldOut(network, prices, { holdOut, gives });
      let bound = 0;
      for (const store of stores) {
        const found = sets.best(store, { prices, out, holdOut });
        bound += found.bound;
        useSet(network, { prices, out, shelf, holdOut, gives }, { ...store, set: found.set });
      }
      return bound;
    },
  };
}

interface Rank extends Pick<LaneBound, 'gain'>, Pick<PriceSearch, 'openShare'> {}

/**
 * 1 for the first lanes into each store. At the best prices most lanes that matter earn exactly what they cost, so what they
 * earn does not tell them apart; how often they were open does.
 */
function topLanes({ lanes, laneCount }: Network, { gain, openShare }: Rank, most: number): Uint8Array {
  const isTop = new Uint8Array(laneCount);
  const share = (lane: number): number => openShare[lane] as number;
  const net = (lane: number): number => (gain[lane] as number) - (lanes.fixed[lane] as number);
  const into = Map.groupBy(lanes.to.keys(), (lane) => lanes.to[lane]);
  for (const some of into.values())
    for (const lane of some.sort((a, b) => share(b) - share(a) || net(b) - net(a)).slice(0, most))
      isTop[lane] = 1;
  return isTop;
}

interface Holding extends Pick<Situation, 'holdOut'> {
  /** 1 for nodes that would rather give. */
  readonly gives: Uint8Array;
}

/** What each node earns as a giver at these prices, beyond what it would earn as a taker at its bids. */
function writeHoldOut(network: Network, { ask, bid, value }: Prices, { holdOut, gives }: Holding): void {
  const { giveStart, giveLoss, takeStart, nodeCount } = network;
  for (let node = 0; node < nodeCount; node += 1) {
    let more = 0;
    for (let i = giveStart[node] as number; i < (giveStart[node + 1] as number); i += 1)
      more += (ask[i] as number) - (giveLoss[i] as number);
    for (let j = takeStart[node] as number; j < (takeStart[node + 1] as number); j += 1)
      more -= (value[j] as number) - (bid[j] as number);
    holdOut[node] = Math.max(0, more);
    gives[node] = more >= 0 ? 1 : 0;
  }
}

/** Opens a set's lanes and adds what they use to the slopes. */
function useSet(
  network: Network,
  { prices, out, shelf, holdOut, gives }: Situation & Holding & { readonly shelf: Shelves },
  { lanes, pairs, nodes, set }: LanesIntoStore & { readonly set: readonly number[] },
): void {
  const { giveStart, pairTo, takeStart } = network;
  shelf.clear(nodes);
  for (const row of set) {
    out.isOpen[lanes[row] as number] = 1;
    for (const pair of pairs[row] as Int32Array) shelf.offer(pair, prices, out.perUnit);
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
      const held = holdOut[node] as number;
      if ((shelf.gain[node] as number) <= held) continue;
      const first = takeStart[node] as number;
      // Gives no longer, but takes.
      for (let i = giveStart[node] as number; i < (giveStart[node + 1] as number); i += 1)
        out.askSlope[i] = (out.askSlope[i] as number) - (gives[node] as number);
      if (held > 0) for (let j = first; j < (takeStart[node + 1] as number); j += 1) out.bidSlope[j] = -1;
      for (let i = first; i < first + count; i += 1) {
        const slot = shelf.slot[i] as number;
        out.askSlope[slot] = (out.askSlope[slot] as number) - 1;
        out.bidSlope[i] = (out.bidSlope[i] as number) + 1;
      }
    }
}

/** Units that nodes take over one lane, by whose slots they are. */
function unitsOver(
  { giveStart, pairFrom, pairTo, takeStart }: Network,
  { shelf, holdOut }: Pick<Situation, 'holdOut'> & { readonly shelf: Shelves },
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
