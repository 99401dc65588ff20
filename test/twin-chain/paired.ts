/** Means with 95 % intervals over seeds (Student's t), and of differences between two policies on the same seeds. */

/** 97.5 % quantiles of Student's t for 1, 2, ... degrees of freedom (NIST/SEMATECH e-Handbook, 1.3.6.7.2). */
const QUANTILES = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179];
const FAR = 1.96;

export interface Interval {
  readonly mean: number;
  readonly low: number;
  readonly high: number;
}

export function intervalOf(values: readonly number[]): Interval {
  const n = values.length;
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, n - 1);
  const half = (n < 2 ? Number.POSITIVE_INFINITY : (QUANTILES[n - 2] ?? FAR)) * Math.sqrt(variance / n);
  return { mean, low: mean - half, high: mean + half };
}

export function differences(of: readonly number[], minus: readonly number[]): number[] {
  return of.map((value, at) => value - (minus[at] ?? 0));
}
