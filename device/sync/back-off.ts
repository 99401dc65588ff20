/** How long to wait before the next try. Pure: the random number comes in. */
export interface BackOffLimits {
  readonly firstMs: number;
  readonly maxMs: number;
}

/**
 * Full jitter (Brooker, "Exponential backoff and jitter"): devices that lost the hub at the same moment come back
 * spread over the whole window.
 * @param failures tries that failed in a row, from 1
 * @param random 0 <= random < 1
 */
export function backOffMs(failures: number, limits: BackOffLimits, random: number): number {
  const ceiling = Math.min(limits.maxMs, limits.firstMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(limits.firstMs / 2 + random * ceiling);
}
