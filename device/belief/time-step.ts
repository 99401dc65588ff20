/** Time passes without a sale: silence as evidence, and everything that happens unseen meanwhile. */
import type { BeliefParameters } from './parameters.ts';
import { type DayDemand, type Drift, drift, driftOf, gaps, RATES, rates, LEAST_STEP } from './rate-grid.ts';
import { advanceAtHand, atHand } from './step-kernel.ts';
import { LEAST_APPEARED, MAX_CELLS, settleSituations, trim, type WorkingState } from './working-state.ts';

export interface DemandModel {
  readonly parameters: BeliefParameters;
  readonly demand: DayDemand;
}

/**
 * Advances by `u` trading days (at most about one, so that first-order hazards hold). For a rate r and a
 * hazard h the mass that left at some moment of the gap saw only part of the silence:
 * integral of h * exp(-r s) ds = h * (1 - exp(-r u)) / r.
 */
export function passTime(w: WorkingState, u: number, model: DemandModel): void {
  if (u < LEAST_STEP) return;
  if (w === atHand) advanceAtHand(u, model.demand, model.parameters);
  else advanceSituations(w, u, model.parameters, model.demand.silence(w.dayUsed, u, w.daySales));
  settleSituations(w);
  w.clock += u;
  w.dayUsed += u;
}

function advanceSituations(
  w: WorkingState,
  u: number,
  parameters: BeliefParameters,
  factor: Float64Array,
): void {
  const lastUnit = w.width === 1 ? (w.p[1] as number) : 0;
  const { live, idle } = w;
  const selling = w.selling;
  let meanFactor = 0;
  let mean = 0;
  let leaves = 0;
  let arrivedFactor = 0;
  for (let k = 0; k < RATES; k++) {
    const weight = live[k] as number;
    const f = factor[k] as number;
    const rate = rates[k] as number;
    meanFactor += weight * f;
    mean += weight * rate;
    leaves += weight * (1 - f) * (gaps[k] as number);
    // What came to the shelf during the gap saw half of its silence on average.
    arrivedFactor += (idle[k] as number) * (0.5 + 0.5 * f);
  }
  const loss = parameters.shrinkShare * mean + parameters.shrinkFloor;
  const toAbsent = parameters.burst + loss * lastUnit;
  const toHidden = parameters.shelfVoid;
  const out = toAbsent + toHidden;
  const stays = Math.exp(-out * u);
  const restocked = w.hidden * (1 - Math.exp(-parameters.restock * u));
  const appeared = w.absent * (1 - Math.exp(-parameters.found * u));
  const hiddenLost = w.hidden * parameters.burst * u;

  const still = selling * meanFactor * stays;
  const lost = selling * leaves * toAbsent;
  const voided = selling * leaves * toHidden;
  const arrived = restocked + appeared;
  const arrivedKept = arrived * arrivedFactor;
  const sellingAfter = still + arrivedKept;
  const keepLive = (selling * stays) / sellingAfter;
  const joinLive = arrived / sellingAfter;
  const stayed = w.absent + w.hidden - arrived;
  const idleAfter = stayed + lost + voided;
  const keepIdle = stayed / idleAfter;
  const joinIdle = (selling * out) / idleAfter;
  for (let k = 0; k < RATES; k++) {
    const f = factor[k] as number;
    const liveWeight = live[k] as number;
    const idleWeight = idle[k] as number;
    live[k] = liveWeight * f * keepLive + idleWeight * (0.5 + 0.5 * f) * joinLive;
    idle[k] = idleWeight * keepIdle + liveWeight * (1 - f) * (gaps[k] as number) * joinIdle;
  }
  const presentBefore = w.hidden + selling;
  w.absent = w.absent - appeared + hiddenLost + lost;
  w.hidden = w.hidden - restocked - hiddenLost + voided;
  w.selling = sellingAfter;
  w.logLikelihood += Math.log(w.absent + w.hidden + w.selling);
  loseUnits(w, (loss * u) / w.width);
  if (appeared > LEAST_APPEARED) addSurplus(w, appeared / (presentBefore + appeared));
}

/** Single units vanish, to first order; the last unit's loss is already in the situations. */
function loseUnits(w: WorkingState, hazard: number): void {
  const { p } = w;
  const last = w.cells;
  const h = hazard > 0.5 ? 0.5 : hazard;
  const scale = 1 / (1 - h * (p[1] as number) + 1e-12);
  const keep = (1 - h) * scale;
  const move = h * scale;
  p[last + 1] = 0;
  for (let i = 1; i <= last; i++) p[i] = keep * (p[i] as number) + move * (p[i + 1] as number);
}

/** Units that appear are few: at least so many cells are kept for them. */
export const SURPLUS_REACH = 12;

/** Mixes `share` of a small unknown quantity (geometric, mean 3) into the present distribution. */
export function addSurplus(w: WorkingState, share: number): void {
  if (!(share > 0)) return;
  const reach = Math.max(w.cells, SURPLUS_REACH);
  if (reach > w.cells) {
    w.p.fill(0, w.cells + 1, reach + 1);
    w.cells = reach;
  }
  const { p } = w;
  let weight = share / 3 / (1 - (beyond[reach] as number));
  const keep = 1 - share;
  for (let i = 1; i <= reach; i++) {
    p[i] = (p[i] as number) * keep + weight;
    weight *= 2 / 3;
  }
}

/** Share of a geometric quantity of mean 3 that lies beyond so many units. */
const beyond = Float64Array.from({ length: MAX_CELLS + 1 }, (_, reach) => (2 / 3) ** reach);

/** Demand drifts in steps of this many trading days: finer steps were measured to change nothing. */
const DRIFT_DAYS = 4;

/** Whether a day that ends at `clock` and lasted `used`, both in trading days, is one on which demand drifts. */
export const driftsAt = (clock: number, used: number): boolean =>
  Math.floor(clock / DRIFT_DAYS) > Math.floor((clock - used) / DRIFT_DAYS);

/** The drift of DRIFT_DAYS days. While nothing could sell, demand was not observed either; its drift is the same. */
export const dayDrift = (parameters: BeliefParameters): Drift =>
  driftOf(Math.sqrt(DRIFT_DAYS) * parameters.rateDrift, DRIFT_DAYS * parameters.rateShift);

export const driftDemand = (belief: Float64Array, parameters: BeliefParameters, divisor?: number): number =>
  drift(belief, dayDrift(parameters), divisor);

/** Once per trading day: a part of the stock may go, demand drifts and sometimes jumps. */
export function endDay(w: WorkingState, parameters: BeliefParameters, drifts: boolean): void {
  // Nothing is lost from the whole here, so that what was sum 1 is still.
  losePart(w, parameters.partLoss);
  trim(w);
  if (drifts) {
    driftDemand(w.live, parameters);
    driftDemand(w.idle, parameters);
  }
  w.dayUsed = 0;
  w.daySales = 0;
}

/**
 * A large part of the stock goes at once and some stays: of n units anything from 1 to n - 1 alike. One pass
 * from above: each cell receives the sum of p(j) / (j - 1) over the cells above it.
 */
function losePart(w: WorkingState, hazard: number): void {
  const { p } = w;
  let above = 0;
  for (let i = w.cells; i > 1; i--) {
    const here = hazard * (p[i] as number);
    p[i] = (p[i] as number) - here + above;
    above += here * (shares[i] as number);
  }
  p[1] = (p[1] as number) + above;
}

/** What each cell below receives of one. */
const shares = Float64Array.from({ length: MAX_CELLS + 1 }, (_, i) => (i > 1 ? 1 / (i - 1) : 0));
