/** What the planner and its thread say to each other. Large answers go over in parts, each asked for. */
import type { Plan, PlanMove, UnmetNeed } from '../../protocol/index.ts';
import type { PackedProblem } from './packed-problem.ts';

export type PlanSource =
  | { readonly kind: 'packed'; readonly packed: PackedProblem }
  /** A path, or `-` for standard input; read by the thread. */
  | { readonly kind: 'file'; readonly file: string };

export interface PlanRequest {
  readonly type: 'plan';
  readonly id: number;
  readonly source: PlanSource;
  /** Undefined: by the size of the problem. */
  readonly timeLimitSeconds: number | undefined;
  readonly gap: number;
  /** One Int32: set to 1 to ask the thread to stop. */
  readonly stop: SharedArrayBuffer;
}

export type PlannerAsks = PlanRequest | { readonly type: 'more'; readonly id: number };

export type PlanHead = Omit<Plan, 'moves' | 'unmet'>;

/** How far a plan is; the value and the bound are those proven so far. */
export type PlanProgress =
  | { readonly stage: 'reading' | 'preparing' | 'explaining' }
  | { readonly stage: 'solving'; readonly objective: number; readonly bound: number };

export type ThreadSays =
  | { readonly type: 'progress'; readonly id: number; readonly progress: PlanProgress }
  | {
      readonly type: 'part';
      readonly id: number;
      readonly moves: readonly PlanMove[];
      readonly unmet: readonly UnmetNeed[];
      /** With the last part. */
      readonly head?: PlanHead;
    }
  | { readonly type: 'failed'; readonly id: number; readonly code: string; readonly message: string };
