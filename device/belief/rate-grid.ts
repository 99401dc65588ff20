/**
 * Belief over the rate of purchase occasions per trading day, on a fixed geometric grid. A grid instead of
 * one Gamma follows jumps of demand without tuning, and its factors are shared by all SKUs.
 */
export const RATES = 32;
const LOWEST_PER_DAY = 0.004;
const RATE_STEP = Math.LN2 / 2;

/** Purchases per trading day at each grid point: 0.004 to 185. */
export const rates = Float64Array.from({ length: RATES }, (_, k) => LOWEST_PER_DAY * Math.exp(k * RATE_STEP));

/** Expected days between purchases. */
export const gaps = rates.map((rate) => 1 / rate);

export const logRates = rates.map((rate) => Math.log(rate));

/**
 * A log-normal belief on the grid. From the point next to the median outwards, each weight is the one before times a factor
 * that itself shrinks by a constant one: three exponentials instead of one for every point.
 */
export function logNormalRates(median: number, spread: number): Float64Array {
  const belief = new Float64Array(RATES);
  const log = Math.log(median);
  const middle = Math.min(RATES - 1, Math.max(0, Math.round((log - (logRates[0] as number)) / RATE_STEP)));
  const off = ((logRates[middle] as number) - log) / spread;
  const step = RATE_STEP / spread;
  const shrinks = Math.exp(-step * step);
  belief[middle] = 1;
  let total = 1;
  for (const side of [1, -1]) {
    let factor = Math.exp(-side * step * off - 0.5 * step * step);
    for (let k = middle + side; k >= 0 && k < RATES; k += side) {
      const weight = (belief[k - side] as number) * factor;
      belief[k] = weight;
      total += weight;
      factor *= shrinks;
    }
  }
  for (let k = 0; k < RATES; k++) belief[k] = (belief[k] as number) / total;
  return belief;
}

/** All belief on one rate, shared by its two neighbours on the grid. */
export function pointRate(belief: Float64Array, rate: number): void {
  belief.fill(0);
  const position = Math.min(RATES - 1, Math.max(0, Math.log(rate / LOWEST_PER_DAY) / RATE_STEP));
  const below = Math.min(RATES - 2, Math.floor(position));
  const lower = rates[below] as number;
  const upper = rates[below + 1] as number;
  const share = Math.min(1, Math.max(0, (rate - lower) / (upper - lower)));
  belief[below] = 1 - share;
  belief[below + 1] = share;
}

export function meanRate(belief: Float64Array): number {
  let mean = 0;
  for (let k = 0; k < RATES; k++) mean += (belief[k] as number) * (rates[k] as number);
  return mean;
}

const FINE = 8;
/** Points of the fine grid of silence from one rate to the next. */
export const SILENCE_PHASES = FINE;
/** No share of a day below this is told apart. */
export const SHORTEST_SILENCE = 1e-5;
/** Time passes in steps of at least this share of a day: minutes are gathered until they are worth one. */
export const LEAST_STEP = 1 / 64;
const LONGEST_SILENCE = 8;
const SPAN = Math.ceil(Math.log(LONGEST_SILENCE / SHORTEST_SILENCE) / RATE_STEP) + 1;

/**
 * Demand within a day. A day's purchases are negative binomial: the grid's rate times a gamma factor of
 * mean 1 and shape `dispersion` that holds for the whole day. What the day has shown so far (`used` of it
 * gone, `sales` made) updates the factor exactly, so one quiet day is never proof and a brisk morning makes
 * a silent afternoon more telling:
 *   P(silence for u more) = ((d + r used) / (d + r (used + u)))^(d + sales)
 *   intensity             = r (d + sales) / (d + r used)
 */
export class DayDemand {
  readonly dispersion: number;
  /** (1 + x / d)^-d over a fine grid of log x, where all rates are one strided read. */
  readonly table: Float64Array;
  readonly #whole = new Float64Array(RATES);
  readonly #factors = new Float64Array(RATES);
  readonly #intensity = new Float64Array(RATES);
  readonly #ratio = new Float64Array(RATES);
  #wholeFor = Number.NaN;
  /** The last share of a day that was read: the silence before a step ends where the one before it began. */
  readonly #before = new Float64Array(RATES);
  #beforeFor = Number.NaN;

