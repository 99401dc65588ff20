/**
 * What similar SKUs teach about each other (empirical Bayes). Every group (a category; 0 where none is known) has a prior
 * over the purchase rate: log-normal around a line over the logarithm of the stock that a SKU was first seen with, since
 * a store keeps more of what sells more. How much more, and how far SKUs scatter about it, is the store's own to teach.
 * Every few days it is fitted again to what is believed of its SKUs (one step of expectation-maximisation), and each
 * belief is corrected by the ratio of the new prior to the old: as if the new one had been there when the SKU was first
 * heard of.
 *
 * Sums are kept in whole numbers, so that they do not depend on the order of SKUs.
 */
import { IDLE_AT, LIVE_AT } from './belief-row.ts';
import { type DriftMoments, logNormalRates, logRates, RATES } from './rate-grid.ts';
import { groupOf, levelOf, stockAt, UNKNOWN_STOCK } from './sku-kind.ts';

export interface GroupPrior {
  /** Mean and standard deviation of the natural log of purchases per trading day, of SKUs at `stock`. */
  readonly mean: number;
  readonly spread: number;
  /** What the mean grows by per unit of the logarithm of stock. */
  readonly slope: number;
  /** Mean and standard deviation of that logarithm over the group's SKUs. */
  readonly stock: number;
  readonly reach: number;
}

/** SKUs of evidence that a prior counts for: a store's for its groups, the parameters' for the store. */
const PRIOR_SKUS = 4;
/** Fewer teach nothing. */
const LEAST_SKUS = 8;
const LEAST_SPREAD = 0.35;
/** In units of the spread. */
const LEAST_MOVE = 0.03;
/** Steeper lines are an accident: twice the stock means twice the demand where deliveries cover equal times. */
const STEEPEST = 1.25;
/** Stocks that are all alike show no slope. */
const LEAST_VARIANCE = 1e-3;
/** A step of the slope is lengthened by what beliefs still lack of certainty, at most this much. */
const LONGEST_STEP = 4;
/** SKUs whose stock says nothing: a slip of the keyboard, a pallet for a promotion, goods that nobody wants. */
const OFF_LINE = 0.02;
/** Whole numbers of this fraction. */
const GRAIN = 2 ** 20;
/** A correction per fit, at most. */
const MOST = 8;

/** Sums over the beliefs of some SKUs: of the mean log rate, of its square, and of the mean squared log rate. */
interface Moments {
  count: number;
  first: number;
  firstSquared: number;
  second: number;
}
const noMoments = (): Moments => ({ count: 0, first: 0, firstSquared: 0, second: 0 });

/** The same of a whole group, and over those whose stock is known with their levels. */
interface GroupSums extends Moments {
  known: number;
  knownFirst: number;
  levels: number;
  levelsSquared: number;
  levelsByFirst: number;
}
const noSums = (): GroupSums => ({
  ...noMoments(),
  known: 0,
  knownFirst: 0,
  levels: 0,
  levelsSquared: 0,
  levelsByFirst: 0,
});

/** By what to multiply the beliefs of a kind; nothing where its prior stayed. Holds until the next change of a prior. */
export type Corrections = (kind: number) => Float64Array | undefined;

export class RateGroups {
  readonly #start: GroupPrior;
  readonly #drift: DriftMoments;
  readonly #priors = new Map<number, GroupPrior>();
  /** By kind of SKU. */
  readonly #grids = new Map<number, Float64Array>();
  readonly #moments = new Map<number, Moments>();

  constructor(start: Pick<GroupPrior, 'mean' | 'spread'>, drift: DriftMoments) {
    this.#start = { ...start, slope: 0, stock: 0, reach: 0 };
    this.#drift = drift;
  }

  /** The prior of a kind of SKU on the rate grid; a group without one of its own has the store's. */
  gridOf(kind: number): Float64Array {
    let grid = this.#grids.get(kind);
    if (grid === undefined) {
      grid = gridFor(this.priorOf(groupOf(kind)), levelOf(kind));
      this.#grids.set(kind, grid);
    }
    return grid;
  }

