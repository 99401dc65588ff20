export { chainPrior } from './chain-statistics.ts';
export { type HeldOutScore, judge, scoreHeldOut, type Verdict } from './challenge.ts';
export { type FitProgress, FitState, fit } from './fit.ts';
export {
  type History,
  LearnError,
  type LearnOptions,
  type LearnProgress,
  type LearnResult,
  learn,
} from './learn.ts';
export { ChainPrior, LEARNED, priorFromDefaults } from './learned-parameters.ts';
export {
  type InForce,
  type LastNight,
  type LearnedVersion,
  ModelStore,
  MODEL_FILE,
  ModelStoreError,
  type NightProgress,
} from './model-store.ts';
export { OpeningBalance } from './opening-balance.ts';
export { defaultLearning, LearningConfig } from './config.ts';
export { inOrder, recordTape, type StoreTape } from './tape.ts';
export {
  experiencedRanker,
  learnCauses,
  type RankedCause,
  rankCauses,
  type ResolvedCase,
  stockSignsIn,
} from './cause-ranker.ts';
export {
  type ExceptionSigns,
  learnRanking,
  likelyActedOn,
  type TaskOutcome,
  untrainedRanker,
} from './exception-ranker.ts';
export {
  CategoryPeers,
  learnRatePrior,
  type RatePrior,
  ratePriorOf,
  type SoldHistory,
} from './rate-prior.ts';
export { NetworkWeights } from './small-network.ts';
export { type BackendName, openTensors, type TensorBackend } from './tensor-backend.ts';
