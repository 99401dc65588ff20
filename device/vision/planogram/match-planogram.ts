/**
 * A reading against a planogram: which row is which, then product by product along each row. Barcodes and tags that were
 * read in the picture fix rows; the rest follow in order from the top.
 */
import { type Box, type Frame, heightOf, type Rect, widthOf } from '../detector/frame.ts';
import { boardAt, median, type Row } from '../shelf/find-rows.ts';
import type { ShelfReading } from '../shelf/read-shelf.ts';
import type { Gap } from '../shelf/weigh-gaps.ts';
import { alignRow, type RowAlignment, type Seen } from './align-row.ts';
import { likeness, lookOf } from './look-of.ts';
import type { PlannedProduct, Planogram } from './planogram.ts';

/** A code that was read in the picture. */
export interface ReadCode {
  readonly gtin: string;
  readonly at: Rect;
}

export interface SkuOnShelf {
  readonly sku: string;
  readonly row: number;
  readonly planned: number;
  readonly facings: number;
  readonly gaps: number;
  /** Slots that were neither seen filled nor seen empty. */
  readonly unknown: number;
}

export interface PlacedBox {
  readonly box: Rect;
  readonly kind: 'facing' | 'gap';
  /** Undefined where the planogram has no place for it. */
  readonly sku: string | undefined;
}

export interface PlanogramMatch {
  readonly products: readonly SkuOnShelf[];
  readonly placed: readonly PlacedBox[];
  /** Facings and gaps of the picture that belong to no planned product. */
  readonly unplanned: number;
  /** Share of planned slots that were seen, filled or empty: how much the match is worth. */
  readonly certainty: number;
}

const ROW_WITHOUT_PLAN = 3;
const PLAN_WITHOUT_ROW = 2.5;
const WRONG_CODE = 30;
const PLANNED_GAP = 0.2;

interface Place {
  readonly box: Rect;
  readonly kind: 'facing' | 'gap';
  readonly seen: Seen;
}

export function matchPlanogram(
  frame: Frame,
  reading: ShelfReading,
  planogram: Planogram,
  codes: readonly ReadCode[] = [],
): PlanogramMatch {
  // A hole too doubtful to be reported by itself is a gap where the plan wants a product just there.
  const candidates = [...reading.gaps, ...reading.doubtful.filter((gap) => gap.confidence >= PLANNED_GAP)];
  const rows = levelsOf(reading.rows).map((row) => ({ row, places: placesOf(frame, row, candidates) }));
  const plans = planogram.rows.map(({ products }) => products);
  const alignments = rows.map(({ row, places }) =>
    plans.map((products) => ({
      products,
      alignment: alignRow(
        products,
        places.map((place) => place.seen),
      ),
      contradicts: contradictsCodes(row, products, planogram, codes),
    })),
  );
  const chosen = chooseRows(
    alignments.map((options) => options.map((o) => o.alignment.cost + (o.contradicts ? WRONG_CODE : 0))),
    plans.map((products) => products.reduce((sum, p) => sum + p.facings, 0)),
    rows.map(({ places }) => places.length),
  );
  return collect({ rows, plans, chosen, alignments, reported: new Set<Rect>(reading.gaps) });
}

/** Bays side by side give several rows on nearly one level; for the planogram they are one row. */
function levelsOf(rows: readonly Row[]): readonly Row[] {
  const levels: Row[] = [];
  for (const row of rows) {
    const tall = median(row.columns.map(heightOf));
    const at = levels.findIndex((other) => {
      const apart = row.outline.x0 >= other.outline.x1 || other.outline.x0 >= row.outline.x1;
      const x = (row.outline.x0 + row.outline.x1) / 2;
      return apart && Math.abs(boardAt(row, x) - boardAt(other, x)) < 0.35 * tall;
    });
    const other = levels[at];
    if (other === undefined) levels.push(row);
    else levels[at] = joined(other, row);
  }
  return levels;
}

const joined = (a: Row, b: Row): Row => ({
  ...a,
  columns: [...a.columns, ...b.columns].toSorted((p, q) => p.x0 - q.x0),
  stacked: [...a.stacked, ...b.stacked],
  outline: {
    x0: Math.min(a.outline.x0, b.outline.x0),
    y0: Math.min(a.outline.y0, b.outline.y0),
    x1: Math.max(a.outline.x1, b.outline.x1),
    y1: Math.max(a.outline.y1, b.outline.y1),
  },
});

function placesOf(frame: Frame, row: Row, gaps: readonly Gap[]): readonly Place[] {
  const middle = Math.max(1, median(row.columns.map(widthOf)));
  const own = gaps.filter((gap) => {
    const x = (gap.x0 + gap.x1) / 2;
    return gap.row === row || Math.abs(boardAt(row, x) - gap.y1) < 0.25 * heightOf(gap);
  });
  const boxes: { readonly box: Box | Gap; readonly kind: 'facing' | 'gap' }[] = [
    ...row.columns.map((box) => ({ box, kind: 'facing' as const })),
    ...own.map((box) => ({ box, kind: 'gap' as const })),
  ].toSorted((a, b) => a.box.x0 - b.box.x0);
  let before: Float32Array | undefined;
  return boxes.map(({ box, kind }): Place => {
    if (kind === 'gap') {
      before = undefined;
      return { box, kind, seen: { type: 'gap', facings: Math.max(1, Math.round(widthOf(box) / middle)) } };
    }
    const look = lookOf(frame, box);
    const alike = before === undefined ? undefined : likeness(before, look);
    before = look;
    return { box, kind, seen: { type: 'facing', alike, width: widthOf(box) / middle } };
  });
}