  constructor(dispersion: number) {
    this.dispersion = dispersion;
    this.table = Float64Array.from({ length: FINE * (RATES + SPAN) + 2 }, (_, at) => {
      const expected = LOWEST_PER_DAY * SHORTEST_SILENCE * Math.exp((at / FINE) * RATE_STEP);
      return Math.exp(-dispersion * Math.log1p(expected / dispersion));
    });
  }

  /** P(silence for `u` more) of each rate; valid until the next call. */
  silence(used: number, u: number, sales: number): Float64Array {
    if (used === 0 && sales === 0) return this.#wholeDay(u);
    const out = this.#factors;
    const before = this.#before;
    if (used >= SHORTEST_SILENCE && used !== this.#beforeFor) this.#read(used, before);
    const after = used + u;
    const { at, upper } = silenceAt(after);
    const table = this.table;
    for (let k = 0, i = at; k < RATES; k++, i += FINE) {
      const value = (table[i] as number) * (1 - upper) + (table[i + 1] as number) * upper;
      const ratio = used >= SHORTEST_SILENCE ? value / (before[k] as number) : value;
      out[k] = ratio > 1 ? 1 : ratio;
      before[k] = value;
    }
    this.#beforeFor = after;
    if (sales > 0) this.#raise(used, u, sales);
    return out;
  }

  /** Purchases per trading day expected right now, of each rate. */
  intensity(used: number, sales: number): Float64Array {
    const d = this.dispersion;
    const out = this.#intensity;
    for (let k = 0; k < RATES; k++) {
      const rate = rates[k] as number;
      out[k] = (rate * (d + sales)) / (d + rate * used);
    }
    return out;
  }

  /** Multiplies by ((d + r used) / (d + r (used + u)))^sales, by repeated squaring. */
  #raise(used: number, u: number, sales: number): void {
    const d = this.dispersion;
    const out = this.#factors;
    const ratio = this.#ratio;
    if (sales === 1) {
      for (let k = 0; k < RATES; k++) {
        const before = d + (rates[k] as number) * used;
        out[k] = ((out[k] as number) * before) / (before + (rates[k] as number) * u);
      }
      return;
    }
    for (let k = 0; k < RATES; k++) {
      const before = d + (rates[k] as number) * used;
      ratio[k] = before / (before + (rates[k] as number) * u);
    }
    for (let left = sales; ; ) {
      if (left & 1) for (let k = 0; k < RATES; k++) out[k] = (out[k] as number) * (ratio[k] as number);
      left >>= 1;
      if (left === 0) return;
      for (let k = 0; k < RATES; k++) ratio[k] = (ratio[k] as number) * (ratio[k] as number);
    }
  }

  /** The case of every SKU without a sale today: computed once per `u`. */
  #wholeDay(u: number): Float64Array {
    if (u === this.#wholeFor) return this.#whole;
    this.#wholeFor = u;
    this.#read(u, this.#whole);
    this.#before.set(this.#whole);
    this.#beforeFor = u;
    return this.#whole;
  }

  #read(u: number, out: Float64Array): void {
    const { at, upper } = silenceAt(u);
    const table = this.table;
    for (let k = 0, i = at; k < RATES; k++, i += FINE)
      out[k] = (table[i] as number) * (1 - upper) + (table[i + 1] as number) * upper;
  }
}

/** Derivatives with respect to the dispersion, from the closed forms above. */
export function demandSlopes(
  day: { readonly dispersion: number; readonly used: number; readonly u: number; readonly sales: number },
  silence: Float64Array,
  intensity: Float64Array,
): void {
  const { dispersion: d, used, u, sales } = day;
  for (let k = 0; k < RATES; k++) {
    const rate = rates[k] as number;
    const before = d + rate * used;
    const after = d + rate * (used + u);
    const log = Math.log(after / before);
    silence[k] = Math.exp(-(d + sales) * log) * (-log - (d + sales) * (1 / after - 1 / before));
    intensity[k] = (rate * (before - (d + sales))) / (before * before);
  }
}

