/**
 * When to start something again that died: at once the first time, then with growing pauses, never giving up
 * (a kiosk that shows nothing helps nobody) and never spinning. Pure: the past comes in, the pause comes out.
 */
export interface RestartPolicy {
  readonly firstDelayMs: number;
  readonly maxDelayMs: number;
  /** A death that lies further back than this is forgiven. */
  readonly windowMs: number;
}

/** A crashed window is back within a second. */
export const windowRestarts: RestartPolicy = { firstDelayMs: 100, maxDelayMs: 15_000, windowMs: 60_000 };
export const agentRestarts: RestartPolicy = { firstDelayMs: 250, maxDelayMs: 30_000, windowMs: 120_000 };

/** @param deathsMs when it died, oldest first, the present death included */
export function restartDelayMs(policy: RestartPolicy, deathsMs: readonly number[], nowMs: number): number {
  const recent = deathsMs.filter((at) => nowMs - at < policy.windowMs).length;
  return Math.min(policy.maxDelayMs, policy.firstDelayMs * 2 ** Math.max(0, recent - 1));
}
