/** What the hub may do by itself with an option: the policy's tier, lowered by whatever speaks against it. Pure. */
import {
  type ExceptionKind,
  type OptionKind,
  type PolicyBundle,
  type Tier,
  tierFor,
} from '@truecount/protocol';
import type { StandingVerdict } from './automation.ts';
import type { Breaker } from './breakers.ts';

export interface TierQuestion {
  readonly bundle: PolicyBundle;
  readonly kind: ExceptionKind;
  readonly option: OptionKind;
  /** False for what cannot be taken back: such actions are never automatic. */
  readonly hasUndo: boolean;
  /** Names of inputs older than the policy allows. */
  readonly staleInputs: readonly string[];
  /** Why automation is switched off for this scope, if it is. */
  readonly breaker?: Breaker | undefined;
  /** What the option has shown here; absent for decisions that were taken before outcomes were labelled. */
  readonly standing?: StandingVerdict | undefined;
  /** The case is one of those left to people, so that the effect of automation can be measured. */
  readonly isHeldOut?: boolean;
}

export interface TierAnswer {
  readonly tier: Tier;
  /** Why it is not what the policy names; empty when it is. */
  readonly because: readonly string[];
}

const ONE_LOWER: Readonly<Record<Tier, Tier>> = {
  automate: 'recommend',
  recommend: 'observe',
  observe: 'observe',
  escalate: 'escalate',
};

export function effectiveTier(question: TierQuestion): TierAnswer {
  const because: string[] = [];
  let tier = tierFor(question.bundle, question.kind, question.option);
  if (question.staleInputs.length > 0) {
    tier = ONE_LOWER[tier];
    because.push(`one tier lower: ${question.staleInputs.join(', ')} older than allowed`);
  }
  if (tier === 'automate' && !question.hasUndo) {
    tier = 'recommend';
    because.push('never automatic: it cannot be undone');
  }
  if (tier === 'automate' && question.breaker !== undefined) {
    tier = 'recommend';
    because.push(`automation is off here: ${question.breaker.reason}`);
  }
  if (tier === 'automate' && question.standing?.isEarned === false) {
    tier = 'recommend';
    because.push(question.standing.reason);
  }
  if (tier === 'automate' && question.isHeldOut === true) {
    tier = 'recommend';
    because.push('left to people, to measure what automation is worth');
  }
  if (tier === 'recommend' && question.option === 'transfer' && question.breaker?.kind === 'circle') {
    tier = 'escalate';
    because.push(`managers are not asked again: ${question.breaker.reason}`);
  }
  return { tier, because };
}
