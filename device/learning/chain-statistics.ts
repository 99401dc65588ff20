/**
 * What leaves the store after a fit, and what the chain makes of it: per parameter an estimate in logs and
 * its information. No observation, SKU or person is in it.
 */
import type { BeliefParameters } from '@truecount/device/belief';
import { Type, type Static } from 'typebox';
import type { FitState } from './fit.ts';
import { type ChainPrior, LEARNED, priorFromDefaults } from './learned-parameters.ts';

export const StoreStatistics = Type.Object({
  version: Type.String({ maxLength: 80 }),
  estimates: Type.Array(
    Type.Object({
      name: Type.String({ maxLength: 40 }),
      log: Type.Number(),
      information: Type.Number({ minimum: 0 }),
    }),
    { maxItems: 64 },
  ),
});
export type StoreStatistics = Static<typeof StoreStatistics>;

/** Nothing is told of a parameter that the store's history hardly speaks about. */
const LEAST_INFORMATION = 0.05;

/**
 * What the data alone say: at the fit's end the pull of the prior balances the gradient, so one step without the
 * prior undoes it. Otherwise every store would hand the chain's own prior back as if it were evidence.
 */
export function statisticsOf(state: FitState, version: string): StoreStatistics {
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

/** Stores differ at least this much (log units), however alike the first few look. */
const LEAST_SPREAD = 0.15;

/**
 * The chain's prior from its stores' statistics: precision-weighted mean and the spread between stores
 * (DerSimonian & Laird 1986). With few stores it stays near the defaults.
 */
export function chainPrior(stores: readonly StoreStatistics[], defaults: BeliefParameters): ChainPrior {
  const fallback = priorFromDefaults(defaults);
  return Object.fromEntries(
    LEARNED.map((name) => {
      const base = fallback[name] as { median: number; spread: number };
      const estimates = stores
        .map((store) => store.estimates.find((estimate) => estimate.name === name))
        .filter((estimate) => estimate !== undefined && estimate.information > 0.5) as {
        log: number;
        information: number;
      }[];
      return [name, pooled(estimates, base)];
    }),
  );
}

function pooled(
  estimates: readonly { readonly log: number; readonly information: number }[],
  base: { readonly median: number; readonly spread: number },
): { median: number; spread: number } {
  const weight = estimates.reduce((sum, e) => sum + e.information, 0);
  if (estimates.length < 2 || weight <= 0) return base;
  const fixed = estimates.reduce((sum, e) => sum + e.information * e.log, 0) / weight;
  const heterogeneity = estimates.reduce((sum, e) => sum + e.information * (e.log - fixed) ** 2, 0);
  const squares = estimates.reduce((sum, e) => sum + e.information ** 2, 0);
  const between = Math.max(0, (heterogeneity - (estimates.length - 1)) / (weight - squares / weight));
  const precisions = estimates.map((e) => 1 / (between + 1 / e.information));
  const prior = 1 / base.spread ** 2;
  const total = precisions.reduce((a, b) => a + b, prior);
  const mean =
    estimates.reduce((sum, e, i) => sum + (precisions[i] as number) * e.log, prior * Math.log(base.median)) /
    total;
  const spread = Math.sqrt(between + 1 / total);
  return { median: Math.exp(mean), spread: Math.min(base.spread, Math.max(LEAST_SPREAD, spread)) };
}
