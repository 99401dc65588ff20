/** Waiting times between attempts: doubling from a quarter of a second to half a minute. */
const FIRST_MS = 250;
const LONGEST_MS = 30_000;

/** @param attempt 0 for the wait after the first failure */
export const backoffMs = (attempt: number): number =>
  Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 16));
