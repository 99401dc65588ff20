/**
 * One planning round: look (a short transaction), think (no transaction: the solver runs in its own thread), act (one
 * short transaction per case, in which everything is checked again). Between looking and acting the world may move on;
 * what no longer holds is refused by the allocation and planned anew.
 */
import { instant, type Plan, type PlanningProblem } from '@truecount/protocol';
import { canonical, hashOf } from '@truecount/protocol/signing';
import type { Database } from '../../database/index.ts';
import type { Planner } from '../../planner/index.ts';
import { applyScore } from '../apply-score.ts';
import type { RunCaseWork } from '../case-work.ts';
import type { DecisionContext } from '../decide-case.ts';
import { freezeInputs } from '../scoring/frozen-inputs.ts';
import { problemFrom } from './problem-from-facts.ts';
import { readRound, type RoundScope } from './read-round.ts';

const KEPT_PLANS = 200;
const TIME_LIMIT_SECONDS = 20;

const nothingPlanned: Plan = {
  moves: [],
  objective: 0,
  bound: 0,
  gap: 0,
  seconds: 0,
  method: 'exact',
  unmet: [],
};

export interface RoundParts {
  readonly database: Database;
  readonly planner: Planner;
  readonly run: RunCaseWork;
  readonly decisions: DecisionContext;
  readonly signal: AbortSignal;
}

/** @returns how many cases were scored */
export async function planRound(parts: RoundParts, scope: RoundScope): Promise<number> {
  const facts = await parts.database.transaction((tx) => readRound(tx, scope));
  if (facts.cases.length === 0) return 0;
  const problem = problemFrom(facts);
  const plan =
    problem.positions.length === 0
      ? nothingPlanned
      : await parts.planner.plan(problem, { timeLimitSeconds: TIME_LIMIT_SECONDS, signal: parts.signal });
  if (problem.positions.length > 0) await keepPlan(parts, { problem, plan, nowMs: facts.nowMs });
  for (const entry of facts.cases) {
    if (parts.signal.aborted) break;
    const policy = facts.policies.get(entry.row.store);
    if (!policy) continue;
    const frozen = freezeInputs(entry, { facts, problem, plan, policy: policy.bundle });
    await parts.run((work) =>
      applyScore(work, entry.row.id, { frozen, policy: { hash: policy.hash } }, parts.decisions),
    );
  }
  return facts.cases.length;
}

async function keepPlan(
  parts: RoundParts,
  kept: { readonly problem: PlanningProblem; readonly plan: Plan; readonly nowMs: number },
): Promise<void> {
  await parts.run(async (work) => {
    await work.tx.query('INSERT INTO plans (at, problem_hash, problem, plan) VALUES ($1, $2, $3, $4)', [
      instant(kept.nowMs),
      hashOf(kept.problem),
      canonical(kept.problem),
      canonical(kept.plan),
    ]);
    await work.tx.query('DELETE FROM plans WHERE id <= (SELECT max(id) FROM plans) - $1', [KEPT_PLANS]);
    work.changed('plan');
  });
}
