/**
 * What knowing the true on-hand would be worth. Every value is the planner's own formula (hub/planner), evaluated
 * with the position's belief replaced by certainty of n units.
 */
import type { PlannedUnits, PlanningProblem } from '@truecount/protocol';
import { evaluatePlan } from '../../planner/index.ts';

/** Probabilities below this change no decision. */
const NEGLIGIBLE = 1e-4;

export interface Outcome {
  readonly probability: number;
  readonly units: number;
  /** Net value of the move in major units if exactly `units` are there. */
  readonly net: number;
}

/** The part of a problem that is about one SKU. */
export function problemOfSku(problem: PlanningProblem, sku: string): PlanningProblem {
  return {
    ...problem,
    positions: problem.positions.filter((position) => position.sku === sku),
    needs: problem.needs.filter((need) => need.sku === sku),
  };
}

/** Net value of a move for every on-hand the receiver may have. */
export function outcomesAtReceiver(problem: PlanningProblem, move: PlannedUnits): readonly Outcome[] {
  const receiver = problem.positions.find(({ store, sku }) => store === move.to && sku === move.sku);
  const pmf = receiver?.pmf ?? [1];
  return pmf.flatMap((probability, units) => {
    if (probability < NEGLIGIBLE) return [];
    const certain = Array.from({ length: units + 1 }, (_, n) => (n === units ? 1 : 0));
    const positions = problem.positions.map((position) =>
      position === receiver ? { ...position, pmf: certain } : position,
    );
    return [{ probability, units, net: evaluatePlan({ ...problem, positions }, [move]).objective }];
  });
}

export function meanAndSpread(outcomes: readonly Outcome[]): {
  readonly mean: number;
  readonly spread: number;
} {
  const weight = outcomes.reduce((sum, { probability }) => sum + probability, 0) || 1;
  const mean = outcomes.reduce((sum, { probability, net }) => sum + probability * net, 0) / weight;
  const variance =
    outcomes.reduce((sum, { probability, net }) => sum + probability * (net - mean) ** 2, 0) / weight;
  return { mean, spread: Math.sqrt(variance) };
}

/** Expected value if the truth were known first and the move made only where it pays. */
export function valueWhenKnown(outcomes: readonly Outcome[]): number {
  const weight = outcomes.reduce((sum, { probability }) => sum + probability, 0) || 1;
  return outcomes.reduce((sum, { probability, net }) => sum + probability * Math.max(0, net), 0) / weight;
}

/** E[min(D, n)] for Poisson demand: what n units are expected to sell. */
export function expectedSales(demandMean: number, n: number): number {
  let p = Math.exp(-demandMean);
  let below = 0;
  let sales = 0;
  for (let j = 1; j <= n; j += 1) {
    below += p;
    sales += Math.max(0, 1 - below);
    p *= demandMean / j;
  }
  return sales;
}
