/** What the agent and its night thread say to each other. */
import type { ChainPrior, ResolvedCase, TaskOutcome } from '../learning/index.ts';

export interface NightRequest {
  /** `learn`, or only fold the ledger with the version in force. */
  readonly job: 'learn' | 'fold';
  readonly folder: string;
  readonly store: string;
  readonly device: string;
  /** Of this software; snapshots carry it. */
  readonly version: string;
  readonly nowMs: number;
  readonly historyDays: number;
  readonly heldOutDays: number;
  readonly maxSkus: number;
  readonly prior?: ChainPrior;
  readonly outcomes: readonly TaskOutcome[];
  readonly cases: readonly ResolvedCase[];
}

export const STOP = 'stop';

export type NightReport =
  | { readonly type: 'progress'; readonly phase: string; readonly share: number; readonly step?: number }
  | { readonly type: 'done' }
  | { readonly type: 'stopped' }
  | { readonly type: 'failed'; readonly message: string };

/** Where the night leaves the belief folded with what is in force from the morning on. */
export const NEXT_SNAPSHOT = 'belief.next.snapshot';
