/** Cross-store reallocation: which units should move where, what that is worth, and how sure that is. */
export { evaluatePlan } from './evaluate-plan.ts';
export { createPlanner, type Planner } from './planner.ts';
export type { PlanProgress } from './planner-messages.ts';
export { readProblem } from './read-problem.ts';