  priorOf(group: number): GroupPrior {
    return this.#priors.get(group) ?? this.#priors.get(STORE) ?? this.#start;
  }

  /** Every belief has drifted by a step, and with it what they all began with. */
  drift(): void {
    if (this.#priors.size === 0) return;
    const { mean, variance } = this.#drift;
    for (const [group, prior] of this.#priors)
      this.#priors.set(group, {
        ...prior,
        mean: prior.mean + mean,
        spread: Math.sqrt(prior.spread * prior.spread + variance),
      });
    this.#grids.clear();
  }

  /** By what to multiply a belief of one kind that turns out to be of another. */
  ratio(from: number, to: number): Float64Array {
    return ratioOf(this.gridOf(from), this.gridOf(to));
  }

  /** Adds the belief whose row begins at `at`, `share` of it selling. */
  add(kind: number, rows: Float32Array, at: number, share: number): void {
    let first = 0;
    let second = 0;
    for (let k = 0; k < RATES; k++) {
      const live = rows[at + LIVE_AT + k] as number;
      const weight = share * live + (1 - share) * (rows[at + IDLE_AT + k] as number);
      const log = logRates[k] as number;
      first += weight * log;
      second += weight * log * log;
    }
    this.note(kind, first, second);
  }

  /** The same for a belief whose moments are known: of the logarithm of demand. */
  note(kind: number, first: number, second: number): void {
    let moments = this.#moments.get(kind);
    if (moments === undefined) {
      moments = noMoments();
      this.#moments.set(kind, moments);
    }
    moments.count++;
    moments.first += Math.round(first * GRAIN);
    moments.firstSquared += Math.round(first * first * GRAIN);
    moments.second += Math.round(second * GRAIN);
  }

  /** Fits all priors to what was added. */
  fit(): Corrections {
    const before = new Map(this.#priors);
    const sums = this.#groupSums();
    this.#moments.clear();
    const store = sums.get(STORE);
    if (store === undefined || store.count < LEAST_SKUS) return () => undefined;
    this.#set(STORE, fitted(store, { above: this.#start, now: this.priorOf(STORE) }));
    const above = this.priorOf(STORE);
    for (const [group, own] of sums)
      if (group !== STORE && own.count >= LEAST_SKUS)
        this.#set(group, fitted(own, { above, now: this.#priors.get(group) ?? above }));
    this.#grids.clear();
    return this.#correctionsSince((group) => before.get(group) ?? before.get(STORE) ?? this.#start);
  }

  /** Made for the kinds that are asked about, once for each: a store has thousands, and few of them with young SKUs. */
  #correctionsSince(priorBefore: (group: number) => GroupPrior): Corrections {
    const made = new Map<number, Float64Array | undefined>();
    return (kind) => {
      if (made.has(kind)) return made.get(kind);
      const old = priorBefore(groupOf(kind));
      const isSame = old === this.priorOf(groupOf(kind));
      const ratio = isSame ? undefined : ratioOf(gridFor(old, levelOf(kind)), this.gridOf(kind));
      made.set(kind, ratio);
      return ratio;
    };
  }

  /** By group; the store's own are over all SKUs. */
  #groupSums(): ReadonlyMap<number, GroupSums> {
    const all = new Map<number, GroupSums>([[STORE, noSums()]]);
    for (const [kind, moments] of this.#moments) {
      const group = groupOf(kind);
      if (!all.has(group)) all.set(group, noSums());
      for (const of of group === STORE ? [STORE] : [STORE, group])
        addTo(all.get(of) as GroupSums, levelOf(kind), moments);
    }
    return all;
  }

  /** A prior that hardly moved stays: correcting every belief for it would change nothing. */
  #set(group: number, prior: GroupPrior): void {
    const known = this.#priors.get(group);
    const least = LEAST_MOVE * prior.spread;
    if (
      known !== undefined &&
      Math.abs(known.mean - prior.mean) < least &&
      Math.abs(known.spread - prior.spread) < least &&
      Math.abs(known.slope - prior.slope) * prior.reach < least
    )
      return;
    this.#priors.set(group, prior);
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

