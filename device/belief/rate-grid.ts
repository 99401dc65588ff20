/**
 * Belief over the rate of purchase occasions per trading day, on a fixed geometric grid. A grid instead of
 * one Gamma follows jumps of demand without tuning, and its factors are shared by all SKUs.
 */
export const RATES = 32;
const LOWEST_PER_DAY = 0.004;
export const RATE_STEP = Math.LN2 / 2;

/** Purchases per trading day at each grid point: 0.004 to 185. */
export const rates = Float64Array.from({ length: RATES }, (_, k) => LOWEST_PER_DAY * Math.exp(k * RATE_STEP));

/** A log-normal belief on the grid. */
export function logNormalRates(median: number, spread: number): Float64Array {
  const belief = rates.map((rate) => Math.exp(-0.5 * (Math.log(rate / median) / spread) ** 2));
  let total = 0;
  for (const weight of belief) total += weight;
  return belief.map((weight) => weight / total);
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
/** Below this share of a day no silence is worth a step. */
export const SHORTEST_SILENCE = 1e-5;
const LONGEST_SILENCE = 8;
const SPAN = Math.ceil(Math.log(LONGEST_SILENCE / SHORTEST_SILENCE) / RATE_STEP) + 1;

/**
 * P(no purchase in a share u of a day) for every grid rate. Purchases of a day are negative binomial
 * (size `dispersion`), so one quiet day is never proof. Tabulated over log(rate * u), where the whole grid
 * is one strided read.
 */
export class SilenceTable {
  readonly #table: Float64Array;
  readonly #factors = new Float64Array(RATES);
  #filledFor = Number.NaN;

  constructor(dispersion: number) {
    this.#table = Float64Array.from({ length: FINE * (RATES + SPAN) + 1 }, (_, at) => {
      const expected = LOWEST_PER_DAY * SHORTEST_SILENCE * Math.exp((at / FINE) * RATE_STEP);
      return Math.exp(-dispersion * Math.log1p(expected / dispersion));
    });
  }

  /** The factor of each rate for `u` trading days; valid until the next call, computed once per `u`. */
  factors(u: number): Float64Array {
    const out = this.#factors;
    if (u === this.#filledFor) return out;
    this.#filledFor = u;
    const bounded = Math.min(LONGEST_SILENCE, Math.max(SHORTEST_SILENCE, u));
    const position = (FINE * Math.log(bounded / SHORTEST_SILENCE)) / RATE_STEP;
    let at = Math.floor(position);
    const upper = position - at;
    const lower = 1 - upper;
    const table = this.#table;
    for (let k = 0; k < RATES; k++, at += FINE)
      out[k] = (table[at] as number) * lower + (table[at + 1] as number) * upper;
    return out;
  }
}

/** Derivative of the silence factors with respect to the dispersion, from the factors themselves. */
export function silenceSlopes(u: number, dispersion: number, out: Float64Array): void {
  for (let k = 0; k < RATES; k++) {
    const ratio = ((rates[k] as number) * u) / dispersion;
    const factor = Math.exp(-dispersion * Math.log1p(ratio));
    out[k] = factor * (ratio / (1 + ratio) - Math.log1p(ratio));
  }
}

/** How far a level shift spreads a belief, in grid steps to each side (a factor of 5.7). */
const SHIFT_REACH = 5;
/** Tilts both kernels so that they keep the mean rate: w(j) ~ ratio^(-j/2). */
const tilt = Float64Array.from({ length: RATES }, (_, k) => Math.exp((k * RATE_STEP) / 2));
const untilt = tilt.map((value) => 1 / value);
const SHIFT_TOTAL = Array.from({ length: 2 * SHIFT_REACH + 1 }, (_, j) =>
  Math.exp(((j - SHIFT_REACH) * RATE_STEP) / 2),
).reduce((a, b) => a + b);
const UP = Math.exp(-RATE_STEP / 2);
const DOWN = 1 / UP;
const cumulative = new Float64Array(RATES + 1);

/**
 * One trading day of slow drift and rare level shifts; the mean stays, the spread grows. Returns what the
 * result summed to before it was divided by `divisor` (by default by that sum itself).
 */
export function drift(belief: Float64Array, sd: number, shift: number, divisor?: number): number {
  const side = Math.min(0.25, (sd * sd) / (2 * RATE_STEP * RATE_STEP));
  const stay = 1 - side * (UP + DOWN) - shift;
  const scale = shift / SHIFT_TOTAL;
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
    const value = stay * here + side * (UP * below + DOWN * above) + scale * nearby;
    belief[k] = value;
    total += value;
    below = here;
  }
  const normal = 1 / (divisor ?? total);
  for (let k = 0; k < RATES; k++) belief[k] = (belief[k] as number) * normal;
  return total;
}
