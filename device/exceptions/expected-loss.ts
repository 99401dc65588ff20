/** Money that a shortage costs, from the belief over on-hand and demand. */

/** Share of the price taken as margin where the cost is not known. */
const USUAL_MARGIN = 0.3;
/** Beyond this mean demand a Poisson is narrow enough to be taken at its mean. */
const EXACT_UP_TO = 200;

export function marginMinor(priceMinor: number, costMinor: number | undefined): number {
  return costMinor === undefined ? priceMinor * USUAL_MARGIN : Math.max(0, priceMinor - costMinor);
}

/** E[(D - N)+] for D ~ Poisson(demand) and N with the given distribution: units asked for and not there. */
export function expectedUnmetUnits(pmf: readonly number[], demand: number): number {
  if (demand <= 0) return 0;
  let unmet = 0;
  if (demand > EXACT_UP_TO) {
    for (let n = 0; n < Math.min(pmf.length, demand); n++) unmet += (pmf[n] as number) * (demand - n);
    return unmet;
  }
  // E[(D - n)+] falls by P(D > n) from n to n + 1, so one pass over n suffices.
  let probability = Math.exp(-demand);
  let atMost = probability;
  let beyond = demand;
  for (let n = 0; n < pmf.length && beyond > 1e-9; n++) {
    unmet += (pmf[n] as number) * beyond;
    beyond -= 1 - atMost;
    probability *= demand / (n + 1);
    atMost += probability;
  }
  return unmet;
}
