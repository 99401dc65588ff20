export { atLeast, availableToPromise, meanUnits, type Position, quantileOf } from './answers.ts';
export { createBelief } from './belief.ts';
export type { Belief, BeliefHealth, BeliefOptions, Situation } from './belief-port.ts';
export type { EvidenceEffect, Explanation } from './explain.ts';
export { type BeliefParameters, defaultParameters } from './parameters.ts';
export type { Sibling } from './siblings.ts';
export type { StockSigns } from './signs.ts';
export type { CatalogEntry } from './sku-register.ts';
export { type ParseObservation, Replay } from './replay.ts';
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
