/** Computes a past decision again from its kept inputs: the same table byte for byte, or what is missing or differs. */
import type { ReplayVerdict } from '@truecount/protocol';
import { canonical } from '@truecount/protocol/signing';
import type { Queryable } from '../database/index.ts';
import { answerTo } from './scoring/answer.ts';
import type { KeptOption } from './scoring/candidate.ts';
import type { FrozenInputs } from './scoring/frozen-inputs.ts';

export async function replayDecisions(
  database: Queryable,
  caseId: string,
): Promise<ReplayVerdict | undefined> {
  const [known] = await database.query('SELECT 1 FROM cases WHERE id = $1', [caseId]);
  if (!known) return undefined;
  const scores = await database.query<{
    round: number;
    inputs: string;
    options: string;
    chosen: string | null;
  }>('SELECT round, inputs, options, chosen FROM case_scores WHERE case_id = $1 ORDER BY round', [caseId]);
  for (const score of scores) {
    const problem = replayProblem(score);
    if (problem !== undefined)
      return { rounds: scores.length, same: false, problem: `round ${score.round}: ${problem}` };
  }
  if (scores.length === 0) return { rounds: 0, same: false, problem: 'the inputs of this case are gone' };
  return { rounds: scores.length, same: true };
}

function replayProblem(score: {
  readonly inputs: string;
  readonly options: string;
  readonly chosen: string | null;
}): string | undefined {
  let frozen: FrozenInputs;
  let kept: readonly KeptOption[];
  try {
    frozen = JSON.parse(score.inputs) as FrozenInputs;
    kept = JSON.parse(score.options) as readonly KeptOption[];
  } catch {
    return 'its inputs cannot be read';
  }
  for (const input of ['entry', 'policy', 'positions', 'problem', 'moves'] as const)
    if (frozen[input] === undefined) return `the input "${input}" is gone`;
  const again = answerTo(frozen);
  const named = again.candidates.map((option, at) => ({ ...option, id: kept[at]?.id ?? '' }));
  if (canonical(named) !== canonical(kept)) return 'the options come out differently';
  const chosen = again.chosen === undefined ? null : (kept[again.chosen]?.id ?? null);
  return chosen === score.chosen ? undefined : 'another option would be chosen';
}