const position = { at: 0, upper: 0 };

/** Where the table of silence is to be read for a share of a day, and how far on to its next point; valid until the next call. */
export function silenceAt(u: number): { readonly at: number; readonly upper: number } {
  const bounded = Math.min(LONGEST_SILENCE, Math.max(SHORTEST_SILENCE, u));
  const exact = (FINE * Math.log(bounded / SHORTEST_SILENCE)) / RATE_STEP;
  position.at = Math.floor(exact);
  position.upper = exact - position.at;
  return position;
}

/** How far a level shift spreads a belief, in grid steps to each side (a factor of 5.7). */
const SHIFT_REACH = 5;
/** Tilts both kernels so that they keep the mean rate: w(j) ~ ratio^(-j/2). */
export const tilt = Float64Array.from({ length: RATES }, (_, k) => Math.exp((k * RATE_STEP) / 2));
const untilt = tilt.map((value) => 1 / value);
const SHIFT_TOTAL = Array.from({ length: 2 * SHIFT_REACH + 1 }, (_, j) =>
  Math.exp(((j - SHIFT_REACH) * RATE_STEP) / 2),
).reduce((a, b) => a + b);
const UP = Math.exp(-RATE_STEP / 2);
const DOWN = 1 / UP;
const cumulative = new Float64Array(RATES + 1);

/** What moves of a belief in a step: what stays, what moves to the next rate above and below, what jumps. */
export interface Drift {
  readonly stay: number;
  readonly up: number;
  readonly down: number;
  /** To be multiplied by the tilted mass of a window. */
  readonly jump: number;
}

export function driftOf(sd: number, shift: number): Drift {
  const side = Math.min(0.25, (sd * sd) / (2 * RATE_STEP * RATE_STEP));
  return {
    stay: 1 - side * (UP + DOWN) - shift,
    up: side * UP,
    down: side * DOWN,
    jump: shift / SHIFT_TOTAL,
  };
}

/** What a step adds to the mean of the logarithm of demand, and to its variance. */
export interface DriftMoments {
  readonly mean: number;
  readonly variance: number;
}

/** Measured on a belief in the middle of the grid: the kernel is the same everywhere but at its ends. */
export function driftMoments(step: Drift): DriftMoments {
  const belief = new Float64Array(RATES);
  const middle = RATES / 2;
  belief[middle] = 1;
  drift(belief, step);
  const from = logRates[middle] as number;
  let mean = 0;
  let squared = 0;
  for (let k = 0; k < RATES; k++) {
    const moved = (logRates[k] as number) - from;
    mean += (belief[k] as number) * moved;
    squared += (belief[k] as number) * moved * moved;
  }
  return { mean, variance: squared - mean * mean };
}

/**
 * Slow drift and rare level shifts; the mean stays, the spread grows. Returns what the result summed to before it was
 * divided by `divisor` (by default by that sum itself).
 */
export function drift(belief: Float64Array, { stay, up, down, jump }: Drift, divisor?: number): number {
  let sum = 0;
  for (let k = 0; k < RATES; k++) {
    sum += (belief[k] as number) * (tilt[k] as number);
    cumulative[k + 1] = sum;
  }
  let below = belief[0] as number;
  let total = 0;
  for (let k = 0; k < RATES; k++) {
    const here = belief[k] as number;
    const above = k + 1 < RATES ? (belief[k + 1] as number) : here;
    const from = k > SHIFT_REACH ? k - SHIFT_REACH : 0;
    const to = k + SHIFT_REACH + 1 < RATES ? k + SHIFT_REACH + 1 : RATES;
    const nearby = ((cumulative[to] as number) - (cumulative[from] as number)) * (untilt[k] as number);
    const value = stay * here + up * below + down * above + jump * nearby;
    belief[k] = value;
    total += value;
    below = here;
  }
  const normal = 1 / (divisor ?? total);
  for (let k = 0; k < RATES; k++) belief[k] = (belief[k] as number) * normal;
  return total;
}
