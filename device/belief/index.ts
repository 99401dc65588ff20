export { atLeast, availableToPromise, meanUnits, type Position, quantileOf } from './answers.ts';
export {
  type Belief,
  type BeliefHealth,
  type BeliefOptions,
  type CatalogEntry,
  createBelief,
  type Situation,
} from './belief.ts';
export type { EvidenceEffect, Explanation } from './explain.ts';
export { BeliefParameters, defaultParameters, parseParameters } from './parameters.ts';
export { Replay, type ReplayedPosition } from './replay.ts';
export {
  type CountCandidate,
  type CountEconomics,
  type CountItem,
  type CountLimit,
  type CountRoute,
  countList,
  defaultEconomics,
  valueOfCounting,
} from './count-list.ts';
