export { chainPrior, StoreStatistics, statisticsOf } from './chain-statistics.ts';
export { type HeldOutScore, judge, scoreHeldOut, type Verdict } from './challenge.ts';
export { type FitProgress, type FitState, fit, scoreTape } from './fit.ts';
export { type LearnOptions, type LearnResult, learn } from './learn.ts';
export { ChainPrior, LEARNED, priorFromDefaults } from './learned-parameters.ts';
export { recordTape, type StoreTape } from './tape.ts';
