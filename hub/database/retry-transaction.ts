/** Runs a transaction again when PostgreSQL says that only its timing was wrong. */
import { setTimeout as delay } from 'node:timers/promises';
import { sqlStateOf } from './errors.ts';

/** serialization_failure, deadlock_detected (PostgreSQL manual, appendix A). */
const RETRIED = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 8;
const FIRST_PAUSE_MS = 5;

export async function retryTransaction<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      const state = sqlStateOf(error);
      if (state === undefined || !RETRIED.has(state) || tries >= MAX_ATTEMPTS) throw error;
      // Full jitter, so that two transactions that met do not meet again.
      await delay(Math.random() * FIRST_PAUSE_MS * 2 ** tries);
    }
  }
}
