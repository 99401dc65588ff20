/** What a schema cannot say about a problem: names that must resolve, keys that must be unique, stock that can be. */
import { parsePlanningProblem, type PlanningPosition, type PlanningProblem } from '../../protocol/index.ts';
import { PlanningError } from './planning-error.ts';

/** A mean this far (relatively) below what p0 allows is rounding; further below is a contradiction. */
const MEAN_ROUNDING = 0.02;
const PMF_ROUNDING = 1e-3;

/** Parses untrusted input into a problem; throws a PlanningError that names the first fault. */
export function readProblem(input: unknown): PlanningProblem {
  const parsed = parsePlanningProblem(input);
  if (!parsed.ok) throw new PlanningError('plan-invalid', `The problem is not valid: ${parsed.problem}.`);
  checkProblem(parsed.value);
  return parsed.value;
}

export function checkProblem(problem: PlanningProblem): void {
  const stores = new Set<string>();
  for (const { id } of problem.stores) {
    if (stores.has(id)) throw new PlanningError('plan-duplicate-store', `Store "${id}" is listed twice.`);
    stores.add(id);
  }
  const known = (id: string, where: () => string): void => {
    if (!stores.has(id))
      throw new PlanningError(
        'plan-unknown-store',
        `${where()} names store "${id}", which is not in stores.`,
      );
  };
  checkLanes(problem, known);
  const seen = new Map<string, Set<string>>();
  for (const [at, position] of problem.positions.entries()) {
    known(position.store, () => `positions.${at}`);
    const skus = seen.get(position.store) ?? new Set<string>();
    if (skus.has(position.sku))
      throw new PlanningError(
        'plan-duplicate-position',
        `positions.${at} repeats SKU "${position.sku}" at store "${position.store}".`,
      );
    seen.set(position.store, skus.add(position.sku));
    const fault = stockFault(position);
    if (fault)
      throw new PlanningError(
        'plan-bad-stock',
        `positions.${at} (${position.sku} at ${position.store}): ${fault}.`,
      );
  }
  for (const [at, need] of problem.needs.entries()) known(need.store, () => `needs.${at}`);
}

function checkLanes(problem: PlanningProblem, known: (id: string, where: () => string) => void): void {
  const seen = new Set<string>();
  for (const [at, { from, to }] of problem.lanes.entries()) {
    known(from, () => `lanes.${at}`);
    known(to, () => `lanes.${at}`);
    if (from === to)
      throw new PlanningError('plan-invalid', `lanes.${at} leads from store "${from}" to itself.`);
    const key = JSON.stringify([from, to]);
    if (seen.has(key))
      throw new PlanningError(
        'plan-duplicate-lane',
        `lanes.${at} repeats the lane from "${from}" to "${to}".`,
      );
    seen.add(key);
  }
}

function stockFault(position: PlanningPosition): string | undefined {
  const { pmf, mean, p0 } = position;
  if (pmf) {
    const sum = pmf.reduce((a, b) => a + b, 0);
    if (Math.abs(sum - 1) > PMF_ROUNDING) return `its pmf sums to ${sum.toPrecision(6)}, not to 1`;
    return undefined;
  }
  if (mean === undefined || p0 === undefined) return 'it needs a pmf, or a mean and a p0';
  if (mean < (1 - p0) * (1 - MEAN_ROUNDING) - 1e-6)
    return `a mean of ${mean} contradicts p0 = ${p0}: with probability ${(1 - p0).toPrecision(4)} there is at least one unit`;
  if (p0 >= 1 && mean > 1e-6) return `a mean of ${mean} contradicts p0 = 1`;
  return undefined;
}
