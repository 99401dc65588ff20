/** Time passes without a sale: silence as evidence, and everything that happens unseen meanwhile. */
import type { BeliefParameters } from './parameters.ts';
import { drift, RATES, rates, SHORTEST_SILENCE, type SilenceTable } from './rate-grid.ts';
import { settle, type WorkingState } from './working-state.ts';

/**
 * Advances by `u` trading days (at most about one, so that first-order hazards hold). For a rate r and a
 * hazard h the mass that left at some moment of the gap saw only part of the silence:
 * integral of h * exp(-r s) ds = h * (1 - exp(-r u)) / r.
 */
export function passTime(
  w: WorkingState,
  u: number,
  model: { parameters: BeliefParameters; silence: SilenceTable },
): void {
  if (u < SHORTEST_SILENCE) return;
  advanceSituations(w, u, model.parameters, model.silence.factors(u));
  loseUnits(w, u, model.parameters);
  settle(w);
  w.clock += u;
}

function advanceSituations(
  w: WorkingState,
  u: number,
  parameters: BeliefParameters,
  factor: Float64Array,
): void {
  const lastUnit = w.cells > 0 && w.width === 1 ? (w.p[1] as number) : 0;
  const { live, idle } = w;
  const selling = w.selling;
  let stays = 0;
  let meanFactor = 0;
  let mean = 0;
  let leaves = 0;
  for (let k = 0; k < RATES; k++) {
    const weight = live[k] as number;
    const f = factor[k] as number;
    const rate = rates[k] as number;
    meanFactor += weight * f;
    mean += weight * rate;
    leaves += (weight * (1 - f)) / rate;
  }
  const loss = parameters.shrinkShare * mean + parameters.shrinkFloor;
  const toAbsent = parameters.burst + loss * lastUnit;
  const toHidden = parameters.shelfVoid;
  const out = toAbsent + toHidden;
  stays = Math.exp(-out * u);
  const restocked = w.hidden * (1 - Math.exp(-parameters.restock * u));
  const appeared = w.absent * (1 - Math.exp(-parameters.found * u));
  const hiddenLost = w.hidden * (1 - Math.exp(-parameters.burst * u));

  const still = selling * meanFactor * stays;
  const lost = selling * leaves * toAbsent;
  const voided = selling * leaves * toHidden;
  const idleBefore = w.absent + w.hidden;
  const arrived = restocked + appeared;
  // Mass that came to the shelf during the gap saw about half of its silence.
  let arrivedFactor = 0;
  for (let k = 0; k < RATES; k++) arrivedFactor += (idle[k] as number) * Math.sqrt(factor[k] as number);
  const arrivedKept = arrived * arrivedFactor;

  const keepLive = still > 0 ? (selling * stays) / (still + arrivedKept) : 0;
  const joinLive = arrived / (still + arrivedKept || 1);
  const idleAfter = idleBefore - arrived + lost + voided;
  const keepIdle = idleAfter > 0 ? (idleBefore - arrived) / idleAfter : 1;
  const joinIdle = idleAfter > 0 ? (selling * out) / idleAfter : 0;
  for (let k = 0; k < RATES; k++) {
    const f = factor[k] as number;
    const liveWeight = live[k] as number;
    const idleWeight = idle[k] as number;
    live[k] = liveWeight * f * keepLive + idleWeight * Math.sqrt(f) * joinLive;
    idle[k] = idleWeight * keepIdle + (liveWeight * (1 - f) * joinIdle) / (rates[k] as number);
  }
  const presentBefore = w.hidden + w.selling;
  w.absent = w.absent - appeared + hiddenLost + lost;
  w.hidden = w.hidden - restocked - hiddenLost + voided;
  w.selling = still + arrivedKept;
  if (appeared > 0) addSurplus(w, appeared / (presentBefore + appeared));
  const total = w.absent + w.hidden + w.selling;
  w.logLikelihood += Math.log(total);
}

/** Mixes `share` of a small unknown quantity (geometric, mean 3) into the present distribution. */
export function addSurplus(w: WorkingState, share: number): void {
  if (!(share > 0)) return;
  const reach = Math.max(w.cells, 12);
  if (reach > w.cells) {
    w.p.fill(0, w.cells + 1, reach + 1);
    w.cells = reach;
  }
  let weight = share / 3;
  const keep = 1 - share;
  for (let i = 1; i <= w.cells; i++) {
    w.p[i] = (w.p[i] as number) * keep + weight;
    weight *= 2 / 3;
  }
}

/** Single units vanish: a binomial thinning to first order; the last unit's loss is in the situations. */
function loseUnits(w: WorkingState, u: number, parameters: BeliefParameters): void {
  let mean = 0;
  for (let k = 0; k < RATES; k++) mean += (w.live[k] as number) * (rates[k] as number);
  const hazard = ((parameters.shrinkShare * mean + parameters.shrinkFloor) * u) / w.width;
  const h = hazard > 0.5 ? 0.5 : hazard;
  const { p } = w;
  const last = w.cells;
  const keep = 1 - h;
  p[1] = (p[1] as number) + (last > 1 ? h * (p[2] as number) : 0);
  for (let i = 2; i < last; i++) p[i] = keep * (p[i] as number) + h * (p[i + 1] as number);
  if (last > 1) p[last] = keep * (p[last] as number);
}

/** Once per trading day: demand drifts and sometimes jumps. */
export function endDay(w: WorkingState, parameters: BeliefParameters): void {
  drift(w.live, parameters.rateDrift, parameters.rateShift);
  // While nothing could sell, demand was not observed either; its drift is the same.
  drift(w.idle, parameters.rateDrift, parameters.rateShift);
}
