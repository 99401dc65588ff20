/** What would be done about a case: its scored options, the one to take, and what the policy allows. Pure. */
import { amountAtRiskMinor, type PolicyBundle, type Tier, moneyText } from '@truecount/protocol';
import { hashOf } from '@truecount/protocol/signing';
import {
  type AutomationRules,
  DEFAULT_AUTOMATION,
  effectiveTier,
  isHeldOut,
  judgeStanding,
  type TierQuestion,
} from '../../governance/index.ts';
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
  /** The policy would have acted alone, and this case was drawn to be left to people. */
  readonly isHeldOut: boolean;
}

/** @param options.policy another bundle than the one in force then, to try it on history */
export function answerTo(frozen: FrozenInputs, options: { readonly policy?: PolicyBundle } = {}): Answer {
  const inputs = inputsFrom(options.policy ? { ...frozen, policy: options.policy } : frozen);
  const { candidates, chosen } = scoreCase(inputs);
  const candidate = chosen === undefined ? undefined : candidates[chosen];
  if (!candidate)
    return { inputs, candidates, chosen: undefined, tier: 'observe', because: [], isHeldOut: false };
  return { inputs, candidates, chosen, ...tierOf(candidate, inputs, frozen) };
}

function tierOf(
  candidate: Candidate,
  inputs: ScoreInputs,
  frozen: FrozenInputs,
): Pick<Answer, 'tier' | 'because' | 'isHeldOut'> {
  const { row } = inputs.entry;
  const { action } = candidate;
  const involved = action.kind === 'move-units' ? [action.move.from, action.move.to] : [];
  const rules = inputs.policy.automation ?? DEFAULT_AUTOMATION;
  const drawn =
    frozen.automation !== undefined &&
    !rules.asks.includes(candidate.option) &&
    isHeldOut(row.id, hashOf(inputs.policy), rules.holdoutShare);
  const question: TierQuestion = {
    bundle: inputs.policy,
    kind: row.kind,
    option: candidate.option,
    hasUndo: candidate.undo !== undefined,
    staleInputs: inputs.facts.staleStores
      .filter((store) => involved.includes(store))
      .map((store) => `what ${store} believes`),
    breaker: frozen.breaker,
    standing: standingOf(candidate, frozen, rules),
  };
  const alone = effectiveTier(question);
  const held = drawn && alone.tier === 'automate';
  const answer = { ...(held ? effectiveTier({ ...question, isHeldOut: true }) : alone), isHeldOut: held };
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
  return { ...answer, tier: 'escalate', because: [...answer.because, why] };
}

/** Undefined for decisions from before outcomes were labelled, so that they replay to the same bytes. */
function standingOf(
  { option }: Candidate,
  { automation }: FrozenInputs,
  rules: AutomationRules,
): TierQuestion['standing'] {
  if (automation === undefined) return undefined;
  const shown = automation.standings.find((standing) => standing.option === option);
  return judgeStanding(
    {
      option,
      successes: shown?.successes ?? 0,
      outcomes: shown?.outcomes ?? 0,
      ...(automation.drift === undefined ? {} : { lostBecause: automation.drift }),
      ...(shown?.lostBecause === undefined ? {} : { lostBecause: shown.lostBecause }),
    },
    rules,
  );
}

/** Whether somebody has to agree before anything happens. A transfer always asks the store that gives. */
export const needsApproval = (answer: Pick<Answer, 'tier'>, candidate: Candidate): boolean =>
  answer.tier === 'recommend' ||
  answer.tier === 'escalate' ||
  (answer.tier === 'automate' && candidate.option === 'transfer');
