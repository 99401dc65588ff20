/**
 * The second door of the belief: the filter's steps as they are, for whoever carries something through them
 * (device/learning carries derivatives). Nobody else needs to know how a step works; the boundary check says so.
 */
export {
  facingsWeight,
  HIDDEN_LOOKS_EMPTY,
  openWith,
  UNFORESEEN,
  viewFreshness,
  wrongBy,
  wrongFromNone,
} from './look-steps.ts';
export { BOOKING_ERROR, VOID_ERROR } from './movement-steps.ts';
export { codeOf } from './observation-code.ts';
export {
  DayDemand,
  demandSlopes,
  logNormalRates,
  RATES,
  rates,
  LEAST_STEP,
} from './rate-grid.ts';
export { driftDemand, driftsAt, SURPLUS_REACH } from './time-step.ts';
export { FLOOR, LEAST_APPEARED, MAX_CELLS, WorkingState } from './working-state.ts';