function addTo(sums: GroupSums, level: number, { count, first, firstSquared, second }: Moments): void {
  sums.count += count;
  sums.first += first;
  sums.firstSquared += firstSquared;
  sums.second += second;
  if (level === UNKNOWN_STOCK) return;
  sums.known += count;
  sums.knownFirst += first;
  sums.levels += count * level;
  sums.levelsSquared += count * level * level;
  sums.levelsByFirst += level * first;
}

function gridFor({ mean, spread, slope, stock, reach }: GroupPrior, level: number): Float64Array {
  const whole = logNormalRates(Math.exp(mean), Math.hypot(spread, slope * reach));
  if (level === UNKNOWN_STOCK || slope === 0) return whole;
  const onLine = logNormalRates(Math.exp(mean + slope * (stockAt(level) - stock)), spread);
  return onLine.map((weight, k) => (1 - OFF_LINE) * weight + OFF_LINE * (whole[k] as number));
}

const ratioOf = (old: Float64Array, now: Float64Array): Float64Array =>
  old.map((weight, k) => Math.min(MOST, Math.max(1 / MOST, ((now[k] as number) + 1e-12) / (weight + 1e-12))));

/**
 * Mean, line and spread of a group, shrunk to the prior above it: the spread geometrically, the mean by what a group's
 * own mean is known to, so that ten SKUs alike are not blurred by a store of all kinds. The slope that beliefs show is
 * the one they were given as far as they know nothing yet; its step is lengthened by that.
 */
function fitted(
  sums: GroupSums,
  { above, now }: { readonly above: GroupPrior; readonly now: GroupPrior },
): GroupPrior {
  const { count } = sums;
  const mean = sums.first / GRAIN / count;
  const total = sums.second / GRAIN / count - mean * mean;
  const unsure = Math.max(0, (sums.second - sums.firstSquared) / GRAIN / count);
  const line = lineThrough(sums, { above, now, unsure });
  const own = Math.sqrt(Math.max(LEAST_SPREAD * LEAST_SPREAD, total - line.explained));
  const share = count / (count + PRIOR_SKUS);
  const spread = Math.exp(share * Math.log(own) + (1 - share) * Math.log(above.spread));
  const weight = (spread / above.spread) ** 2;
  const { slope, stock, reach } = line;
  const meanAbove = above.mean + above.slope * (stock - above.stock);
  return { mean: (count * mean + weight * meanAbove) / (count + weight), spread, slope, stock, reach };
}

/** The line over stock, and how much of the variance it takes away. */
function lineThrough(
  { known, knownFirst, levels, levelsSquared, levelsByFirst }: GroupSums,
  { above, now, unsure }: { readonly above: GroupPrior; readonly now: GroupPrior; readonly unsure: number },
): Pick<GroupPrior, 'slope' | 'stock' | 'reach'> & { readonly explained: number } {
  if (known < LEAST_SKUS) return { slope: above.slope, stock: above.stock, reach: 0, explained: 0 };
  const level = levels / known;
  const perLevel = stockAt(2) - stockAt(1);
  const variance = (levelsSquared / known - level * level) * perLevel * perLevel;
  const covariance = (levelsByFirst / known - level * (knownFirst / known)) * (perLevel / GRAIN);
  const shown = covariance / Math.max(variance, LEAST_VARIANCE);
  const learned = Math.min(1, Math.max(1 / LONGEST_STEP, 1 - unsure / (now.spread * now.spread)));
  const own = now.slope + (shown - now.slope) / learned;
  const slope = (known * variance * own + PRIOR_SKUS * above.slope) / (known * variance + PRIOR_SKUS);
  return {
    slope: Math.min(STEEPEST, Math.max(0, slope)),
    stock: stockAt(level),
    reach: Math.sqrt(Math.max(0, variance)),
    explained: Math.max(0, 2 * shown * covariance - shown * shown * variance),
  };
}
