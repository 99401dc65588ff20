/**
 * What the stores of a chain have in common: per parameter the precision-weighted mean of their estimates and the
 * variance between them (DerSimonian & Laird 1986). Pure.
 */
import type { ParameterEstimate, PooledParameter } from '@truecount/protocol';

/** Fewer stores than this are not a chain, and their mean would give a single store away. */
export const FEWEST_STORES = 3;
/** Estimates from hardly any data are noise, whatever weight they claim. */
const LEAST_INFORMATION = 0.5;
/** No single store outweighs this many times the least that counts: a wrong one stays one of many. */
const MOST_INFORMATION = 400;

export function poolEstimates(
  stores: readonly { readonly estimates: readonly ParameterEstimate[] }[],
): PooledParameter[] {
  const byName = new Map<string, ParameterEstimate[]>();
  for (const { estimates } of stores)
    for (const estimate of estimates)
      if (estimate.information >= LEAST_INFORMATION)
        byName.set(estimate.name, [...(byName.get(estimate.name) ?? []), estimate]);
  return [...byName]
    .filter(([, estimates]) => estimates.length >= FEWEST_STORES)
    .map(([name, estimates]) => ({ name, ...pooled(estimates), stores: estimates.length }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function pooled(estimates: readonly ParameterEstimate[]): Pick<PooledParameter, 'log' | 'error' | 'between'> {
  const weights = estimates.map(({ information }) => Math.min(MOST_INFORMATION, information));
  const fixed = mean(estimates, weights);
  const weight = sum(weights);
  const spread = sum(estimates.map(({ log }, i) => (weights[i] as number) * (log - fixed) ** 2));
  const scale = weight - sum(weights.map((w) => w * w)) / weight;
  const between = Math.max(0, (spread - (estimates.length - 1)) / scale);
  const precisions = weights.map((w) => 1 / (between + 1 / w));
  return { log: mean(estimates, precisions), error: 1 / sum(precisions), between };
}

const sum = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);
const mean = (estimates: readonly ParameterEstimate[], weights: readonly number[]): number =>
  sum(estimates.map(({ log }, i) => (weights[i] as number) * log)) / sum(weights);
