/**
 * What leaves the store after a fit, and what the chain makes of it: per parameter an estimate in logs and
 * its information. No observation, SKU or person is in it.
 */
import type { BeliefParameters } from '@truecount/device/belief';
import { type FittedStatistics, type PooledParameter } from '@truecount/protocol';
import type { FitState } from './fit.ts';
import { type ChainPrior, LEARNED, priorFromDefaults } from './learned-parameters.ts';

/** Nothing is told of a parameter that the store's history hardly speaks about. */
const LEAST_INFORMATION = 0.05;

/**
 * What the data alone say: at the fit's end the pull of the prior balances the gradient, so one step without the
 * prior undoes it. Otherwise every store would hand the chain's own prior back as if it were evidence.
 */
export function statisticsOf(state: FitState, version: string): FittedStatistics {
  const { best } = state;
  return {
    version,
    estimates: LEARNED.flatMap((name, j) => {
      const information = best?.information[j * LEARNED.length + j] ?? 0;
      if (best === undefined || information < LEAST_INFORMATION) return [];
      const undone = (best.gradient[j] as number) / information;
      return [{ name, log: (state.logs[j] as number) + Math.max(-2, Math.min(2, undone)), information }];
    }),
  };
}

/** Stores differ at least this much (log units), however alike they look. */
const LEAST_SPREAD = 0.15;

/**
 * The prior of a fit from what the chain has pooled: its mean, drawn towards the defaults as far as it is uncertain,
 * and as wide as stores differ. A parameter that the chain does not know keeps the defaults'.
 */
export function chainPrior(pooled: readonly PooledParameter[], defaults: BeliefParameters): ChainPrior {
  const known = new Map(pooled.map((one) => [one.name, one]));
  return Object.fromEntries(
    Object.entries(priorFromDefaults(defaults)).map(([name, base]) => {
      const one = known.get(name);
      return [name, one === undefined ? base : narrowed(base, one)];
    }),
  );
}

function narrowed(
  base: { readonly median: number; readonly spread: number },
  { log, error, between }: PooledParameter,
): { median: number; spread: number } {
  const precision = 1 / Math.max(1e-6, error + between);
  const prior = 1 / base.spread ** 2;
  const middle = (precision * log + prior * Math.log(base.median)) / (precision + prior);
  const spread = Math.sqrt(between + 1 / (1 / Math.max(1e-6, error) + prior));
  return { median: Math.exp(middle), spread: Math.min(base.spread, Math.max(LEAST_SPREAD, spread)) };
}
