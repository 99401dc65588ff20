/**
 * One row of the picture against one row of the planogram, by order: a dynamic programme over planned slots and what was
 * seen from the left. Neighbours that look alike want to be one product, neighbours that differ two; a gap fills empty
 * slots; what fits nowhere stays unknown.
 */
import type { PlannedProduct } from './planogram.ts';

/** One place of the row as seen. */
export type Seen =
  | {
      readonly type: 'facing';
      /** Likeness to the facing before, 0..1; undefined where none is known. */
      readonly alike: number | undefined;
      /** Width relative to the row's median. */
      readonly width: number;
    }
  | { readonly type: 'gap'; readonly facings: number };

/** For each seen place the index of the planned product, or -1. A gap may stand for several slots of one product. */
export interface RowAlignment {
  readonly cost: number;
  readonly products: readonly number[];
  /** Per planned product. */
  readonly facings: readonly number[];
  readonly gaps: readonly number[];
  readonly unseen: readonly number[];
}

const SEEN_NOWHERE_PLANNED = 0.9;
const SLOT_NOT_SEEN = 0.7;
const LOOKS_WRONG = 0.8;
const WIDTH_WRONG = 0.6;

interface Slot {
  readonly product: number;
  readonly width: number | undefined;
}

function slotsOf(products: readonly PlannedProduct[]): readonly Slot[] {
  const widths = products.map((p) => p.widthMm).filter((w) => w !== undefined);
  const middle = widths.toSorted((a, b) => a - b)[widths.length >> 1];
  return products.flatMap((p, product) =>
    Array.from({ length: p.facings }, () => ({
      product,
      width: p.widthMm === undefined || middle === undefined ? undefined : p.widthMm / middle,
    })),
  );
}

export function alignRow(products: readonly PlannedProduct[], seen: readonly Seen[]): RowAlignment {
  const slots = slotsOf(products);
  const columns = slots.length + 1;
  const cost = new Float64Array((seen.length + 1) * columns).fill(Number.POSITIVE_INFINITY);
  /** How each state was reached: 0 slot unseen, 1 seen unplanned, 2 facing in slot, 3 + n gap over n + 1 slots. */
  const step = new Uint8Array(cost.length);
  const at = (i: number, j: number): number => i * columns + j;
  cost[0] = 0;
  for (let i = 0; i <= seen.length; i++)
    for (let j = 0; j <= slots.length; j++) {
      const here = cost[at(i, j)] as number;
      const go = (i2: number, j2: number, price: number, how: number): void => {
        if (here + price < (cost[at(i2, j2)] as number)) {
          cost[at(i2, j2)] = here + price;
          step[at(i2, j2)] = how;
        }
      };
      if (j < slots.length) go(i, j + 1, SLOT_NOT_SEEN, 0);
      const place = seen[i];
      if (place === undefined) continue;
      go(i + 1, j, place.type === 'gap' ? SEEN_NOWHERE_PLANNED * 0.6 : SEEN_NOWHERE_PLANNED, 1);
      if (j >= slots.length) continue;
      if (place.type === 'facing') go(i + 1, j + 1, facingPrice(place, slots, j), 2);
      else
        for (let n = 1; n <= 12 && j + n <= slots.length; n++)
          go(i + 1, j + n, 0.1 + 0.35 * Math.abs(n - place.facings), 2 + n);
    }
  return traceBack({ products, seen, slots, cost, step, columns });
}

function facingPrice(place: Extract<Seen, { type: 'facing' }>, slots: readonly Slot[], j: number): number {
  const slot = slots[j] as Slot;
  const before = slots[j - 1];
  let price = 0;
  if (place.alike !== undefined && before !== undefined)
    price += LOOKS_WRONG * (before.product === slot.product ? 1 - place.alike : place.alike);
  if (slot.width !== undefined)
    price += WIDTH_WRONG * Math.min(1, Math.abs(Math.log(place.width / slot.width)));
  return price;
}

interface Table {
  readonly products: readonly PlannedProduct[];
  readonly seen: readonly Seen[];
  readonly slots: readonly Slot[];
  readonly cost: Float64Array;
  readonly step: Uint8Array;
  readonly columns: number;
}

function traceBack({ products, seen, slots, cost, step, columns }: Table): RowAlignment {
  const placed = Array.from({ length: seen.length }, () => -1);
  const facings = products.map(() => 0);
  const gaps = products.map(() => 0);
  const unseen = products.map(() => 0);
  let i = seen.length;
  let j = slots.length;
  const end = cost[i * columns + j] as number;
  const add = (list: number[], product: number): void => {
    list[product] = (list[product] ?? 0) + 1;
  };
  while (i > 0 || j > 0) {
    const how = step[i * columns + j] as number;
    if (how === 1) i--;
    else if (how === 0) add(unseen, (slots[--j] as Slot).product);
    else if (how === 2) {
      const { product } = slots[--j] as Slot;
      placed[--i] = product;
      add(facings, product);
    } else {
      i--;
      for (let n = how - 2; n > 0; n--) add(gaps, (slots[--j] as Slot).product);
      placed[i] = (slots[j] as Slot).product;
    }
  }
  return { cost: end, products: placed, facings, gaps, unseen };
}
