/**
 * What units are worth at a SKU-store, one by one.
 *   giveLosses[i] = donorLoss(i + 1) - donorLoss(i) = lossValue * sum over f > i of P(F = f) P(D >= f - i)
 *   takeValues[j] = stockValue(j + 1) - stockValue(j) = margin * sum over f of P(F = f) P(D > f + j)
 * takeValues never rise. giveLosses mostly rise, but not always: where the units may not exist, or demand
 * exceeds the stock anyway, a later unit can cost less than an earlier one. Nothing here assumes that they do.
 */
import { demandSurvival } from './demand.ts';
import { freeStock, type OnHand, sureUnits } from './on-hand.ts';

export interface StockWorth {
  readonly rate: number;
  readonly coverDays: number;
  readonly dispersion?: number | undefined;
  readonly margin: number;
  readonly lossValue?: number | undefined;
  readonly minimum?: number | undefined;
}

export type StockPosition = OnHand & StockWorth;

/** Later units worth less than this share of the margin are left out. */
const WORTHLESS = 1e-13;

export interface UnitValues {
  readonly giveLosses: Float64Array;
  readonly takeValues: Float64Array;
}

export interface UnitLimits {
  readonly alpha: number;
  /** Most units to consider giving and taking. */
  readonly maxGive: number;
  readonly maxTake: number;
  /** Units worth no more than this are not worth taking. Default 0. */
  readonly leastValue?: number;
}

export function unitValues(position: StockPosition, limits: UnitLimits): UnitValues {
  return unitValuesOf(freeStock(position), position, limits);
}

/** The same for a free stock that is already known. */
export function unitValuesOf(free: Float64Array, position: StockWorth, limits: UnitLimits): UnitValues {
  const give = Math.max(0, Math.min(sureUnits(free, limits.alpha) - (position.minimum ?? 0), limits.maxGive));
  const mean = position.rate * position.coverDays;
  const take = limits.maxTake;
  const wanted = free.length + Math.min(take, 20);
  const survival = demandSurvival({ mean, dispersion: position.dispersion }, wanted);
  return {
    giveLosses: losses(free, survival, give, position.lossValue ?? position.margin),
    takeValues: values(free, survival, position, limits),
  };
}

function losses(free: Float64Array, survival: Float64Array, give: number, value: number): Float64Array {
  const losses = new Float64Array(give);
  for (let i = 0; i < give; i += 1) {
    let sum = 0;
    for (let f = i + 1; f < free.length; f += 1) sum += (free[f] ?? 0) * (survival[f - i] ?? 0);
    losses[i] = value * sum;
  }
  return losses;
}

function values(
  free: Float64Array,
  survival: Float64Array,
  position: StockWorth,
  { maxTake, leastValue = 0 }: UnitLimits,
): Float64Array {
  const values: number[] = [];
  let reach = survival;
  const demand = { mean: position.rate * position.coverDays, dispersion: position.dispersion };
  for (let j = 0; j < maxTake; j += 1) {
    if (free.length + j >= reach.length) reach = demandSurvival(demand, reach.length * 2);
    let sum = 0;
    for (let f = 0; f < free.length; f += 1) sum += (free[f] ?? 0) * (reach[f + j + 1] ?? 0);
    if (sum * position.margin <= leastValue || sum < WORTHLESS) break;
    values.push(position.margin * sum);
  }
  return Float64Array.from(values);
}

/** Sum of the first `units` entries: donorLoss or stockValue of that many units. */
export function total(perUnit: ArrayLike<number>, units: number): number {
  let sum = 0;
  for (let i = 0; i < Math.min(units, perUnit.length); i += 1) sum += perUnit[i] ?? 0;
  return sum;
}
