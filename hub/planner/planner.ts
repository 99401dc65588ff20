/**
 * The planner as the hub sees it: a problem goes in, a plan with its proof comes out, the event loop stays free.
 *
 * A planning thread for whole plans; one order is answered at once on the caller's thread (`one-order.ts`), or, where it
 * is too large for that, on a thread of its own, so that it never waits behind a chain-wide plan. Threads start on first
 * use. Needs nothing but memory and time; works the same in an outage.
 */
import type { Plan, PlannedUnits, PlanningNeed, PlanningProblem } from '../../protocol/index.ts';
import { describePlan } from './describe-plan.ts';
import { markets, openLanes } from './market.ts';
import { solveOneOrder } from './one-order.ts';
import { packAtOnce, packProblem } from './pack-problem.ts';
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
   * The best moves for one order on top of moves that stand, in milliseconds and on the caller's thread. The plan returned holds only the
   * new moves; its objective is what they add.
   */
  planOrder(
    problem: PlanningProblem,
    order: { readonly need: PlanningNeed; readonly committed: readonly PlannedUnits[] },
    options?: PlanOptions,
  ): Promise<Plan>;
  /** Starts the urgent thread and its solver and runs what answers one order, so that the first does not wait for it. */
  warmUp(): Promise<void>;
  close(): Promise<void>;
}

export function createPlanner(): Planner {
  const whole = new PlanningThread();
  const urgent = new PlanningThread();
  let isClosed = false;
  return {
    plan: (problem, options = {}) => planOn(whole, problem, options),
    planFile: (file, options = {}) => whole.run({ kind: 'file', file }, threadRequest(options)),
    async planOrder(problem, { need, committed }, options = {}) {
      const alone = urgentProblem(problem, need, committed);
      // At once, on this thread: waking others costs more than the answer.
      const plan = isClosed || options.signal?.aborted ? undefined : planAlone(alone);
      return plan ?? planOn(urgent, alone, { timeLimitSeconds: 5, ...options });
    },
    async warmUp() {
      planAlone(tinyProblem);
      await planOn(urgent, tinyProblem, {});
    },
    async close() {
      isClosed = true;
      await Promise.all([whole.close(), urgent.close()]);
    },
  };
}

function planAlone(problem: PlanningProblem): Plan | undefined {
  const startedAt = performance.now();
  const packed = packAtOnce(problem);
  const lanes = openLanes(packed);
  const solved = solveOneOrder(lanes, [...markets(packed, lanes)]);
  return solved && { ...describePlan(packed, solved), seconds: (performance.now() - startedAt) / 1000 };
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
