/** What would be done about a case: its scored options, the one to take, and what the policy allows. Pure. */
import { amountAtRiskMinor, type PolicyBundle, type Tier } from '@truecount/protocol';
import { type Breaker, effectiveTier } from '../../governance/index.ts';
import { moneyText } from '../money.ts';
import type { Candidate } from './candidate.ts';
import { type FrozenInputs, inputsFrom } from './frozen-inputs.ts';
import { scoreCase } from './score-case.ts';
import type { ScoreInputs } from './score-inputs.ts';

export interface Answer {
  readonly inputs: ScoreInputs;
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** Row of the option to take; undefined when doing nothing is at least as good. */
  readonly chosen: number | undefined;
  readonly tier: Tier;
  /** Why the tier is not simply the one that the policy names. */
  readonly because: readonly string[];
}

/** @param options.policy another bundle than the one in force then, to try it on history */
export function answerTo(frozen: FrozenInputs, options: { readonly policy?: PolicyBundle } = {}): Answer {
  const inputs = inputsFrom(options.policy ? { ...frozen, policy: options.policy } : frozen);
  const { candidates, chosen } = scoreCase(inputs);
  const candidate = chosen === undefined ? undefined : candidates[chosen];
  if (!candidate) return { inputs, candidates, chosen: undefined, tier: 'observe', because: [] };
  return { inputs, candidates, chosen, ...tierOf(candidate, inputs, frozen.breaker) };
}

function tierOf(
  candidate: Candidate,
  inputs: ScoreInputs,
  breaker: Breaker | undefined,
): { readonly tier: Tier; readonly because: readonly string[] } {
  const { row } = inputs.entry;
  const { action } = candidate;
  const involved = action.kind === 'move-units' ? [action.move.from, action.move.to] : [];
  const answer = effectiveTier({
    bundle: inputs.policy,
    kind: row.kind,
    option: candidate.option,
    hasUndo: candidate.undo !== undefined,
    staleInputs: inputs.facts.staleStores
      .filter((store) => involved.includes(store))
      .map((store) => `what ${store} believes`),
    breaker,
  });
  if (action.kind !== 'move-units' || answer.tier === 'observe') return answer;
  const money = (minor: number) => ({ minor, currency: row.currency });
  const { qty } = action.move;
  const atRisk = amountAtRiskMinor(
    {
      qty,
      value: money(action.valueMinor),
      cost: money(action.costMinor),
      donorLoss: money(action.donorLossMinor),
    },
    qty,
  );
  const limit = inputs.policy.approvals.managerMaxMinor;
  if (atRisk <= limit) return answer;
  const why = `${moneyText(money(atRisk))} at stake, a manager may approve ${moneyText(money(limit))}`;
  return { tier: 'escalate', because: [...answer.because, why] };
}

/** Whether somebody has to agree before anything happens. A transfer always asks the store that gives. */
export const needsApproval = (answer: Pick<Answer, 'tier'>, candidate: Candidate): boolean =>
  answer.tier === 'recommend' ||
  answer.tier === 'escalate' ||
  (answer.tier === 'automate' && candidate.option === 'transfer');
