/** What can be wrong with a position's stock although each of its fields is a number in range. */
import type { PlanningPosition } from '../../protocol/index.ts';

/** A mean this far (relatively) below what p0 allows is rounding; further below is a contradiction. */
const MEAN_ROUNDING = 0.02;
const PMF_ROUNDING = 1e-3;

export function stockFault({ pmf, mean, p0 }: PlanningPosition): string | undefined {
  if (pmf) {
    const sum = pmf.reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 1) > PMF_ROUNDING) return `its pmf sums to ${sum.toPrecision(6)}, not to 1`;
    return undefined;
  }
  if (mean === undefined || p0 === undefined) return 'it needs a pmf, or a mean and a p0';
  if (mean < (1 - p0) * (1 - MEAN_ROUNDING) - 1e-6)
    return `a mean of ${mean} contradicts p0 = ${p0}: with probability ${(1 - p0).toPrecision(4)} there is at least one unit`;
  if (p0 >= 1 && mean > 1e-6) return `a mean of ${mean} contradicts p0 = 1`;
  return undefined;
}
