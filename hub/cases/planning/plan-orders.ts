/** A plan for orders alone: each is answered exactly, in the order in which they are due, beside those before it. */
import type { Plan, PlanMove, PlanningProblem, UnmetNeed } from '@truecount/protocol';
import type { Planner } from '../../planner/index.ts';

/** No order waits longer than this for its answer. */
const TIME_LIMIT_SECONDS = 2;

/** @returns the moves for all of the problem's needs; the bound is the sum of each order's own */
export async function planOrders(
  planner: Pick<Planner, 'planOrder'>,
  problem: PlanningProblem,
  { signal }: { readonly signal: AbortSignal },
): Promise<Plan> {
  const moves: PlanMove[] = [];
  const unmet: UnmetNeed[] = [];
  let [objective, bound, seconds] = [0, 0, 0];
  for (const need of problem.needs.toSorted((a, b) => a.dueHours - b.dueHours)) {
    const options = { timeLimitSeconds: TIME_LIMIT_SECONDS, signal };
    const plan = await planner.planOrder(problem, { need, committed: moves }, options);
    moves.push(...plan.moves);
    unmet.push(...plan.unmet);
    objective += plan.objective;
    bound += plan.bound;
    seconds += plan.seconds;
  }
  const gap = objective > 0 ? (bound - objective) / objective : 0;
  return { moves, objective, bound, gap, seconds, method: 'exact', unmet };
}