/** A code read on this row's products or tags that the plan puts into another row. */
function contradictsCodes(
  row: Row,
  products: readonly PlannedProduct[],
  planogram: Planogram,
  codes: readonly ReadCode[],
): boolean {
  const tall = median(row.columns.map(heightOf));
  return codes.some(({ gtin, at }) => {
    const x = (at.x0 + at.x1) / 2;
    const y = (at.y0 + at.y1) / 2;
    const board = boardAt(row, x);
    if (y < board - tall || y > board + 0.35 * tall) return false;
    const knows = (p: PlannedProduct): boolean =>
      (p.gtins ?? []).some((g) => g.padStart(14, '0') === gtin.padStart(14, '0'));
    const isPlanned = planogram.rows.some((r) => r.products.some(knows));
    return isPlanned && !products.some(knows);
  });
}

/** Plan index per row, -1 for none: the cheapest pairing that keeps the order from the top. */
function chooseRows(
  costs: readonly (readonly number[])[],
  planned: readonly number[],
  seen: readonly number[],
): readonly number[] {
  const n = costs.length;
  const m = planned.length;
  const best = Array.from({ length: n + 1 }, () => new Float64Array(m + 1).fill(Number.POSITIVE_INFINITY));
  const from = Array.from({ length: n + 1 }, () => new Uint8Array(m + 1));
  (best[0] as Float64Array)[0] = 0;
  for (let i = 0; i <= n; i++)
    for (let j = 0; j <= m; j++) {
      const here = best[i]?.[j] ?? Number.POSITIVE_INFINITY;
      const go = (i2: number, j2: number, price: number, how: number): void => {
        const line = best[i2];
        if (line === undefined || here + price >= (line[j2] as number)) return;
        line[j2] = here + price;
        (from[i2] as Uint8Array)[j2] = how;
      };
      if (i < n) go(i + 1, j, Math.min(ROW_WITHOUT_PLAN, 0.9 * (seen[i] ?? 0)), 1);
      if (j < m) go(i, j + 1, Math.min(PLAN_WITHOUT_ROW, 0.7 * (planned[j] ?? 0)), 2);
      if (i < n && j < m) go(i + 1, j + 1, costs[i]?.[j] ?? Number.POSITIVE_INFINITY, 3);
    }
  const chosen = Array.from({ length: n }, () => -1);
  for (let i = n, j = m; i > 0 || j > 0; ) {
    const how = from[i]?.[j] ?? 0;
    if (how === 3) chosen[--i] = --j;
    else if (how === 1) i--;
    else j--;
  }
  return chosen;
}

interface SeenRow {
  readonly row: Row;
  readonly places: readonly Place[];
}

interface Chosen {
  readonly rows: readonly SeenRow[];
  readonly plans: readonly (readonly PlannedProduct[])[];
  /** Plan per row, -1 for none. */
  readonly chosen: readonly number[];
  readonly alignments: readonly (readonly { readonly alignment: RowAlignment }[])[];
  /** Gaps that are sure enough without a plan. */
  readonly reported: ReadonlySet<Rect>;
}

function collect({ rows, plans, chosen, alignments, reported }: Chosen): PlanogramMatch {
  const placed: PlacedBox[] = [];
  for (const [i, { places }] of rows.entries()) {
    const plan = chosen[i] ?? -1;
    const alignment = alignments[i]?.[plan]?.alignment;
    for (const [k, { box, kind }] of places.entries()) {
      const product = alignment?.products[k] ?? -1;
      if (kind === 'gap' && product === -1 && !reported.has(box)) continue;
      placed.push({ box, kind, sku: plans[plan]?.[product]?.sku });
    }
  }
  const products = plans.flatMap((planned, row) => {
    const alignment = alignments[chosen.indexOf(row)]?.[row]?.alignment;
    return planned.map(
      (p, k): SkuOnShelf => ({
        sku: p.sku,
        row,
        planned: p.facings,
        facings: alignment?.facings[k] ?? 0,
        gaps: alignment?.gaps[k] ?? 0,
        unknown: alignment === undefined ? p.facings : (alignment.unseen[k] ?? 0),
      }),
    );
  });
  const slots = products.reduce((sum, p) => sum + p.planned, 0);
  const unknown = products.reduce((sum, p) => sum + p.unknown, 0);
  return {
    products,
    placed,
    unplanned: placed.filter(({ sku }) => sku === undefined).length,
    certainty: slots === 0 ? 0 : 1 - unknown / slots,
  };
}
