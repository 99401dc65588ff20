/**
 * The planner as the hub sees it: a problem goes in, a plan with its proof comes out, the event loop stays free.
 *
 * Two planning threads, each started on first use: one for whole plans, one for urgent orders, so that an order
 * never waits behind a chain-wide plan. Needs nothing but memory and time; works the same in an outage.
 */
import type { Plan, PlannedUnits, PlanningNeed, PlanningProblem } from '../../protocol/index.ts';
import { checkProblem } from './check-problem.ts';
import { evaluatePlan } from './evaluate-plan.ts';
import { explainMove } from './explain-moves.ts';
import { explainUnmet } from './explain-unmet.ts';
import { packProblem } from './packed-problem.ts';
import { PlanningThread } from './planning-thread-client.ts';
import { urgentProblem } from './urgent-order.ts';

export interface PlanOptions {
  /** Wall-clock bound for finding the plan; the best one found by then is returned with its gap. Default 60. */
  readonly timeLimitSeconds?: number;
  /** Proven relative gap at which to stop. Default 0 (exact) where the size allows it. */
  readonly gap?: number;
  readonly signal?: AbortSignal;
}

export interface Planner {
  /** @throws PlanningError with a code: the problem is inconsistent, planning was aborted, the solver failed */
  plan(problem: PlanningProblem, options?: PlanOptions): Promise<Plan>;
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
  const { timeLimitSeconds = 60, gap = 0, signal } = options;
  const startedAt = performance.now();
  checkProblem(problem);
  const { packed, names } = await packProblem(problem, signal);
  const answer = await thread.run(packed, { timeLimitSeconds, gap, signal });
  const moves = [...answer.lane].map((lane, row): PlannedUnits => {
    const { from, to } = problem.lanes[lane] ?? { from: '', to: '' };
    return { from, to, sku: names.skus[answer.sku[row] ?? 0] ?? '', qty: answer.units[row] ?? 0 };
  });
  const seconds = (): number => (performance.now() - startedAt) / 1000;
  return describePlan(problem, moves, { bound: answer.bound, method: answer.method, seconds });
}

interface Proof {
  readonly bound: number;
  readonly method: Plan['method'];
  readonly seconds: () => number;
}

/** Prices and explains moves; the objective is recomputed from them, never taken from the solver. */
function describePlan(problem: PlanningProblem, moves: readonly PlannedUnits[], proof: Proof): Plan {
  const worth = evaluatePlan(problem, moves);
  const { objective } = worth;
  // The solver's bound carries its own rounding; an optimum must not end up above it.
  const bound = Math.max(proof.bound, objective);
  return {
    moves: moves.map((move, at) => {
      const part = worth.moves[at] ?? {
        value: 0,
        cost: 0,
        donorLoss: 0,
        confidence: 0,
        stockUnits: 0,
        stockValue: 0,
        served: [],
      };
      const { value, cost, donorLoss, confidence } = part;
      return { ...move, value, cost, donorLoss, confidence, because: explainMove(problem, move, part) };
    }),
    objective,
    bound,
    gap: relativeGap(objective, bound),
    seconds: proof.seconds(),
    method: proof.method,
    unmet: explainUnmet(problem, moves, worth.servedUnits),
  };
}

/** (bound - objective) / objective; 0 when both are 0, 1 when only the objective is. */
export function relativeGap(objective: number, bound: number): number {
  const open = bound - objective;
  if (open <= 1e-9 * Math.max(1, Math.abs(objective))) return 0;
  return objective > 0 ? open / objective : 1;
}
