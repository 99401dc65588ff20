/** One case after scoring: keep the whole table, choose, ask the policy what may happen, and let it happen. */
import { instant, newId, type OptionKind, moneyText } from '@truecount/protocol';
import { canonical, hashOf } from '@truecount/protocol/signing';
import { type Breaker, DEFAULT_AUTOMATION } from '../governance/index.ts';
import { carryOut, type Choice } from './act.ts';
import { breakerClosed, loseToBreaker } from './automation/standings.ts';
import { scoredStates } from './case-machine.ts';
import { type CaseRow, lockCase, moveCase } from './case-rows.ts';
import type { CaseWork } from './case-work.ts';
import { type DecisionContext, matchDecisions } from './decide-case.ts';
import type { Candidate, KeptOption } from './scoring/candidate.ts';
import type { FrozenInputs } from './scoring/frozen-inputs.ts';
import { type Answer, answerTo } from './scoring/answer.ts';

/** A case that was tried this often goes to a person. */
const MAX_ROUNDS = 12;

export interface RoundPolicy {
  readonly hash: string;
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
  const answer = answerTo(score.frozen);
  const { candidates, chosen } = answer;
  const candidate = chosen === undefined ? undefined : candidates[chosen];
  const options = candidates.map((option): KeptOption => ({ ...option, id: newId(work.nowMs) }));
  const round = locked.rounds + 1;
  await keepScore(work, locked, {
    ...score,
    answer,
    options,
    chosen: chosen === undefined ? undefined : options[chosen],
    round,
  });
  // Somebody may have decided before there was anything to decide about.
  if ((await matchDecisions(work, locked, context)).state !== locked.state) return;
  await noteBreaker(work, locked, {
    breaker: score.frozen.breaker,
    asks:
      candidate && (score.frozen.policy.automation ?? DEFAULT_AUTOMATION).asks.includes(candidate.option)
        ? [candidate.option]
        : [],
  });
  await follow(work, locked, {
    answer,
    candidate,
    policyHash: score.policy.hash,
    round,
    detail: { inputs: hashOf(score.frozen), options: hashOf(candidates), round },
  });
}

interface Scored {
  readonly answer: Answer;
  readonly candidate: Candidate | undefined;
  readonly policyHash: string;
  readonly round: number;
  /** What the audit chain keeps of the inputs and the options. */
  readonly detail: unknown;
}

/** Does what the policy allows with the answer. */
async function follow(work: CaseWork, locked: CaseRow, scored: Scored): Promise<void> {
  const { answer, candidate, policyHash, detail } = scored;
  if (scored.round > MAX_ROUNDS) {
    const text = `${MAX_ROUNDS} answers did not work; somebody has to look`;
    return escalate(work, locked, { ...scored, actor: 'hub', text });
  }
  if (!candidate) {
    const text =
      answer.candidates.length === 0
        ? 'watching: there is nothing to do from here'
        : 'watching: nothing pays more than it costs';
    return watch(work, locked, { ...scored, actor: 'hub', text });
  }
  const actor = `policy ${policyHash.slice(0, 8)}`;
  const because = answer.because.length === 0 ? '' : ` (${answer.because.join('; ')})`;
  const worth = moneyText({ minor: candidate.expectedMinor, currency: locked.currency });
  const said = `${candidate.text}, worth ${worth}${because}`;
  switch (answer.tier) {
    case 'observe':
      return watch(work, locked, { ...scored, actor, text: `watching; would: ${said}` });
    case 'escalate':
      return escalate(work, locked, { ...scored, actor, text: `needs somebody higher: ${said}` });
    case 'recommend':
    case 'automate': {
      const set = { policyHash, rounds: scored.round, tier: answer.tier };
      const proposed = await moveCase(work, locked, { event: 'propose', actor, text: said, detail, set });
      const others = answer.candidates.filter((other) => other !== candidate);
      const isAutomatic = answer.tier === 'automate';
      const choice: Choice = { inputs: answer.inputs, candidate, others, policyHash, actor, isAutomatic };
      // A transfer always asks its donor; anything else that is only recommended waits for somebody's word.
      if (isAutomatic || candidate.option === 'transfer') await carryOut(work, proposed, choice);
      else
        work.tell({
          event: 'case-proposed',
          case: locked.id,
          store: locked.store,
          text: `${locked.headline}: ${said}; an operator decides at the console`,
        });
      return;
    }
  }
  answer.tier satisfies never;
}

