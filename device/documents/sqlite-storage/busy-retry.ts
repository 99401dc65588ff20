import { setTimeout } from 'node:timers/promises';
import { isBusy, storageError } from './errors.ts';

const longestPauseMs = 40;

/**
 * Runs `attempt` until SQLite is not busy with another process, for at most `timeoutMs`. SQLite's own busy handler
 * sleeps inside the call and would block the event loop, so connections are opened with a timeout of zero.
 */
export async function retryWhileBusy<Result>(
  what: string,
  timeoutMs: number,
  attempt: () => Result,
): Promise<Awaited<Result>> {
  const startedAtMs = performance.now();
  for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (performance.now() - startedAtMs >= timeoutMs) {
        throw storageError(
          'STORAGE_BUSY',
          `${what}: another process kept the database locked for ${timeoutMs} ms. Look for a process that holds a long write transaction, or raise busyTimeoutMs.`,
          { cause: error },
        );
      }
      // Jitter keeps several waiting processes from meeting again at the same moment.
      await setTimeout(pauseMs * (0.5 + Math.random()));
    }
  }
}
