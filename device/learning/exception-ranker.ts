/**
 * Which exceptions the staff of this store act on: learned from tasks that were done and tasks that were
 * dismissed. It orders a list; it never hides an exception.
 */
import { evaluate, freshNetwork, type NetworkWeights, odds, train } from './small-network.ts';
import type { TensorBackend } from './tensor-backend.ts';

export interface ExceptionSigns {
  readonly kind: string;
  readonly confidence: number;
  /** Money at stake, major units. */
  readonly exposure: number;
  readonly ageHours: number;
  /** 0..24, store time. */
  readonly hour: number;
}

export interface TaskOutcome {
  readonly signs: ExceptionSigns;
  readonly acted: boolean;
}

const KIND_SLOTS = 8;
const INPUTS = KIND_SLOTS + 4;

function inputsOf(signs: ExceptionSigns): number[] {
  const slots = Array.from({ length: KIND_SLOTS }, () => 0);
  let hash = 7;
  for (let i = 0; i < signs.kind.length; i++) hash = (hash * 31 + signs.kind.charCodeAt(i)) % 65_521;
  slots[hash % KIND_SLOTS] = 1;
  return [
    ...slots,
    signs.confidence,
    Math.log1p(Math.max(0, signs.exposure)) / 5,
    Math.min(1, signs.ageHours / 48),
    Math.sin((signs.hour / 24) * 2 * Math.PI),
  ];
}

/** Knows nothing yet: everybody is as likely to be acted on. */
export const untrainedRanker = (): NetworkWeights => {
  const fresh = freshNetwork({ inputs: INPUTS, hidden: 8, outputs: 1 });
  return { ...fresh, second: fresh.second.map(() => 0) };
};

/** P(somebody acts on it), for ordering. */
export const likelyActedOn = (network: NetworkWeights, signs: ExceptionSigns): number =>
  odds(evaluate(network, inputsOf(signs))[0] as number);

export async function learnRanking(
  backend: TensorBackend,
  champion: NetworkWeights,
  outcomes: readonly TaskOutcome[],
  version: string,
): Promise<NetworkWeights> {
  if (outcomes.length === 0) return champion;
  const rows = outcomes.map(({ signs, acted }) => ({ inputs: inputsOf(signs), target: [acted ? 1 : 0] }));
  const { network } = await train(backend, champion, rows, { head: 'odds', pull: 0.1 / outcomes.length });
  return { ...network, version };
}