type Said = Scored & { readonly actor: string; readonly text: string };

async function watch(
  work: CaseWork,
  locked: CaseRow,
  { actor, text, detail, policyHash }: Said,
): Promise<void> {
  await moveCase(work, locked, { event: 'watch', actor, text, detail, set: { policyHash, tier: 'observe' } });
}

async function escalate(work: CaseWork, locked: CaseRow, said: Said): Promise<void> {
  const { actor, text, detail, policyHash, round } = said;
  const set = { policyHash, rounds: round, tier: 'escalate' as const };
  await moveCase(work, locked, { event: 'escalate', actor, text, detail, set });
}

/** A breaker that trips is said once, and once more when it is closed again. */
async function noteBreaker(
  work: CaseWork,
  row: CaseRow,
  { breaker, asks }: { readonly breaker: Breaker | undefined; readonly asks: readonly OptionKind[] },
): Promise<void> {
  const sku = row.sku ?? '';
  const closed = await work.tx.query<{ kind: string; reason: string }>(
    'DELETE FROM breaker_trips WHERE store = $1 AND sku = $2 AND kind <> $3 RETURNING kind, reason',
    [row.store, sku, breaker?.kind ?? ''],
  );
  const tripped = breaker
    ? await work.tx.query(
        `INSERT INTO breaker_trips (store, sku, kind, reason, tripped_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT DO NOTHING RETURNING kind`,
        [row.store, sku, breaker.kind, breaker.reason, instant(work.nowMs)],
      )
    : [];
  const about = `${row.name ?? row.sku ?? 'everything'} at ${row.store}`;
  const say = (event: 'breaker-tripped' | 'breaker-closed', text: string): void => {
    work.audit({ actor: 'hub', action: event.replace('-', '.'), subject: `case:${row.id}`, text });
    work.tell({ event, store: row.store, text });
  };
  const { kind, store } = row;
  if (breaker) await loseToBreaker(work, { kind, store, asks }, breaker.reason);
  else if (closed.length > 0) await breakerClosed(work, { kind, store });
  if (breaker && tripped.length > 0)
    say('breaker-tripped', `automation is off for ${about}: ${breaker.reason}`);
  for (const { reason } of closed)
    say('breaker-closed', `automation is on again for ${about}: ${reason} no longer`);
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
    readonly answer: Answer;
  },
): Promise<void> {
  await work.tx.query(
    `INSERT INTO case_scores (case_id, round, at, policy_hash, inputs, options, chosen, chosen_option, expected_minor,
       tier, held_out)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
     ON CONFLICT (case_id, round) DO UPDATE SET at = EXCLUDED.at, policy_hash = EXCLUDED.policy_hash,
       inputs = EXCLUDED.inputs, options = EXCLUDED.options, chosen = EXCLUDED.chosen,
       chosen_option = EXCLUDED.chosen_option, expected_minor = EXCLUDED.expected_minor, tier = EXCLUDED.tier,
       held_out = EXCLUDED.held_out`,
    [
      row.id,
      kept.round,
      instant(work.nowMs),
      kept.policy.hash,
      canonical(kept.frozen),
      canonical(kept.options),
      kept.chosen?.id ?? null,
      kept.chosen?.option ?? null,
      kept.chosen?.expectedMinor ?? null,
      kept.answer.tier,
      kept.answer.isHeldOut,
    ],
  );
}
