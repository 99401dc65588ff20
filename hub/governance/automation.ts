/**
 * Automation is earned, per exception kind, option and store: what people agreed to and how it ended are labels, and
 * the policy's `automate` takes hold only while the success rate surely passes the target. It is lost at once, and
 * then earned anew from nothing. A share of the cases is always left to people, so that its effect can be measured.
 * Pure.
 */
import type { OptionKind, PolicyBundle } from '@truecount/protocol';
import { sha256Hex } from '@truecount/protocol/signing';
import { lowerBound, type Tally } from './success-bound.ts';

export type AutomationRules = NonNullable<PolicyBundle['automation']>;

/** For bundles that name none. */
export const DEFAULT_AUTOMATION: AutomationRules = {
  targetRate: 0.85,
  confidence: 0.95,
  windowDays: 90,
  minOutcomes: 20,
  holdoutShare: 0.1,
  asks: ['count', 'restock'],
};

/** What is known about one option of a kind at a store: its labels since it was last lost, within the window. */
export interface Standing extends Tally {
  readonly option: OptionKind;
  /** Why it is lost for now, whatever the labels say. */
  readonly lostBecause?: string;
}

export interface StandingVerdict {
  readonly isEarned: boolean;
  /** 0 for what does not have to be earned. */
  readonly lowerBound: number;
  readonly reason: string;
}

const percent = (share: number): string => `${(share * 100).toFixed(0)} %`;

export function judgeStanding(standing: Standing, rules: AutomationRules): StandingVerdict {
  const bound = lowerBound(standing, rules.confidence);
  const verdict = (isEarned: boolean, reason: string): StandingVerdict => ({
    isEarned,
    lowerBound: bound,
    reason,
  });
  if (standing.lostBecause !== undefined) return verdict(false, standing.lostBecause);
  if (rules.asks.includes(standing.option))
    return verdict(true, 'asking somebody to look does not have to be earned');
  const { successes, outcomes } = standing;
  if (outcomes < rules.minOutcomes)
    return verdict(false, `not earned yet: ${outcomes} of ${rules.minOutcomes} outcomes are known`);
  const surely = `${successes} of ${outcomes} worked, so surely ${percent(bound)}`;
  return bound >= rules.targetRate
    ? verdict(true, `earned: ${surely}; ${percent(rules.targetRate)} is asked`)
    : verdict(false, `not earned: ${surely}; ${percent(rules.targetRate)} is asked`);
}

/** Hex digits of the hash that are read as a number: 48 bits, exact in a double. */
const DIGITS = 12;

/**
 * Whether a case belongs to the share that is left to people. The same case under the same policy always gets the same
 * answer, nobody can choose it, and another policy draws another share.
 */
export function isHeldOut(caseId: string, policyHash: string, share: number): boolean {
  const drawn = Number.parseInt(sha256Hex(`${policyHash}|${caseId}`).slice(0, DIGITS), 16) / 16 ** DIGITS;
  return drawn < share;
}
