/** Cross-store reallocation: which units should move where, what that is worth, and how sure that is. */
export { checkProblem, readProblem } from './check-problem.ts';
export { evaluatePlan, type MoveWorth, type PlanWorth } from './evaluate-plan.ts';
export { createPlanner, type Planner, type PlanOptions } from './planner.ts';
export { PlanningError, type PlanningErrorCode } from './planning-error.ts';
