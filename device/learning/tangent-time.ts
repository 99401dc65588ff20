/** The filter's time step with derivatives; see ../belief/time-step.ts for what each term means. */
import {
  driftDemand,
  driftsAt,
  LEAST_APPEARED,
  RATES,
  rates,
  SURPLUS_REACH,
} from '../belief/filter-steps.ts';
import { addScaled, affine, type Dual, divide, exponential, multiply } from './dual.ts';
import {
  dual,
  growCells,
  normaliseCells,
  settleSituations,
  STRIDE,
  type TangentModel,
  type TangentState,
} from './tangent-state.ts';

const gaps = rates.map((rate) => 1 / rate);

export interface Silence {
  readonly factors: Float64Array;
  /** Derivative of each factor with respect to the dispersion. */
  readonly slopes: Float64Array;
}

const temporary = Array.from({ length: 24 }, () => dual());
const [
  meanFactor,
  mean,
  leaves,
  arrivedFactor,
  loss,
  toAbsent,
  out,
  stays,
  gone,
  restocked,
  appeared,
  hiddenLost,
] = temporary as [Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual];
const [
  still,
  lost,
  voided,
  arrived,
  sellingAfter,
  keepLive,
  joinLive,
  stayed,
  idleAfter,
  keepIdle,
  joinIdle,
  lastUnit,
] = temporary.slice(12) as [Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual, Dual];
const scratch = dual();

export function passTime(
  s: TangentState,
  u: number,
  silence: Silence,
  model: TangentModel,
  weight: number,
): void {
  sumRates(s, silence, model.dispersion);
  const { burst, found, shelfVoid, shrinkShare, shrinkFloor } = model.learned;
  for (let t = 0; t < s.slots; t++) lastUnit[t] = s.p[t * STRIDE + 1] as number;
  addScaled(loss, multiply(loss, shrinkShare, mean), shrinkFloor);
  addScaled(toAbsent, multiply(toAbsent, loss, lastUnit), burst);
  addScaled(out, toAbsent, shelfVoid);
  exponential(stays, out, -u);
  affine(restocked, 0, 1 - Math.exp(-model.base.restock * u), s.hidden);
  affine(gone, 1, -1, exponential(gone, found, -u));
  multiply(appeared, s.absent, gone);
  affine(hiddenLost, 0, u, multiply(hiddenLost, s.hidden, burst));
  multiply(still, multiply(still, s.selling, meanFactor), stays);
  multiply(lost, multiply(lost, s.selling, leaves), toAbsent);
  multiply(voided, multiply(voided, s.selling, leaves), shelfVoid);
  addScaled(arrived, restocked, appeared);
  addScaled(sellingAfter, still, multiply(sellingAfter, arrived, arrivedFactor));
  divide(keepLive, multiply(keepLive, s.selling, stays), sellingAfter);
  divide(joinLive, arrived, sellingAfter);
  addScaled(stayed, addScaled(stayed, s.absent, s.hidden), arrived, -1);
  addScaled(idleAfter, addScaled(idleAfter, stayed, lost), voided);
  divide(keepIdle, stayed, idleAfter);
  divide(joinIdle, multiply(joinIdle, s.selling, out), idleAfter);
  moveRates(s, silence, model.dispersion);
  addScaled(scratch, s.hidden, s.selling);
  divide(gone, appeared, addScaled(gone, scratch, appeared));
  addScaled(s.absent, addScaled(s.absent, addScaled(s.absent, s.absent, appeared, -1), hiddenLost), lost);
  addScaled(
    s.hidden,
    addScaled(s.hidden, addScaled(s.hidden, s.hidden, restocked, -1), hiddenLost, -1),
    voided,
  );
  s.selling.set(sellingAfter);
  settleSituations(s, weight);
  loseUnits(s, u);
  if ((appeared[0] as number) > LEAST_APPEARED) addSurplus(s, gone);
  s.clock += u;
  s.dayUsed += u;
}

function sumRates(s: TangentState, { factors, slopes }: Silence, dispersion: number): void {
  for (let t = 0; t < s.slots; t++) {
    const at = t * RATES;
    let a = 0;
    let b = 0;
    let c = 0;
    let d = 0;
    for (let k = 0; k < RATES; k++) {
      const weight = s.live[at + k] as number;
      const f = factors[k] as number;
      a += weight * f;
      b += weight * (rates[k] as number);
      c += weight * (1 - f) * (gaps[k] as number);
      d += (s.idle[at + k] as number) * (0.5 + 0.5 * f);
    }
    meanFactor[t] = a;
    mean[t] = b;
    leaves[t] = c;
    arrivedFactor[t] = d;
  }
  for (let k = 0; k < RATES; k++) {
    const slope = slopes[k] as number;
    const weight = s.live[k] as number;
    meanFactor[dispersion] = (meanFactor[dispersion] as number) + weight * slope;
    leaves[dispersion] = (leaves[dispersion] as number) - weight * slope * (gaps[k] as number);
    arrivedFactor[dispersion] = (arrivedFactor[dispersion] as number) + (s.idle[k] as number) * 0.5 * slope;
  }
}

