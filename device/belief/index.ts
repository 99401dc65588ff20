export { atLeast, availableToPromise, meanUnits, type Position, quantileOf } from './answers.ts';
export {
  type Belief,
  type BeliefHealth,
  type BeliefOptions,
  type CatalogEntry,
  createBelief,
} from './belief.ts';
export type { EvidenceEffect, Explanation } from './explain.ts';
export { BeliefParameters, defaultParameters } from './parameters.ts';
export { Replay, type ReplayedPosition } from './replay.ts';
