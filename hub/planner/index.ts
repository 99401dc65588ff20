/** Cross-store reallocation: which units should move where, what that is worth, and how sure that is. */
export { readProblem } from './check-problem.ts';
export { evaluatePlan } from './evaluate-plan.ts';
export { createPlanner, type Planner } from './planner.ts';
export { PlanningError } from './planning-error.ts';
