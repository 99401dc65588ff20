/**
 * Champion and challenger: a fitted parameter set replaces the one in use only if it predicts weeks that it
 * did not learn from at least as well, what people counted and picked above all.
 */
import type { BeliefParameters } from '@truecount/device/belief';
import type { Observation } from '@truecount/protocol';
import { createBelief } from '@truecount/device/belief';

export interface HeldOutScore {
  /** Mean log probability of what counts and picks found. */
  readonly looks: number;
  readonly looked: number;
  /** Log-likelihood of everything that happened in the held-out days. */
  readonly everything: number;
}

/**
 * Folds the history and scores the observations dated `from` or later. A look is scored by the probability
 * of its outcome "there is at least one" just before it: the question that alerts and promises rest on.
 */
export function scoreHeldOut(
  observations: readonly Observation[],
  from: string,
  parameters: BeliefParameters,
): HeldOutScore {
  const belief = createBelief({ parameters });
  let looks = 0;
  let looked = 0;
  let before: number | undefined;
  for (const observation of observations) {
    if (observation.t >= from) {
      before ??= belief.logLikelihood();
      const found = foundAny(observation);
      if (found !== undefined && 'sku' in observation) {
        belief.advance(observation.t);
        const confidence = belief.probabilityAtLeast(observation.sku, 1);
        looks += Math.log(Math.max(1e-6, found ? confidence : 1 - confidence));
        looked++;
      }
    }
    belief.observe(observation);
  }
  return {
    looks: looked === 0 ? 0 : looks / looked,
    looked,
    everything: belief.logLikelihood() - (before ?? 0),
  };
}

/** What a look says about the presence of stock; undefined if it was no look. */
function foundAny(observation: Observation): boolean | undefined {
  if (observation.type === 'count') return observation.qty >= 1;
  if (observation.type === 'pick' && observation.requested > 0) return observation.found >= 1;
  return undefined;
}

export interface Verdict {
  readonly winner: 'champion' | 'challenger';
  readonly because: string;
}

/** Looks needed before their score decides alone. */
const ENOUGH_LOOKS = 40;
/** Looks may be worse by this much when everything else is clearly better. */
const LOOKS_MARGIN = 0.002;

export function judge(champion: HeldOutScore, challenger: HeldOutScore): Verdict {
  const looks = challenger.looks - champion.looks;
  const everything = challenger.everything - champion.everything;
  const said = `held-out looks ${signed(looks)} nats each (${challenger.looked}), everything ${signed(everything)} nats`;
  if (challenger.looked >= ENOUGH_LOOKS && looks < -LOOKS_MARGIN)
    return { winner: 'champion', because: `${said}: counts and picks were predicted worse` };
  if (everything <= 0) return { winner: 'champion', because: `${said}: no gain` };
  return { winner: 'challenger', because: said };
}

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(4)}`;
