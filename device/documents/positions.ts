/** The belief about one SKU as the hub sees it, and when a change of it is worth sending. Pure. */
import type { PositionDocument } from '@truecount/protocol';

export interface BelievedPosition {
  readonly sku: string;
  readonly record: number | null;
  readonly confidence: number;
  readonly mean: number;
  readonly p05: number;
  readonly p95: number;
  readonly rate: number;
  readonly pmf: readonly number[];
}

export interface ProductMoney {
  readonly name: string;
  readonly priceMinor: number;
  readonly costMinor: number;
  readonly currency: string;
}

/** Longest pmf the contract carries; what lies beyond is added to the last cell. */
const MAX_CELLS = 2048;
const TAIL = 1e-6;

/** Six decimals: what the planner can use, in a third of the bytes. */
const short = (value: number): number => Math.round(value * 1e6) / 1e6;

export function positionDocument(
  store: string,
  at: string,
  position: BelievedPosition,
  product: ProductMoney,
): PositionDocument {
  const { currency } = product;
  return {
    id: `${store}|${position.sku}`,
    store,
    sku: position.sku,
    name: product.name,
    asOf: at,
    record: position.record ?? 0,
    confidence: short(position.confidence),
    p0: short(1 - position.confidence),
    mean: short(position.mean),
    p05: Math.round(position.p05),
    p95: Math.round(position.p95),
    rate: short(position.rate),
    pmf: trimmed(position.pmf).map(short),
    price: { minor: product.priceMinor, currency },
    cost: { minor: product.costMinor, currency },
  };
}

function trimmed(pmf: readonly number[]): readonly number[] {
  let end = pmf.length;
  let tail = 0;
  while (end > 1 && tail + (pmf[end - 1] as number) < TAIL) {
    tail += pmf[end - 1] as number;
    end -= 1;
  }
  if (end <= MAX_CELLS) return pmf.slice(0, end);
  const kept = pmf.slice(0, MAX_CELLS);
  kept[MAX_CELLS - 1] = pmf.slice(MAX_CELLS - 1).reduce((sum, p) => sum + p, 0);
  return kept;
}

/** Enough to move a decision: who is asked first, what may be promised, what a transfer is worth. */
export function changedEnough(before: PositionDocument | undefined, now: PositionDocument): boolean {
  if (before === undefined) return true;
  if (before.record !== now.record || before.name !== now.name) return true;
  if (before.price.minor !== now.price.minor || before.cost.minor !== now.cost.minor) return true;
  if (Math.abs(before.confidence - now.confidence) >= 0.05) return true;
  if (Math.abs(before.mean - now.mean) >= Math.max(1, 0.15 * before.mean)) return true;
  return Math.abs(before.rate - now.rate) >= Math.max(0.1, 0.2 * before.rate);
}
