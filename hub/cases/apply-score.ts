/** One case after scoring: keep the whole table, choose, ask the policy what may happen, and let it happen. */
import { newId } from '@truecount/protocol';
import { canonical, hashOf } from '@truecount/protocol/signing';
import { carryOut, type Choice } from './act.ts';
import { scoredStates } from './case-machine.ts';
import { type CaseRow, lockCase, moveCase } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import { moneyText } from './money.ts';
import { type DecisionContext, matchDecisions } from './decide-case.ts';
import type { KeptOption } from './scoring/candidate.ts';
import type { FrozenInputs } from './scoring/frozen-inputs.ts';
import { answerTo } from './scoring/answer.ts';

/** A case that was tried this often goes to a person. */
const MAX_ROUNDS = 12;

export interface RoundPolicy {
  readonly hash: string;
  /** Why automation is off for this scope, if it is. */
  readonly breaker?: string | undefined;
}

export async function applyScore(
  work: CaseWork,
  caseId: string,
  score: { readonly frozen: FrozenInputs; readonly policy: RoundPolicy },
  context: DecisionContext,
): Promise<void> {
  const locked = await lockCase(work, caseId);
  if (!locked?.wants_score) return;
  await work.tx.query('UPDATE cases SET wants_score = false WHERE id = $1', [caseId]);
  if (!scoredStates.includes(locked.state)) return;
  const answer = answerTo(score.frozen, { breaker: score.policy.breaker });
  const { inputs, candidates, chosen } = answer;
  const candidate = chosen === undefined ? undefined : candidates[chosen];
  const options = candidates.map((option): KeptOption => ({ ...option, id: newId(work.nowMs) }));
  const round = locked.rounds + 1;
  await keepScore(work, locked, {
    ...score,
    options,
    chosen: chosen === undefined ? undefined : options[chosen],
    round,
  });
  // Somebody may have decided before there was anything to decide about.
  if ((await matchDecisions(work, locked, context)).state !== locked.state) return;
  const detail = { inputs: hashOf(score.frozen), options: hashOf(candidates), round };
  const base = { policyHash: score.policy.hash, rounds: round };
  if (round > MAX_ROUNDS) {
    const text = `${MAX_ROUNDS} answers did not work; somebody has to look`;
    await moveCase(work, locked, {
      event: 'escalate',
      actor: 'hub',
      text,
      detail,
      set: { ...base, tier: 'escalate' },
    });
    return;
  }
  if (!candidate) {
    const text =
      candidates.length === 0
        ? 'watching: there is nothing to do from here'
        : 'watching: nothing pays more than it costs';
    await moveCase(work, locked, {
      event: 'watch',
      actor: 'hub',
      text,
      detail,
      set: { policyHash: score.policy.hash, tier: 'observe' },
    });
    return;
  }
  const actor = `policy ${score.policy.hash.slice(0, 8)}`;
  const because = answer.because.length === 0 ? '' : ` (${answer.because.join('; ')})`;
  const worth = moneyText({ minor: candidate.expectedMinor, currency: locked.currency });
  const said = `${candidate.text}, worth ${worth}${because}`;
  const set = { ...base, tier: answer.tier };
  switch (answer.tier) {
    case 'observe':
      await moveCase(work, locked, {
        event: 'watch',
        actor,
        text: `watching; would: ${said}`,
        detail,
        set: { ...set, rounds: locked.rounds },
      });
      return;
    case 'escalate':
      await moveCase(work, locked, {
        event: 'escalate',
        actor,
        text: `needs somebody higher: ${said}`,
        detail,
        set,
      });
      return;
    case 'recommend':
    case 'automate': {
      const proposed = await moveCase(work, locked, { event: 'propose', actor, text: said, detail, set });
      const others = candidates.filter((other) => other !== candidate);
      const choice: Choice = { inputs, candidate, others, policyHash: score.policy.hash, actor };
      // A transfer always asks its donor; anything else that is only recommended waits for somebody's word.
      if (answer.tier === 'automate' || candidate.option === 'transfer')
        await carryOut(work, proposed, choice);
      return;
    }
  }
  answer.tier satisfies never;
}

async function keepScore(
  work: CaseWork,
  row: CaseRow,
  kept: {
    readonly frozen: FrozenInputs;
    readonly policy: RoundPolicy;
    readonly options: readonly KeptOption[];
    readonly chosen: KeptOption | undefined;
    readonly round: number;
  },
): Promise<void> {
  await work.tx.query(
    `INSERT INTO case_scores (case_id, round, at, policy_hash, inputs, options, chosen)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (case_id, round) DO UPDATE SET at = EXCLUDED.at, policy_hash = EXCLUDED.policy_hash,
       inputs = EXCLUDED.inputs, options = EXCLUDED.options, chosen = EXCLUDED.chosen`,
    [
      row.id,
      kept.round,
      new Date(work.nowMs).toISOString(),
      kept.policy.hash,
      canonical(kept.frozen),
      canonical(kept.options),
      kept.chosen?.id ?? null,
    ],
  );
}
