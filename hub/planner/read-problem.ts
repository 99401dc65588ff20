/** Parses untrusted input into a problem; throws a PlanningError that names the first fault. */
import { parsePlanningProblem, type PlanningProblem } from '../../protocol/index.ts';
import { packAtOnce } from './pack-problem.ts';
import { PlanningError } from './planning-error.ts';

export function readProblem(input: unknown): PlanningProblem {
  const parsed = parsePlanningProblem(input);
  if (!parsed.ok) throw new PlanningError('plan-invalid', `The problem is not valid: ${parsed.problem}.`);
  packAtOnce(parsed.value);
  return parsed.value;
}
