/** How many wrong PINs are too many. Pure: the clock comes in. */
export interface AttemptState {
  readonly wrong: number;
  readonly lockedUntilMs: number;
}

export const noAttempts: AttemptState = { wrong: 0, lockedUntilMs: 0 };

const FREE_ATTEMPTS = 5;
const FIRST_LOCK_MS = 60_000;
const LONGEST_LOCK_MS = 3_600_000;

export const isLocked = (state: AttemptState, nowMs: number): boolean => nowMs < state.lockedUntilMs;

/** The fifth wrong PIN locks for a minute, each further one for twice as long, up to an hour. */
export function afterWrong(state: AttemptState, nowMs: number): AttemptState {
  const wrong = state.wrong + 1;
  if (wrong < FREE_ATTEMPTS) return { wrong, lockedUntilMs: 0 };
  const lockMs = Math.min(LONGEST_LOCK_MS, FIRST_LOCK_MS * 2 ** (wrong - FREE_ATTEMPTS));
  return { wrong, lockedUntilMs: nowMs + lockMs };
}
