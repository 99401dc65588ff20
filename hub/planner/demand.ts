/**
 * Demand until the next replenishment as survival probabilities P(D >= j): Poisson, or negative binomial
 * with the same mean (NumPy's convention: size n = dispersion, p = n / (n + mean)).
 */

/** Terms below this cannot change a sum that is worth printing. */
const NEGLIGIBLE = 1e-18;

export interface Demand {
  readonly mean: number;
  /** Size of the negative binomial; absent means Poisson. */
  readonly dispersion?: number | undefined;
}

/**
 * P(D >= j) for j = 0 .. upTo. Probabilities come from the ratio recurrence in logarithms, so that a large
 * mean does not underflow at zero; survivals are summed from the far tail, so that small ones keep their digits.
 */
export function demandSurvival(demand: Demand, upTo: number): Float64Array {
  const { mean, dispersion } = demand;
  const survival = new Float64Array(upTo + 1);
  survival[0] = 1;
  if (mean <= 0) return survival;
  let logP = dispersion === undefined ? -mean : -dispersion * Math.log1p(mean / dispersion);
  const probability = new Float64Array(upTo + 1);
  let below = 0;
  let tail = 0;
  for (let k = 0; ; k += 1) {
    if (k > 0) logP += Math.log(ratio(demand, k));
    const p = Math.exp(logP);
    if (k <= upTo) probability[k] = p;
    else tail += p;
    if (k <= upTo) below += p;
    // Past the mode the terms shrink; a slow (overdispersed) tail is what is left of 1.
    if (k > mean && p < NEGLIGIBLE) break;
    if (k > upTo + 200) {
      tail = Math.max(tail, 1 - below);
      break;
    }
  }
  let sum = tail;
  for (let j = upTo; j >= 1; j -= 1) {
    sum += probability[j] ?? 0;
    survival[j] = Math.min(1, sum);
  }
  return survival;
}

/** P(D = k) / P(D = k - 1). */
function ratio(demand: Demand, k: number): number {
  const { mean, dispersion } = demand;
  if (dispersion === undefined) return mean / k;
  return (((k - 1 + dispersion) / k) * mean) / (dispersion + mean);
}
