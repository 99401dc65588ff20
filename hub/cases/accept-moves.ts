/** Moves of the plan that an operator wants: each is approved as the option of the case that it serves. */
import { type PlanAccepted, type PlanAcceptRequest } from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import type { DecisionOutcome, Operator } from './decide-case.ts';
import type { KeptOption } from './scoring/candidate.ts';

type Move = PlanAccepted['refused'][number];
type Wanted = Omit<Move, 'reason'>;

/** Live cases looked at; more do not fit into one plan. */
const MAX_CASES = 5000;

export interface MoveAcceptance {
  readonly database: Queryable;
  /** What the plan moves and nobody was asked for yet. */
  readonly planned: readonly Wanted[];
  readonly decide: (
    caseId: string,
    decision: {
      readonly request: { readonly id: string; readonly verdict: 'approve'; readonly optionId: string };
      readonly operator: Operator;
    },
  ) => Promise<DecisionOutcome>;
}

/** @returns how many donors were asked, and why others were not */
export async function acceptMoves(
  parts: MoveAcceptance,
  wanted: { readonly request: PlanAcceptRequest; readonly operator: Operator },
): Promise<Omit<PlanAccepted, 'plan'>> {
  const { request, operator } = wanted;
  const offered = await offeredMoves(parts.database);
  const asked: readonly Wanted[] = request.moves ?? parts.planned;
  const refused: Move[] = [];
  let accepted = 0;
  for (const [at, { from, to, sku }] of asked.entries()) {
    const offer = offered.find((move) => move.from === from && move.to === to && move.sku === sku);
    const reason = offer
      ? reasonOf(
          await parts.decide(offer.caseId, {
            request: { id: `${request.id}|${at}`, verdict: 'approve', optionId: offer.optionId },
            operator,
          }),
        )
      : 'no open case offers this move now; plan again';
    if (reason === undefined) accepted += 1;
    else refused.push({ from, to, sku, reason: reason.slice(0, 500) });
  }
  return { accepted, refused };
}

function reasonOf(outcome: DecisionOutcome): string | undefined {
  switch (outcome.kind) {
    case 'done':
    case 'waiting':
      return undefined;
    case 'refused':
      return outcome.reason;
    case 'unknown-case':
      return 'the case is gone';
  }
  return outcome satisfies never;
}

/** Every move that an open case offers as an answer. */
async function offeredMoves(
  database: Queryable,
): Promise<readonly (Wanted & { readonly caseId: string; readonly optionId: string })[]> {
  const rows = await database.query<{ id: string; options: string }>(
    `SELECT c.id, s.options FROM cases c JOIN LATERAL (
       SELECT options FROM case_scores WHERE case_id = c.id ORDER BY round DESC LIMIT 1) AS s ON true
     WHERE NOT c.is_over AND c.state IN ('open', 'observing', 'proposed', 'escalated', 'declined', 'expired', 'failed')
     ORDER BY c.due_at, c.id LIMIT ${MAX_CASES}`,
  );
  return rows.flatMap(({ id, options }) =>
    (JSON.parse(options) as readonly KeptOption[]).flatMap(({ id: optionId, action }) => {
      if (action.kind !== 'move-units' || action.meanwhile !== undefined) return [];
      const { from, to, sku } = action.move;
      return [{ from, to, sku, caseId: id, optionId }];
    }),
  );
}
