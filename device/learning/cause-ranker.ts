/**
 * Why a record is wrong, ranked. Starts from what experience says about each sign; every case that people
 * resolve moves it towards this store's own mix of causes.
 */
import { type StockCause, stockCauses } from '@truecount/protocol';
import type { StockSigns } from '../belief/index.ts';
import { evaluate, type NetworkWeights, shares, train } from './small-network.ts';
import type { TensorBackend } from './tensor-backend.ts';

const SIGNS = [
  'hidden',
  'silentSinceReceipt',
  'categorySilent',
  'storeSilent',
  'beyondRecord',
  'siblingMirrors',
  'price',
  'perishable',
  'sudden',
] as const satisfies readonly (keyof StockSigns)[];

/** Log odds of each cause per unit of each sign, before any case was resolved here. */
const EXPERIENCE: Readonly<Record<StockCause, readonly [base: number, weights: Partial<StockSigns>]>> = {
  theft: [0.5, { price: 0.8, sudden: 1.5, hidden: -1, beyondRecord: -4 }],
  misplaced: [0.2, { sudden: 1, price: -0.2, beyondRecord: -2 }],
  'short-delivery': [-0.6, { silentSinceReceipt: 2.5, beyondRecord: -3 }],
  'unbooked-delivery': [-2, { beyondRecord: 4 }],
  'mis-scan': [-0.8, { beyondRecord: 1.5, siblingMirrors: 3 }],
  'shelf-not-filled': [-0.8, { hidden: 4 }],
  'feed-silent': [-2.5, { categorySilent: 2, storeSilent: 5 }],
  'unbooked-waste': [-1, { perishable: 2.5, beyondRecord: -3 }],
};

const inputsOf = (signs: StockSigns): number[] => SIGNS.map((sign) => signs[sign]);

/** The signs that an exception kept; undefined when it was made by a version with other ones. */
export function stockSignsIn(kept: Readonly<Record<string, number>>): StockSigns | undefined {
  const values = SIGNS.map((sign) => kept[sign]);
  if (values.some((value) => value === undefined || !Number.isFinite(value))) return undefined;
  return Object.fromEntries(SIGNS.map((sign, i) => [sign, values[i]])) as unknown as StockSigns;
}

/** The experience above as a network: tanh is nearly linear for small inputs, so each sign has its own unit. */
export function experiencedRanker(): NetworkWeights {
  const gain = 0.2;
  const inputs = SIGNS.length;
  const first = Array.from({ length: inputs * inputs }, (_, at) =>
    Math.floor(at / inputs) === at % inputs ? gain : 0,
  );
  const second = SIGNS.flatMap((sign) =>
    stockCauses.map((cause) => (EXPERIENCE[cause][1][sign] ?? 0) / gain),
  );
  return {
    version: 'experience-1',
    inputs,
    hidden: inputs,
    outputs: stockCauses.length,
    first,
    firstBias: SIGNS.map(() => 0),
    second,
    secondBias: stockCauses.map((cause) => EXPERIENCE[cause][0]),
  };
}

export interface RankedCause {
  readonly cause: StockCause;
  readonly probability: number;
}

export function rankCauses(network: NetworkWeights, signs: StockSigns): RankedCause[] {
  const probabilities = shares(evaluate(network, inputsOf(signs)));
  return stockCauses
    .map((cause, i) => ({ cause, probability: probabilities[i] as number }))
    .sort((a, b) => b.probability - a.probability);
}

export interface ResolvedCase {
  readonly signs: StockSigns;
  readonly cause: StockCause;
}

/** Few cases move it little: the pull to what it was weighs as much as about a dozen cases. */
export async function learnCauses(
  backend: TensorBackend,
  champion: NetworkWeights,
  cases: readonly ResolvedCase[],
  version: string,
): Promise<NetworkWeights> {
  if (cases.length === 0) return champion;
  const rows = cases.map(({ signs, cause }) => ({
    inputs: inputsOf(signs),
    target: stockCauses.map((one) => (one === cause ? 1 : 0)),
  }));
  const { network } = await train(backend, champion, rows, { head: 'shares', pull: 0.12 / cases.length });
  return { ...network, version };
}
