/** What can be asked of one SKU's belief. Pure functions over a trimmed distribution. */
import { meanRate, RATES, rates } from './rate-grid.ts';
import { unitsOfCell, type WorkingState } from './working-state.ts';

/** What is believed of a SKU, without its whole distribution. */
export interface Outlook {
  readonly sku: string;
  readonly t: string;
  /** The system's on-hand; null until a record or a count was observed. */
  readonly record: number | null;
  /** P(on-hand >= 1). */
  readonly confidence: number;
  readonly p0: number;
  readonly mean: number;
  readonly p05: number;
  readonly p95: number;
  /** What the record said when goods last came, on average; null before the first delivery. */
  readonly reordersAt?: number | null;
  /** Believed demand in units per trading day. */
  readonly rate: number;
}

export interface Position extends Outlook {
  /** pmf[n] = P(on-hand = n), trimmed where less than 1e-9 is left. */
  readonly pmf: readonly number[];
}

/** P(on-hand = n) for n = 0, 1, ... summing to 1. */
export function pmfOf(w: WorkingState): number[] {
  const top = unitsOfCell(w, w.cells);
  const pmf = Array.from({ length: top + 1 }, () => 0);
  pmf[0] = w.absent;
  let total = 0;
  for (let i = 1; i <= w.cells; i++) total += w.p[i] as number;
  const present = (1 - w.absent) / total;
  for (let i = 1; i <= w.cells; i++) {
    const n = Math.max(1, unitsOfCell(w, i));
    pmf[Math.min(top, n)] = (pmf[Math.min(top, n)] ?? 0) + present * (w.p[i] as number);
  }
  return pmf;
}

export function meanUnits(pmf: readonly number[]): number {
  let mean = 0;
  for (let n = 1; n < pmf.length; n++) mean += n * (pmf[n] as number);
  return mean;
}

/** A sum of shares may fall short of what it is by so much. */
const ROUNDING = 1e-12;

/** Smallest n with P(on-hand <= n) >= share. */
export function quantileOf(pmf: readonly number[], share: number): number {
  let cumulative = 0;
  for (let n = 0; n < pmf.length; n++) {
    cumulative += pmf[n] as number;
    if (cumulative >= share - ROUNDING) return n;
  }
  return pmf.length - 1;
}

export function atLeast(pmf: readonly number[], q: number): number {
  if (q <= 0) return 1;
  let below = 0;
  for (let n = 0; n < Math.min(q, pmf.length); n++) below += pmf[n] as number;
  return Math.max(0, 1 - below);
}

/** Largest q with P(on-hand - reserved >= q) >= target; 0 when not even one unit is safe. */
export function availableToPromise(pmf: readonly number[], target: number, reserved: number): number {
  let above = 0;
  for (let n = pmf.length - 1; n > reserved; n--) {
    above += pmf[n] as number;
    if (above >= target) return n - Math.max(0, Math.ceil(reserved));
  }
  return 0;
}

const unitsPerPurchase = (w: WorkingState): number => (w.units + 1) / (w.purchases + 1);

/** Believed demand in units per trading day, whether or not it can be served now. */
function demandRate(w: WorkingState): number {
  const idle = w.absent + w.hidden;
  return (idle * meanRate(w.idle) + w.selling * meanRate(w.live)) * unitsPerPurchase(w);
}

/**
 * P(on-hand reaches 0 within `days` trading days without a delivery). Demand given a rate is Poisson in
 * purchases; the mean purchase size turns units into purchases.
 */
export function runsOutWithin(w: WorkingState, days: number): number {
  if (days <= 0) return w.absent;
  const perPurchase = Math.max(1, unitsPerPurchase(w));
  const present = w.hidden + w.selling;
  let safe = 0;
  for (let k = 0; k < RATES; k++) {
    const weight = w.live[k] as number;
    if (weight < 1e-7) continue;
    const expected = (rates[k] as number) * days;
    // P(purchases < needed) accumulated while the cells go up: one pass over both.
    let term = Math.exp(-expected);
    let cumulative = expected > 700 ? 0 : term;
    let counted = 0;
    for (let i = 1; i <= w.cells; i++) {
      const needed = Math.ceil(Math.max(1, unitsOfCell(w, i)) / perPurchase);
      while (counted < needed - 1) {
        counted++;
        term = (term * expected) / counted;
        cumulative += term;
      }
      safe += weight * (w.p[i] as number) * Math.min(1, cumulative);
    }
  }
  return Math.min(1, Math.max(0, w.absent + present * (1 - safe)));
}

/** Rounding makes printed beliefs comparable between machines and keeps lines short. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6;

/** In one pass over the cells, allocating nothing but the answer. */
export function outlookOf(w: WorkingState, sku: string, t: string): Outlook {
  const { p, cells } = w;
  const isWhole = w.width === 1 && w.carry === 0;
  let total = 0;
  for (let i = 1; i <= cells; i++) total += p[i] as number;
  const present = (1 - w.absent) / total;
  let cumulative = w.absent;
  let mean = 0;
  let p05 = cumulative >= 0.05 - ROUNDING ? 0 : -1;
  let p95 = cumulative >= 0.95 - ROUNDING ? 0 : -1;
  for (let i = 1; i <= cells; i++) {
    const units = isWhole ? i : Math.max(1, unitsOfCell(w, i));
    const share = present * (p[i] as number);
    mean += units * share;
    cumulative += share;
    if (p05 < 0 && cumulative >= 0.05 - ROUNDING) p05 = units;
    if (p95 < 0 && cumulative >= 0.95 - ROUNDING) p95 = units;
  }
  const top = Math.max(1, unitsOfCell(w, w.cells));
  return {
    sku,
    t,
    record: Number.isNaN(w.record) ? null : rounded(w.record),
    confidence: 1 - w.absent,
    p0: w.absent,
    mean,
    p05: p05 < 0 ? top : p05,
    p95: p95 < 0 ? top : p95,
    reordersAt: Number.isNaN(w.reordersAt) ? null : rounded(w.reordersAt),
    rate: demandRate(w),
  };
}

export const positionOf = (w: WorkingState, sku: string, t: string): Position => ({
  ...outlookOf(w, sku, t),
  pmf: pmfOf(w),
});
