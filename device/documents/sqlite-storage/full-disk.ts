import { setTimeout } from 'node:timers/promises';
import { isFull } from './errors.ts';

const firstPauseMs = 50;
const longestPauseMs = 2_000;

/**
 * Runs `attempt` again for as long as the disk is full, until `signal` says that the file is closing. RxDB has no answer
 * to a storage that fails: a queue of writes that was refused once stays blocked, and a replication ends the process. So a
 * full disk makes writes late, and everything goes on once there is room.
 */
export async function retryWhileFull<Result>(
  attempt: () => Promise<Result>,
  signal: AbortSignal,
): Promise<Result> {
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      return await attempt();
    } catch (error) {
      if (!isFull(error) || signal.aborted) throw error;
      await setTimeout(pauseMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
