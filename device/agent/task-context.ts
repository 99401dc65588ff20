import type { PolicyBundle } from '@truecount/protocol';

/** What the rules for tasks need to know of the moment. */
export interface TaskContext {
  readonly store: string;
  readonly nowMs: number;
  readonly bundle: PolicyBundle;
}
