/**
 * The planner as the hub sees it: a problem goes in, a plan with its proof comes out, the event loop stays free.
 *
 * Two planning threads, each started on first use: one for whole plans, one for urgent orders, so that an order
 * never waits behind a chain-wide plan. Needs nothing but memory and time; works the same in an outage.
 */
import type { Plan, PlannedUnits, PlanningNeed, PlanningProblem } from '../../protocol/index.ts';
import { packProblem } from './pack-problem.ts';
import type { PlanProgress } from './planner-messages.ts';
import { PlanningThread, type ThreadRequest } from './planning-thread-client.ts';
import { urgentProblem } from './urgent-order.ts';

export interface PlanOptions {
  /** Wall-clock bound for finding the plan; the best one found by then is returned with its gap. Default: by size. */
  readonly timeLimitSeconds?: number;
  /** Proven relative gap at which to stop. Default 0 (exact) where the size allows it. */
  readonly gap?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PlanProgress) => void;
}

export interface Planner {
  /** @throws PlanningError with a code: the problem is inconsistent, planning was aborted, the solver failed */
  plan(problem: PlanningProblem, options?: PlanOptions): Promise<Plan>;
  /** The same for a problem in a file (or `-`, standard input), which is read piece by piece. */
  planFile(file: string, options?: PlanOptions): Promise<Plan>;
  /**
   * The best moves for one order on top of moves that stand, in milliseconds. The plan returned holds only the
   * new moves; its objective is what they add.
   */
  planOrder(
    problem: PlanningProblem,
    order: { readonly need: PlanningNeed; readonly committed: readonly PlannedUnits[] },
    options?: PlanOptions,
  ): Promise<Plan>;
  /** Starts the urgent thread and its solver, so that the first order does not wait for them. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

export function createPlanner(): Planner {
  const whole = new PlanningThread();
  const urgent = new PlanningThread();
  return {
    plan: (problem, options = {}) => planOn(whole, problem, options),
    planFile: (file, options = {}) => whole.run({ kind: 'file', file }, threadRequest(options)),
    planOrder: (problem, { need, committed }, options = {}) =>
      planOn(urgent, urgentProblem(problem, need, committed), { timeLimitSeconds: 5, ...options }),
    async warmUp() {
      await planOn(urgent, tinyProblem, {});
    },
    async close() {
      await Promise.all([whole.close(), urgent.close()]);
    },
  };
}

/** One unit that is wanted next door: enough to load the solver. */
const tinyProblem: PlanningProblem = {
  stores: [{ id: 'a' }, { id: 'b' }],
  lanes: [{ from: 'a', to: 'b', fixed: 1, perUnit: 0, hours: 1 }],
  positions: [{ store: 'a', sku: 'k', pmf: [0, 1], rate: 0, coverDays: 1, reserved: 0, margin: 1 }],
  needs: [{ store: 'b', sku: 'k', qty: 1, value: 2, dueHours: 1 }],
  policy: { alpha: 0.1 },
};

async function planOn(thread: PlanningThread, problem: PlanningProblem, options: PlanOptions): Promise<Plan> {
  const startedAt = performance.now();
  const packed = await packProblem(problem, options.signal);
  const plan = await thread.run({ kind: 'packed', packed }, threadRequest(options));
  return { ...plan, seconds: (performance.now() - startedAt) / 1000 };
}

const threadRequest = ({ timeLimitSeconds, gap = 0, signal, onProgress }: PlanOptions): ThreadRequest => ({
  timeLimitSeconds,
  gap,
  signal,
  onProgress,
});
