/** How good an option surely is, from how often it worked. Pure. */

/** Acklam's rational approximation of the normal quantile (relative error below 1.2e-9). */
const A = [
  -3.969683028665376e1, 2.209460984245205e2, -2.759285104469687e2, 1.38357751867269e2, -3.066479806614716e1,
  2.506628277459239,
] as const;
const B = [
  -5.447609879822406e1, 1.615858368580409e2, -1.556989798598866e2, 6.680131188771972e1, -1.328068155288572e1,
] as const;
const C = [
  -7.784894002430293e-3, -3.223964580411365e-1, -2.400758277161838, -2.549732539343734, 4.374664141464968,
  2.938163982698783,
] as const;
const D = [7.784695709041462e-3, 3.224671290700398e-1, 2.445134137142996, 3.754408661907416] as const;
const TAIL = 0.02425;

const horner = (coefficients: readonly number[], x: number): number =>
  coefficients.reduce((sum, coefficient) => sum * x + coefficient, 0);

/** z with P(Z <= z) = p for a standard normal Z, 0 < p < 1. */
export function normalQuantile(p: number): number {
  if (p > 1 - TAIL) return -normalQuantile(1 - p);
  if (p < TAIL) {
    const q = Math.sqrt(-2 * Math.log(p));
    return horner(C, q) / horner([...D, 1], q);
  }
  const q = p - 0.5;
  const r = q * q;
  return (horner(A, r) * q) / horner([...B, 1], r);
}

export interface Tally {
  readonly successes: number;
  readonly outcomes: number;
}

/**
 * The rate that is passed with the given one-sided confidence: Wilson's score bound (Wilson 1927), which stays honest
 * for few outcomes and for rates near 1. Without successes it is 0.
 */
export function lowerBound({ successes, outcomes }: Tally, confidence: number): number {
  if (successes === 0) return 0;
  const z = normalQuantile(confidence);
  const rate = successes / outcomes;
  const z2 = (z * z) / outcomes;
  const centre = rate + z2 / 2;
  const margin = z * Math.sqrt((rate * (1 - rate) + z2 / 4) / outcomes);
  return Math.max(0, (centre - margin) / (1 + z2));
}
