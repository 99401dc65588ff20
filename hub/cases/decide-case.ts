/**
 * What an operator decides about a case. The decision is stored first and matched with the case second, so one that
 * comes before the options are scored waits for them, one that comes twice counts once, and one that comes too late
 * says so.
 */
import { type CaseDecisionRequest, type CaseState, instant, type Role } from '@truecount/protocol';
import { carryOut } from './act.ts';
import { type CaseRow, lockCase, moveCase } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import type { KeptOption } from './scoring/candidate.ts';
import { type FrozenInputs, inputsFrom } from './scoring/frozen-inputs.ts';

export interface Operator {
  readonly name: string;
  readonly role: Role;
}

export type DecisionOutcome =
  | { readonly kind: 'done' }
  /** Kept until the case is ready for it. */
  | { readonly kind: 'waiting' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'unknown-case' };

interface DecisionRow {
  readonly id: string;
  readonly case_id: string;
  readonly verdict: CaseDecisionRequest['verdict'];
  readonly option_id: string | null;
  readonly reason: string | null;
  readonly actor: string;
  readonly outcome: string | null;
}

export interface DecisionContext {
  readonly withdraw: (work: CaseWork, row: CaseRow, reason: string) => Promise<void>;
}

const DECIDERS: readonly Role[] = ['ops', 'admin'];

/** What this operator may do with a case now. */
export function allowedVerdicts(state: CaseState, role: Role | undefined): readonly string[] {
  if (role === undefined || !DECIDERS.includes(role)) return [];
  switch (state) {
    case 'open':
    case 'observing':
    case 'proposed':
    case 'escalated':
    case 'declined':
    case 'expired':
    case 'failed':
      return state === 'escalated' ? ['approve', 'decline'] : ['approve', 'decline', 'escalate'];
    case 'awaiting-approval':
      return ['decline', 'escalate'];
    case 'acting':
      return ['escalate'];
    case 'approved':
    case 'resolved':
    case 'undoing':
    case 'undone':
      return [];
  }
  return state satisfies never;
}

export async function decideCase(
  work: CaseWork,
  caseId: string,
  decision: { readonly request: CaseDecisionRequest; readonly operator: Operator },
  context: DecisionContext,
): Promise<DecisionOutcome> {
  const { request, operator } = decision;
  const row = await lockCase(work, caseId);
  if (!row) return { kind: 'unknown-case' };
  const [earlier] = await work.tx.query<DecisionRow>('SELECT * FROM case_decisions WHERE id = $1', [
    request.id,
  ]);
  if (earlier) return outcomeOf(earlier);
  if (!allowedVerdicts(row.state, operator.role).includes(request.verdict))
    return {
      kind: 'refused',
      reason:
        row.state === 'awaiting-approval' && request.verdict === 'approve'
          ? 'the donor’s manager decides about this transfer at their own kiosk'
          : `a case that is ${row.state} cannot be ${request.verdict}d by ${operator.role}`,
    };
  await work.tx.query(
    `INSERT INTO case_decisions (id, case_id, verdict, option_id, reason, actor, at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [
      request.id,
      caseId,
      request.verdict,
      request.optionId ?? null,
      request.reason ?? null,
      `${operator.name} (${operator.role})`,
      instant(work.nowMs),
    ],
  );
  await matchDecisions(work, row, context);
  const [kept] = await work.tx.query<DecisionRow>('SELECT * FROM case_decisions WHERE id = $1', [request.id]);
  return kept ? outcomeOf(kept) : { kind: 'waiting' };
}

const outcomeOf = (row: DecisionRow): DecisionOutcome => {
  if (row.outcome === null) return { kind: 'waiting' };
  return row.outcome === 'done' ? { kind: 'done' } : { kind: 'refused', reason: row.outcome };
};

/** Matches what was decided and waits with a locked case. */
export async function matchDecisions(
  work: CaseWork,
  locked: CaseRow,
  context: DecisionContext,
): Promise<CaseRow> {
  const waiting = await work.tx.query<DecisionRow>(
    'SELECT * FROM case_decisions WHERE case_id = $1 AND outcome IS NULL ORDER BY id FOR UPDATE',
    [locked.id],
  );
  let row = locked;
  for (const decision of waiting) {
    const matched = await match(work, row, decision, context);
    if (matched.outcome === undefined) continue;
    await work.tx.query('UPDATE case_decisions SET outcome = $2 WHERE id = $1', [
      decision.id,
      matched.outcome,
    ]);
    row = matched.row;
  }
  return row;
}

interface Matched {
  readonly row: CaseRow;
  /** `done`, why it could not be done, or undefined while it has to wait. */
  readonly outcome: string | undefined;
}

async function match(
  work: CaseWork,
  row: CaseRow,
  decision: DecisionRow,
  context: DecisionContext,
): Promise<Matched> {
  const { verdict, actor } = decision;
  const why = decision.reason === null ? '' : `: ${decision.reason}`;
  if (verdict === 'approve') return approve(work, row, decision);
  const moved = await moveCase(work, row, {
    event: verdict,
    actor,
    text: verdict === 'decline' ? `${actor} declined${why}` : `${actor} passed it on${why}`,
    ...(verdict === 'escalate' ? { set: { tier: 'escalate' as const } } : {}),
  });
  if (moved === row) return { row, outcome: `the case is ${row.state}` };
  await context.withdraw(work, moved, `${actor} decided otherwise${why}`);
  return { row: moved, outcome: 'done' };
}

async function approve(work: CaseWork, row: CaseRow, decision: DecisionRow): Promise<Matched> {
  const [score] = await work.tx.query<{
    inputs: string;
    options: string;
    chosen: string | null;
    policy_hash: string;
  }>(
    'SELECT inputs, options, chosen, policy_hash FROM case_scores WHERE case_id = $1 ORDER BY round DESC LIMIT 1',
    [row.id],
  );
  if (!score) return { row, outcome: undefined };
  const options = JSON.parse(score.options) as readonly KeptOption[];
  const wanted = decision.option_id ?? score.chosen;
  const option = options.find(({ id }) => id === wanted);
  if (!option)
    return {
      row,
      outcome:
        decision.option_id === null
          ? 'no option was chosen; name one'
          : 'that option is not among the latest scores',
    };
  const inputs = inputsFrom(JSON.parse(score.inputs) as FrozenInputs);
  const ready = await toProposed(work, row, {
    actor: decision.actor,
    text: `${decision.actor} wants: ${option.text}`,
  });
  if (ready.state !== 'proposed' && ready.state !== 'escalated')
    return { row: ready, outcome: `a case that is ${ready.state} cannot be approved` };
  const moved = await carryOut(work, ready, {
    inputs,
    candidate: option,
    others: options.filter((other) => other !== option),
    policyHash: score.policy_hash,
    actor: decision.actor,
    isAutomatic: false,
  });
  return { row: moved, outcome: 'done' };
}

/** Reopened and proposed again, so that the same steps follow as from any proposal. */
async function toProposed(
  work: CaseWork,
  row: CaseRow,
  said: { readonly actor: string; readonly text: string },
): Promise<CaseRow> {
  const open = await moveCase(work, row, { event: 'reopen', ...said });
  return moveCase(work, open, { event: 'propose', ...said });
}
