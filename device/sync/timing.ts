/** Every time that sync waits, in one place. */
export interface SyncTiming {
  /** A request is asked again after this time without an answer. */
  readonly answerMs: number;
  /** A request is given up after this time; its documents stay and are sent later. */
  readonly deadlineMs: number;
  /** First and longest wait between two tries to connect. */
  readonly firstRetryMs: number;
  readonly maxRetryMs: number;
  /** A cut shorter than this does not pause the replication. */
  readonly graceMs: number;
  /** Looks for changes this often even when no hint came. */
  readonly lookMs: number;
  /** Asks a hub that refused this device again. */
  readonly refusedRetryMs: number;
}

export const defaultTiming: SyncTiming = {
  answerMs: 10_000,
  deadlineMs: 60_000,
  firstRetryMs: 250,
  maxRetryMs: 15_000,
  graceMs: 5000,
  lookMs: 60_000,
  refusedRetryMs: 60_000,
};
