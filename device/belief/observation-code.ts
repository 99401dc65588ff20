/** Observations as numbers: what the hot path and the bounded history hold instead of objects. */
import type { Observation } from '@truecount/protocol';
import { groupOfCategory } from './sku-kind.ts';

/** In the order in which observations of the same instant are folded, whatever order they came in. */
export const CODES = [
  'open',
  'catalog',
  'record',
  'receipt',
  'transfer',
  'return',
  'sale',
  'pick',
  'waste',
  'seen',
  'shelf',
  'count',
  'close',
  'checkpoint',
] as const satisfies readonly Observation['type'][];
export type CodedType = (typeof CODES)[number];
export const codeOf = Object.fromEntries(CODES.map((type, code) => [type, code])) as Record<
  CodedType,
  number
>;

/** A receipt without a quantity. */
export const UNKNOWN_QTY = Number.NaN;

/** What is said of the whole store; a field `sku` in it would be one that nobody knows. */
export const isAboutStore = (
  observation: Observation,
): observation is Extract<Observation, { type: 'open' | 'close' | 'checkpoint' }> =>
  observation.type === 'open' || observation.type === 'close' || observation.type === 'checkpoint';

/** The same for a code. */
export const isStoreCode = (code: number): boolean =>
  code === codeOf.open || code === codeOf.close || code === codeOf.checkpoint;

/** The one or two numbers that an observation carries. */
export function quantitiesOf(observation: Observation): readonly [x: number, y: number] {
  switch (observation.type) {
    case 'record':
    case 'sale':
    case 'transfer':
    case 'count':
    case 'waste':
      return [observation.qty, 0];
    case 'return':
      return [observation.qty, observation.sellable === false ? 0 : 1];
    case 'receipt':
      return [observation.qty ?? UNKNOWN_QTY, 0];
    case 'shelf':
      return [observation.facings, observation.capacity];
    case 'pick':
      return [observation.requested, observation.found];
    case 'catalog':
      return [groupOfCategory(observation.category), 0];
    case 'seen':
    case 'open':
    case 'close':
    case 'checkpoint':
      return [0, 0];
    default:
      return observation satisfies never;
  }
}
