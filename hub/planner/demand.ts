/**
 * Demand until the next replenishment as survival probabilities P(D >= j): Poisson, or negative binomial
 * with the same mean (NumPy's convention: size n = dispersion, p = n / (n + mean)).
 */

/** Terms below this cannot change a sum that is worth printing. */
const NEGLIGIBLE = 1e-18;
/** Below this e^x loses digits to underflow. */
const SMALLEST_EXPONENT = -600;

export interface Demand {
  readonly mean: number;
  /** Size of the negative binomial; absent means Poisson. */
  readonly dispersion?: number | undefined;
}

/**
 * P(D >= j) for j = 0 .. upTo. Probabilities come from the ratio recurrence, in logarithms where a large
 * mean would underflow at zero; survivals are summed from the far tail, so that small ones keep their digits.
 */
export function demandSurvival(demand: Demand, upTo: number): Float64Array {
  const { mean, dispersion } = demand;
  const survival = new Float64Array(upTo + 1);
  survival[0] = 1;
  if (mean <= 0) return survival;
  const logAtZero = dispersion === undefined ? -mean : -dispersion * Math.log1p(mean / dispersion);
  const probability = new Float64Array(upTo + 1);
  let below = 0;
  let tail = 0;
  // Plain products while they do not underflow; far-off modes start in logarithms.
  let logP = logAtZero;
  let p = Math.exp(logAtZero);
  for (let k = 0; ; k += 1) {
    if (k > 0 && logAtZero > SMALLEST_EXPONENT) p *= ratio(demand, k);
    else if (k > 0) {
      logP += Math.log(ratio(demand, k));
      p = Math.exp(logP);
    }
    if (k <= upTo) {
      probability[k] = p;
      below += p;
    } else tail += p;
    // Past the mode the terms shrink; a slow (overdispersed) tail is what is left of 1.
    if (k > mean && p < NEGLIGIBLE) break;
    if (k > upTo + 200 || (k > upTo && k < mean)) {
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