function moveRates(s: TangentState, { factors, slopes }: Silence, dispersion: number): void {
  const keep = keepLive[0] as number;
  const join = joinLive[0] as number;
  const rest = keepIdle[0] as number;
  const come = joinIdle[0] as number;
  for (let t = s.slots - 1; t >= 0; t--) {
    const at = t * RATES;
    for (let k = 0; k < RATES; k++) {
      const f = factors[k] as number;
      const g = gaps[k] as number;
      const live = s.live[k] as number;
      const idle = s.idle[k] as number;
      if (t === 0) {
        s.live[k] = live * f * keep + idle * (0.5 + 0.5 * f) * join;
        s.idle[k] = idle * rest + live * (1 - f) * g * come;
        continue;
      }
      const slope = t === dispersion ? (slopes[k] as number) : 0;
      const dLive = s.live[at + k] as number;
      const dIdle = s.idle[at + k] as number;
      s.live[at + k] =
        dLive * f * keep +
        live * (slope * keep + f * (keepLive[t] as number)) +
        dIdle * (0.5 + 0.5 * f) * join +
        idle * (0.5 * slope * join + (0.5 + 0.5 * f) * (joinLive[t] as number));
      s.idle[at + k] =
        dIdle * rest +
        idle * (keepIdle[t] as number) +
        g * (dLive * (1 - f) * come + live * ((1 - f) * (joinIdle[t] as number) - slope * come));
    }
  }
}

const scale = dual();
const keepUnit = dual();
const moveUnit = dual();

function loseUnits(s: TangentState, u: number): void {
  affine(loss, 0, u, loss);
  if ((loss[0] as number) > 0.5) {
    loss.fill(0);
    loss[0] = 0.5;
  }
  affine(scale, 1 + 1e-12, -1, multiply(scale, loss, lastUnit));
  divide(keepUnit, affine(keepUnit, 1, -1, loss), scale);
  divide(moveUnit, loss, scale);
  const { p, cells } = s;
  const keep = keepUnit[0] as number;
  const move = moveUnit[0] as number;
  for (let t = s.slots - 1; t >= 0; t--) {
    const at = t * STRIDE;
    p[at + cells + 1] = 0;
    const dKeep = keepUnit[t] as number;
    const dMove = moveUnit[t] as number;
    for (let i = 1; i <= cells; i++) {
      const here = p[i] as number;
      const above = i < cells ? (p[i + 1] as number) : 0;
      p[at + i] =
        t === 0
          ? keep * here + move * above
          : keep * (p[at + i] as number) + move * (p[at + i + 1] as number) + dKeep * here + dMove * above;
    }
  }
}

/** Mixes a share (with its derivatives) of a geometric small quantity into the present distribution. */
export function addSurplus(s: TangentState, share: Dual): void {
  const reach = Math.max(s.cells, SURPLUS_REACH);
  growCells(s, reach);
  const { p } = s;
  const keep = 1 - (share[0] as number);
  for (let t = s.slots - 1; t >= 0; t--) {
    const at = t * STRIDE;
    let weight = 1 / 3 / (1 - (2 / 3) ** reach);
    for (let i = 1; i <= s.cells; i++) {
      p[at + i] =
        t === 0
          ? (p[i] as number) * keep + weight * (share[0] as number)
          : (p[at + i] as number) * keep + (share[t] as number) * (weight - (p[i] as number));
      weight *= 2 / 3;
    }
  }
}

/** A part of the stock goes at once; the hazard is not learned, so every slot takes the same linear step. */
function losePart(s: TangentState, hazard: number): void {
  const { p, cells, slots } = s;
  for (let t = 0; t < slots; t++) {
    const at = t * STRIDE;
    let above = 0;
    for (let i = cells; i > 1; i--) {
      const gone = hazard * (p[at + i] as number);
      p[at + i] = (p[at + i] as number) - gone + above;
      above += gone / (i - 1);
    }
    p[at + 1] = (p[at + 1] as number) + above;
  }
}

const slice = new Float64Array(RATES);

/** Demand drifts: linear up to its normaliser, so derivatives pass through the same kernel. */
export function endDay(s: TangentState, model: TangentModel): void {
  losePart(s, model.base.partLoss);
  normaliseCells(s);
  const drifts = driftsAt(s.clock, s.dayUsed);
  s.dayUsed = 0;
  s.daySales = 0;
  if (!drifts) return;
  for (const block of [s.live, s.idle]) {
    slice.set(block.subarray(0, RATES));
    const total = driftDemand(slice, model.base);
    block.set(slice, 0);
    for (let t = 1; t < s.slots; t++) {
      const part = block.subarray(t * RATES, (t + 1) * RATES);
      slice.set(part);
      const slope = driftDemand(slice, model.base, total);
      for (let k = 0; k < RATES; k++) part[k] = (slice[k] as number) - (slope / total) * (block[k] as number);
    }
  }
}
