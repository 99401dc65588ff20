/**
 * What similar SKUs teach about each other (empirical Bayes). Every group (a category; 0 where none is known)
 * has a log-normal prior over the purchase rate. Every few days it is fitted again to what is believed of its
 * SKUs (one step of expectation-maximisation), and each belief is corrected by the ratio of the new prior to
 * the old: as if the new one had been there when the SKU was first heard of.
 *
 * Sums are kept in whole numbers, so that they do not depend on the order of SKUs.
 */
import { IDLE_AT, LIVE_AT } from './belief-row.ts';
import { logNormalRates, logRates, RATES } from './rate-grid.ts';

export interface GroupPrior {
  /** Mean and standard deviation of the natural log of purchases per trading day. */
  readonly mean: number;
  readonly spread: number;
}

/** SKUs of evidence that a prior counts for: a store's for its groups, the parameters' for the store. */
const PRIOR_SKUS = 4;
/** Fewer teach nothing. */
const LEAST_SKUS = 8;
const LEAST_SPREAD = 0.35;
/** In units of the spread. */
const LEAST_MOVE = 0.03;
/** Whole numbers of this fraction. */
const GRAIN = 2 ** 20;
/** A correction per fit, at most. */
const MOST = 8;

interface Moments {
  count: number;
  first: number;
  second: number;
}
const noMoments = (): Moments => ({ count: 0, first: 0, second: 0 });

export class RateGroups {
  readonly #start: GroupPrior;
  readonly #priors = new Map<number, GroupPrior>();
  readonly #grids = new Map<number, Float64Array>();
  readonly #moments = new Map<number, Moments>();

  constructor(start: GroupPrior) {
    this.#start = start;
  }

  /** The prior of a group on the rate grid; a group without one of its own has the store's. */
  gridOf(group: number): Float64Array {
    const key = this.#priors.has(group) ? group : STORE;
    let grid = this.#grids.get(key);
    if (grid === undefined) {
      const { mean, spread } = this.priorOf(key);
      grid = logNormalRates(Math.exp(mean), spread);
      this.#grids.set(key, grid);
    }
    return grid;
  }

  priorOf(group: number): GroupPrior {
    return this.#priors.get(group) ?? this.#priors.get(STORE) ?? this.#start;
  }

  /** Adds the belief whose row begins at `at`, `share` of it selling. */
  add(group: number, rows: Float32Array, at: number, share: number): void {
    let first = 0;
    let second = 0;
    for (let k = 0; k < RATES; k++) {
      const live = rows[at + LIVE_AT + k] as number;
      const weight = share * live + (1 - share) * (rows[at + IDLE_AT + k] as number);
      const log = logRates[k] as number;
      first += weight * log;
      second += weight * log * log;
    }
    this.note(group, first, second);
  }

  /** The same for a belief whose moments are known: of the logarithm of demand. */
  note(group: number, first: number, second: number): void {
    this.#note(STORE, first, second);
    if (group !== STORE) this.#note(group, first, second);
  }

  #note(group: number, first: number, second: number): void {
    let moments = this.#moments.get(group);
    if (moments === undefined) {
      moments = noMoments();
      this.#moments.set(group, moments);
    }
    moments.count++;
    moments.first += Math.round(first * GRAIN);
    moments.second += Math.round(second * GRAIN);
  }

  /** Fits all priors to what was added; returns by what to multiply the beliefs of each group. */
  fit(): ReadonlyMap<number, Float64Array> {
    const before = new Map([...this.#moments.keys()].map((group) => [group, this.gridOf(group)]));
    const store = this.#moments.get(STORE) ?? noMoments();
    const ratios = new Map<number, Float64Array>();
    if (store.count < LEAST_SKUS) {
      this.#moments.clear();
      return ratios;
    }
    this.#set(STORE, fitted(store, this.#start));
    const prior = this.priorOf(STORE);
    for (const [group, moments] of this.#moments)
      if (group !== STORE && moments.count >= LEAST_SKUS) this.#set(group, fitted(moments, prior));
    for (const [group, old] of before) {
      const now = this.gridOf(group);
      if (now === old) continue;
      ratios.set(
        group,
        old.map((weight, k) =>
          Math.min(MOST, Math.max(1 / MOST, ((now[k] as number) + 1e-12) / (weight + 1e-12))),
        ),
      );
    }
    this.#moments.clear();
    return ratios;
  }

  /** A prior that hardly moved stays: correcting every belief for it would change nothing. */
  #set(group: number, prior: GroupPrior): void {
    const known = this.#priors.get(group);
    const least = LEAST_MOVE * prior.spread;
    if (
      known !== undefined &&
      Math.abs(known.mean - prior.mean) < least &&
      Math.abs(known.spread - prior.spread) < least
    )
      return;
    this.#priors.set(group, prior);
    this.#grids.delete(group);
  }

  /** For a snapshot: by group, in order. */
  entries(): (readonly [number, GroupPrior])[] {
    return [...this.#priors].sort(([a], [b]) => a - b);
  }

  restore(entries: readonly (readonly [number, GroupPrior])[]): void {
    this.#priors.clear();
    this.#grids.clear();
    this.#moments.clear();
    for (const [group, prior] of entries) this.#priors.set(group, prior);
  }
}

/** The group of SKUs without a category, and the prior of groups too small for their own. */
export const STORE = 0;

/**
 * Mean and spread of a group, shrunk to its prior: the spread geometrically, the mean by what a group's own mean
 * is known to, so that ten SKUs alike are not blurred by a store of all kinds.
 */
function fitted({ count, first, second }: Moments, prior: GroupPrior): GroupPrior {
  const mean = first / GRAIN / count;
  const own = Math.sqrt(Math.max(LEAST_SPREAD * LEAST_SPREAD, second / GRAIN / count - mean * mean));
  const share = count / (count + PRIOR_SKUS);
  const spread = Math.exp(share * Math.log(own) + (1 - share) * Math.log(prior.spread));
  const weight = (spread / prior.spread) ** 2;
  return { mean: (count * mean + weight * prior.mean) / (count + weight), spread };
}

/** A category's number: 32-bit FNV-1a, never 0. */
export function groupOfCategory(category: string | undefined): number {
  if (category === undefined || category === '') return STORE;
  let hash = 0x811c9dc5;
  for (let i = 0; i < category.length; i++) hash = Math.imul(hash ^ category.charCodeAt(i), 0x01000193);
  return hash >>> 0 || 1;
}
