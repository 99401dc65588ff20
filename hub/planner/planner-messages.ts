/** What the planner and its thread say to each other. */
import type { PackedProblem } from './packed-problem.ts';

export interface PlanRequest {
  readonly id: number;
  readonly packed: PackedProblem;
  readonly timeLimitSeconds: number;
  readonly gap: number;
  /** One Int32: set to 1 to ask the thread to stop. */
  readonly stop: SharedArrayBuffer;
}

export type PlanAnswer =
  | {
      readonly id: number;
      readonly ok: true;
      /** Parallel columns: lane index of the problem, SKU index, units. */
      readonly lane: Int32Array;
      readonly sku: Int32Array;
      readonly units: Int32Array;
      readonly bound: number;
      readonly method: 'exact' | 'decomposed';
    }
  | { readonly id: number; readonly ok: false; readonly code: string; readonly message: string };
