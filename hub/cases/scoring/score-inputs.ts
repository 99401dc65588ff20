/** What the options of one case are scored from. */
import type { Plan, PlanningProblem, PolicyBundle, PositionDocument } from '@truecount/protocol';
import type { RoundCase, RoundFacts } from '../planning/round-facts.ts';
import type { Candidate } from './candidate.ts';
import type { Outcome } from './stock-values.ts';

export interface ScoreInputs {
  readonly entry: RoundCase;
  readonly facts: RoundFacts;
  readonly policy: PolicyBundle;
  readonly position: PositionDocument | undefined;
  /** The planner's problem and plan, as far as they are about this case's SKU. */
  readonly problem: PlanningProblem;
  readonly plan: Plan;
}

/** A transfer with what it would be worth for every on-hand the receiver may have. */
export interface ScoredMove {
  readonly candidate: Candidate;
  readonly outcomes: readonly Outcome[];
  /** False for a move that the plan gave to somebody who needs the units more: shown, never chosen. */
  readonly isPlanned: boolean;
}

export const storeName = (facts: RoundFacts, id: string): string =>
  facts.network.stores.find((store) => store.id === id)?.name ?? id;

export const labourMinor = (policy: PolicyBundle, minutes: number): number =>
  Math.round((policy.labour.minorPerHour * minutes) / 60);
