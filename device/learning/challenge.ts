/**
 * Champion and challenger: a fitted parameter set replaces the one in use only if it predicts weeks that it
 * did not learn from at least as well, what people counted and picked above all.
 */
import type { BeliefParameters } from '@truecount/device/belief';
import type { Observation } from '@truecount/protocol';
import { createBelief } from '@truecount/device/belief';

export interface HeldOutScore {
  /** Log probability of what each count and pick found, in order. */
  readonly looks: readonly number[];
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
  const looks: number[] = [];
  let before: number | undefined;
  for (const observation of observations) {
    if (observation.t >= from) {
      before ??= belief.logLikelihood();
      const found = foundAny(observation);
      if (found !== undefined && 'sku' in observation) {
        belief.advance(observation.t);
        const confidence = belief.probabilityAtLeast(observation.sku, 1);
        looks.push(Math.log(Math.max(1e-6, found ? confidence : 1 - confidence)));
      }
    }
    belief.observe(observation);
  }
  return { looks, everything: belief.logLikelihood() - (before ?? 0) };
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

/** Looks needed before their score can decide. */
const ENOUGH_LOOKS = 40;

/**
 * The challenger wins if it predicts everything better and the looks not worse beyond chance: the paired
 * difference per look against its own standard error.
 */
export function judge(champion: HeldOutScore, challenger: HeldOutScore): Verdict {
  const differences = challenger.looks.map((look, i) => look - (champion.looks[i] ?? look));
  const count = differences.length;
  const mean = count === 0 ? 0 : differences.reduce((a, b) => a + b, 0) / count;
  const variance = differences.reduce((sum, d) => sum + (d - mean) ** 2, 0) / Math.max(1, count - 1);
  const error = Math.sqrt(variance / Math.max(1, count));
  const everything = challenger.everything - champion.everything;
  const said = `held-out looks ${signed(mean)} nats each (${count}, give or take ${error.toFixed(4)}), everything ${signed(everything)} nats`;
  if (count >= ENOUGH_LOOKS && mean < -error)
    return { winner: 'champion', because: `${said}: counts and picks were predicted worse` };
  if (everything <= 0) return { winner: 'champion', because: `${said}: no gain` };
  return { winner: 'challenger', because: said };
}

const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(4)}`;
