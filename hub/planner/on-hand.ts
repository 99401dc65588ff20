/** A position's on-hand as a distribution over the units that are free to sell: F = max(0, N - reserved). */

/** Probability left out at the far end of a fitted distribution. */
const TRIMMED = 1e-14;
const MAX_CELLS = 400_000;

export interface OnHand {
  readonly pmf?: ArrayLike<number> | undefined;
  readonly mean?: number | undefined;
  readonly p0?: number | undefined;
  readonly reserved: number;
}

/** P(F = f) for f = 0 .. */
export function freeStock(onHand: OnHand): Float64Array {
  const pmf = onHand.pmf ?? zeroInflated(onHand.mean ?? 0, onHand.p0 ?? 1);
  const { reserved } = onHand;
  let sum = 0;
  for (let n = 0; n < pmf.length; n += 1) sum += pmf[n] ?? 0;
  // A pmf that was rounded for transport is brought back to one; float noise is left alone.
  const scale = Math.abs(sum - 1) > 1e-9 ? 1 / sum : 1;
  const free = new Float64Array(Math.max(1, pmf.length - reserved));
  for (let n = 0; n < pmf.length; n += 1) {
    const f = Math.max(0, n - reserved);
    free[f] = (free[f] ?? 0) + (pmf[n] ?? 0) * scale;
  }
  return free;
}

/** A point mass p0 at zero and, for the rest, a Poisson conditioned on n >= 1 such that the whole has the mean. */
export function zeroInflated(mean: number, p0: number): Float64Array {
  if (p0 >= 1 || mean <= 0) return Float64Array.of(1);
  const lambda = conditionedPoissonRate(mean / (1 - p0));
  const cells = [p0];
  // P(n | n >= 1) = e^-lambda lambda^n / n! / (1 - e^-lambda); for lambda -> 0 it is a point mass at one.
  let left = 1;
  let logP = lambda > 0 ? Math.log(lambda) - lambda - Math.log(-Math.expm1(-lambda)) : 0;
  const usesLogs = logP < -600;
  let p = Math.exp(logP);
  for (let n = 1; n < MAX_CELLS; n += 1) {
    if (n > 1 && usesLogs) {
      logP += Math.log(lambda / n);
      p = Math.exp(logP);
    } else if (n > 1) p *= lambda / n;
    cells.push((1 - p0) * p);
    left -= p;
    if (n > lambda && (p < 1e-17 || left < TRIMMED)) break;
  }
  return Float64Array.from(cells);
}

/** Solves lambda / (1 - e^-lambda) = mean for mean >= 1; convex and increasing, so Newton from the right is safe. */
function conditionedPoissonRate(mean: number): number {
  if (mean <= 1 + 1e-12) return 0;
  let lambda = mean;
  for (let i = 0; i < 100; i += 1) {
    const alive = -Math.expm1(-lambda);
    const excess = lambda / alive - mean;
    const slope = (alive - lambda * Math.exp(-lambda)) / (alive * alive);
    const step = excess / slope;
    lambda -= step;
    if (Math.abs(step) <= 1e-14 * lambda) break;
  }
  return Math.max(0, lambda);
}

/** Largest q with P(F >= q) >= 1 - alpha, never beyond what can exist. */
export function sureUnits(free: ArrayLike<number>, alpha: number): number {
  // Sums of decimal probabilities must not decide by their last binary digit.
  const accepted = alpha + 1e-9;
  let below = 0;
  let most = 0;
  for (let f = 0; f < free.length; f += 1) {
    if ((free[f] ?? 0) > 0) most = f;
  }
  for (let q = 0; q < most; q += 1) {
    below += free[q] ?? 0;
    if (below > accepted) return q;
  }
  return most;
}

/** P(F >= q). */
export function confidenceOf(free: ArrayLike<number>, q: number): number {
  let below = 0;
  for (let f = 0; f < Math.min(q, free.length); f += 1) below += free[f] ?? 0;
  return q >= free.length ? 0 : Math.min(1, Math.max(0, 1 - below));
}
