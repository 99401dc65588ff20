/**
 * The set of lanes into one store that earns most at given asking prices, by depth-first search. What a set earns is
 * submodular but for the rule that a SKU-store gives or receives; see `receiver-bound.ts` for why the limits hold.
 */
import type { LaneBound, Prices } from './lane-bound.ts';
import type { Shelves } from './shelves.ts';

const TINY = 1e-9;

export interface LanesIntoStore {
  readonly lanes: readonly number[];
  /** Unpriced pairs of each of the lanes. */
  readonly pairs: readonly Int32Array[];
  /** Unpriced nodes that could give as well. */
  readonly mixed: Int32Array;
}

export interface Situation {
  readonly prices: Prices;
  readonly out: LaneBound;
  readonly shelf: Shelves;
  readonly holdOut: Float64Array;
}

interface SetSearch {
  readonly maxSets: number;
  /** Most likely the best set, or close to it. */
  readonly guess: readonly number[];
}

interface BestSet {
  readonly set: readonly number[];
  /** No set earns more than this; what `set` earns, unless the search was cut short. */
  readonly bound: number;
}

/** A lane that may still be added: what it adds to the lanes chosen so far, and the pairs that add something. */
interface Addition {
  readonly row: number;
  readonly gain: number;
  readonly pairs: readonly number[];
}

/** The set of lanes (rows of the store's `lanes`) that earns most. */
export function bestSet(
  { lanes, pairs, mixed }: LanesIntoStore,
  { prices, out, shelf, holdOut, maxSets, guess }: Situation & SetSearch,
): BestSet {
  const own = lanes.map((lane) => (out.gain[lane] as number) - (out.fixed[lane] as number));
  let looked = 0;
  shelf.clear(pairs);
  const held = (): number => {
    let sum = 0;
    for (const node of mixed) sum += Math.min(shelf.gain[node] as number, holdOut[node] as number);
    return sum;
  };
  let best = 0;
  for (const row of guess) {
    best += own[row] as number;
    for (const pair of pairs[row] as Int32Array) best += shelf.offer(pair, prices.ask, true);
  }
  best = Math.max(0, best - held());
  let bestLanes: readonly number[] = best > 0 ? guess : [];
  shelf.backTo(0);
  const addition = (row: number, some: Iterable<number>): Addition => {
    let gain = own[row] as number;
    const adding: number[] = [];
    for (const pair of some) {
      const added = shelf.offer(pair, prices.ask, false);
      if (added <= 0) continue;
      gain += added;
      adding.push(pair);
    }
    return { row, gain, pairs: adding };
  };
  /** Best value within this branch, or an upper limit of it. */
  const branch = (open: readonly Addition[], value: number, set: readonly number[]): number => {
    looked += 1;
    const earned = value - held();
    if (earned > best) {
      best = earned;
      bestLanes = set;
    }
    let limit = earned;
    for (const { gain } of open) limit += gain;
    if (looked >= maxSets) return limit;
    let most = earned;
    for (const [at, { row, gain, pairs: adding }] of open.entries()) {
      // Sets without any lane from here on are what is earned already.
      if (limit <= best + TINY) return Math.max(most, limit);
      const { point } = shelf;
      for (const pair of adding) shelf.offer(pair, prices.ask, true);
      const rest = open.slice(at + 1).map((later) => addition(later.row, later.pairs));
      most = Math.max(most, branch(worthAdding(rest), value + gain, [...set, row]));
      shelf.backTo(point);
      limit -= gain;
    }
    return most;
  };
  const all = lanes.map((_, row) => addition(row, pairs[row] as Int32Array));
  const bound = branch(worthAdding(all), 0, []);
  return { set: bestLanes, bound: Math.max(bound, best, 0) };
}

const worthAdding = (additions: readonly Addition[]): Addition[] =>
  additions.filter(({ gain }) => gain > 0).sort((a, b) => b.gain - a.gain);
