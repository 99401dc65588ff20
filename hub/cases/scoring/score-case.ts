/** All answers to a case on one scale, and the one to take. Pure: the same inputs give the same table. */
import type { Candidate } from './candidate.ts';
import { expediteOption, quarantineOption } from './exposure-options.ts';
import { checkFeedOption, claimOption, reconcileOption, retrainOption } from './office-options.ts';
import { delayOption, reassignOptions } from './order-options.ts';
import { splitOption, substituteOptions } from './promise-options.ts';
import { adjustOption, countOption, restockOption } from './record-options.ts';
import type { ScoreInputs } from './score-inputs.ts';
import { pausedPromotion, transferOptions } from './transfer-option.ts';

export interface Scored {
  /** Best first. */
  readonly candidates: readonly Candidate[];
  /** Row of the option to take; undefined when doing nothing is at least as good. */
  readonly chosen: number | undefined;
}

export function scoreCase(inputs: ScoreInputs): Scored {
  const moves = transferOptions(inputs);
  // Below this no manager is asked to read, no van to stop.
  const least = inputs.policy.detection.minExposureMinor;
  const shownOnly = new Set(
    moves
      .filter(({ isPlanned, candidate }) => !isPlanned || candidate.expectedMinor < least)
      .map(({ candidate }) => candidate),
  );
  const candidates = [
    ...moves.map(({ candidate }) => candidate),
    ...moves.map((move) => pausedPromotion(inputs, move)),
    countOption(inputs, moves),
    restockOption(inputs),
    adjustOption(inputs),
    ...reassignOptions(inputs),
    splitOption(inputs),
    ...substituteOptions(inputs),
    delayOption(inputs),
    quarantineOption(inputs),
    expediteOption(inputs),
    claimOption(inputs),
    reconcileOption(inputs),
    checkFeedOption(inputs),
    retrainOption(inputs),
  ]
    .filter((candidate) => candidate !== undefined)
    .sort((a, b) => b.expectedMinor - a.expectedMinor || a.spreadMinor - b.spreadMinor);
  const chosen = candidates.findIndex(
    (candidate) => candidate.expectedMinor > 0 && !shownOnly.has(candidate),
  );
  return { candidates, chosen: chosen < 0 ? undefined : chosen };
}
