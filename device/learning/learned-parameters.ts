/** Which of the filter's parameters a store learns, and how far it may move from the chain's values. */
import type { BeliefParameters } from '@truecount/device/belief';
import { Type, type Static } from 'typebox';

export const LEARNED = [
  'burst',
  'found',
  'shelfVoid',
  'shrinkShare',
  'shrinkFloor',
  'receiptMissing',
  'receiptShort',
  'misScan',
  'surplus',
  'hiddenSells',
  'countError',
  'pickBlind',
  'cameraBlind',
  'cameraGhost',
  'dispersion',
] as const satisfies readonly (keyof BeliefParameters)[];
export type LearnedName = (typeof LEARNED)[number];

/** What a chain of stores believes about one parameter: log-normal. */
export const ChainPrior = Type.Record(
  Type.String(),
  Type.Object({
    median: Type.Number({ exclusiveMinimum: 0 }),
    spread: Type.Number({ minimum: 0.01, maximum: 5 }),
  }),
);
export type ChainPrior = Static<typeof ChainPrior>;

/** Before any store has reported: the defaults, give or take a factor of about 2.5. */
const UNREPORTED_SPREAD = 0.9;

export const priorFromDefaults = (defaults: BeliefParameters): ChainPrior =>
  Object.fromEntries(LEARNED.map((name) => [name, { median: defaults[name], spread: UNREPORTED_SPREAD }]));

/** A share stays a share; nothing is learned to be impossible. */
const bounds = (name: LearnedName): readonly [number, number] =>
  name === 'dispersion' ? [0.3, 200] : [1e-6, 0.5];

export const toLogs = (parameters: BeliefParameters): Float64Array =>
  Float64Array.from(LEARNED, (name) => Math.log(parameters[name]));

/** Logs within what each parameter may be. */
export const clampLogs = (logs: ArrayLike<number>): number[] =>
  LEARNED.map((name, j) => {
    const [low, high] = bounds(name);
    return Math.min(Math.log(high), Math.max(Math.log(low), logs[j] as number));
  });

export function fromLogs(logs: ArrayLike<number>, base: BeliefParameters, version: string): BeliefParameters {
  const bounded = clampLogs(logs);
  const changed: Partial<Record<LearnedName, number>> = {};
  LEARNED.forEach((name, j) => {
    changed[name] = Math.exp(bounded[j] as number);
  });
  return { ...base, ...changed, version };
}
