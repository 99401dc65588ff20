/**
 * Champion and challenger: what was learned replaces what is in use only if it predicts weeks that it did not
 * learn from at least as well, what people counted and picked above all.
 */
import type { Observation } from '@truecount/protocol';
import { type Belief, type BeliefOptions, createBelief } from '@truecount/device/belief';
import { Turns } from './turns.ts';

export interface HeldOutScore {
  /** Log probability of what each count and pick found, in order. */
  readonly looks: readonly number[];
  /** Log probability of whether each found anything: what alerts and promises rest on. */
  readonly presence: readonly number[];
  /** Log-likelihood of everything that happened in the held-out days. */
  readonly everything: number;
}

/** What is judged: the rates of error, and what is expected of a new SKU. */
export type Contender = Pick<BeliefOptions, 'parameters' | 'ratePrior'>;

/**
 * Folds the history (in order of `t`) and scores the observations dated `from` or later. A look is scored by the
 * probability that the contender gave to what was found, its own belief in people's errors included.
 */
export async function scoreHeldOut(
  observations: Iterable<Observation>,
  from: string,
  contender: Contender,
  signal?: AbortSignal,
): Promise<HeldOutScore> {
  const belief = createBelief({ ...contender, historyLimit: 1 });
  const looks: number[] = [];
  const presence: number[] = [];
  let before: number | undefined;
  const turns = new Turns(signal);
  for (const observation of observations) {
    if (observation.t >= from) {
      before ??= belief.logLikelihood();
      const look = scoreLook(belief, observation);
      if (look !== undefined) {
        looks.push(look.outcome);
        presence.push(look.presence);
      }
    }
    belief.observe(observation);
    if (turns.isOver) await turns.next();
  }
  return { looks, presence, everything: belief.logLikelihood() - (before ?? 0) };
}

function scoreLook(
  belief: Belief,
  observation: Observation,
): { readonly outcome: number; readonly presence: number } | undefined {
  if (observation.type !== 'count' && observation.type !== 'pick') return undefined;
  belief.advance(observation.t);
  const pmf = belief.position(observation.sku)?.pmf;
  if (pmf === undefined) return undefined;
  const { countError, pickBlind } = belief.parameters;
  const likelihood = (units: number): number =>
    observation.type === 'count'
      ? ofCount(Math.round(observation.qty), units, countError)
      : ofPick(observation, units, pickBlind);
  let probability = 0;
  pmf.forEach((share, units) => (probability += share * likelihood(units)));
  const found = observation.type === 'count' ? observation.qty : observation.found;
  const none = pmf[0] ?? 0;
  return { outcome: logOf(probability), presence: logOf(found >= 1 ? 1 - none : none) };
}

const logOf = (probability: number): number => Math.log(Math.max(1e-6, probability));

/** A count is right, or off by a geometric number of units to either side. */
function ofCount(counted: number, units: number, error: number): number {
  const off = Math.abs(counted - units);
  return off === 0 ? 1 - error : error * 0.35 ** off;
}

/** A picker who finds fewer than were wanted found all there were, or did not see the others. */
function ofPick(
  pick: { readonly requested: number; readonly found: number },
  units: number,
  blind: number,
): number {
  const wanted = Math.max(pick.requested, pick.found);
  if (units < pick.found) return 1e-3;
  if (pick.found >= Math.min(wanted, units)) return 1 - blind;
  return blind / Math.max(1, Math.min(wanted, units));
}

export interface Verdict {
  readonly winner: 'champion' | 'challenger';
  readonly because: string;
}

/** Looks needed before their score can decide. */
const ENOUGH_LOOKS = 40;

/**
 * The challenger wins only if it predicts what people found better by more than chance (one standard error of the
 * paired difference), whether there was anything at all no worse beyond chance, and everything together better. Few
 * looks can speak against it, but not for it: then everything together decides.
 */
export function judge(champion: HeldOutScore, challenger: HeldOutScore): Verdict {
  const count = challenger.looks.length;
  const looks = gainOf(champion.looks, challenger.looks);
  const presence = gainOf(champion.presence, challenger.presence);
  const everything = challenger.everything - champion.everything;
  const said = `${count} held-out looks ${told(looks)} nats, presence ${told(presence)}, everything ${signed(everything)}`;
  const lost = (why: string): Verdict => ({ winner: 'champion', because: `${said}: ${why}` });
  if (looks.sum < -looks.error || presence.sum < -presence.error)
    return lost('counts and picks were predicted worse');
  if (count >= ENOUGH_LOOKS && looks.sum <= looks.error) return lost('no gain beyond chance');
  if (everything <= 0) return lost('no gain');
  return { winner: 'challenger', because: said };
}

interface Gain {
  readonly sum: number;
  /** Standard error of the sum. */
  readonly error: number;
}

function gainOf(champion: readonly number[], challenger: readonly number[]): Gain {
  const differences = challenger.map((score, i) => score - (champion[i] ?? score));
  const sum = differences.reduce((a, b) => a + b, 0);
  const mean = sum / Math.max(1, differences.length);
  return { sum, error: Math.sqrt(differences.reduce((all, d) => all + (d - mean) ** 2, 0)) };
}

const told = ({ sum, error }: Gain): string => `${signed(sum)} (give or take ${error.toFixed(2)})`;
const signed = (value: number): string => `${value >= 0 ? '+' : ''}${value.toFixed(2)}`;
