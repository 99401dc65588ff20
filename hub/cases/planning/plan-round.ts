/**
 * One planning round: look (a short transaction), think (no transaction: the solver runs in its own thread), act (one
 * short transaction per case, in which everything is checked again). Between looking and acting the world may move on;
 * what no longer holds is refused by the allocation and planned anew.
 *
 * Orders that are due soon do not wait for the plan of everything: they are planned first, one by one and in
 * milliseconds, and so are those that come while the plan is in the making.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { instant, type Plan, type PlanningProblem } from '@truecount/protocol';
import { canonical, hashOf } from '@truecount/protocol/signing';
import type { Database } from '../../database/index.ts';
import type { Planner } from '../../planner/index.ts';
import { applyScore } from '../apply-score.ts';
import type { RunCaseWork } from '../case-work.ts';
import type { DecisionContext } from '../decide-case.ts';
import { freezeInputs } from '../scoring/frozen-inputs.ts';
import { planOrders } from './plan-orders.ts';
import { problemFrom } from './problem-from-facts.ts';
import { readRound, type RoundScope } from './read-round.ts';
import type { RoundFacts } from './round-facts.ts';

const KEPT_PLANS = 200;
const TIME_LIMIT_SECONDS = 20;
const URGENT_WITHIN_MS = 12 * 3_600_000;
/** How often urgent orders are looked for while everything else is planned, in real time. */
const LOOK_EVERY_MS = 250;

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
  const urgent = await urgentRound(parts, scope);
  const facts = await parts.database.transaction((tx) => readRound(tx, scope));
  if (facts.cases.length === 0) return urgent;
  const problem = problemFrom(facts);
  if (problem.positions.length === 0)
    return urgent + (await score(parts, { facts, problem, plan: nothingPlanned }));
  const options = { timeLimitSeconds: TIME_LIMIT_SECONDS, signal: parts.signal };
  const over = new AbortController();
  const planning = parts.planner.plan(problem, options).finally(() => over.abort());
  const [plan, meanwhile] = await Promise.all([planning, urgentUntil(over.signal, parts, scope)]);
  return urgent + meanwhile + (await score(parts, { facts, problem, plan }));
}

/** Plans and scores what is urgent. */
async function urgentRound(parts: RoundParts, scope: RoundScope): Promise<number> {
  const dueBefore = instant(scope.nowMs + URGENT_WITHIN_MS);
  const facts = await parts.database.transaction((tx) =>
    readRound(tx, { ...scope, ordersDueBefore: dueBefore }),
  );
  if (facts.cases.length === 0) return 0;
  const problem = problemFrom(facts);
  const plan =
    problem.needs.length === 0
      ? nothingPlanned
      : await planOrders(parts.planner, problem, { signal: parts.signal });
  return score(parts, { facts, problem, plan });
}

async function urgentUntil(over: AbortSignal, parts: RoundParts, scope: RoundScope): Promise<number> {
  let scored = 0;
  for (;;) {
    await pause(LOOK_EVERY_MS, undefined, { signal: over }).catch(() => undefined);
    if (over.aborted || parts.signal.aborted) return scored;
    scored += await urgentRound(parts, scope);
  }
}

interface PlannedRound {
  readonly facts: RoundFacts;
  readonly problem: PlanningProblem;
  readonly plan: Plan;
}

async function score(parts: RoundParts, { facts, problem, plan }: PlannedRound): Promise<number> {
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
