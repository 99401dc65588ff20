/**
 * Seeded reallocation problems that look like a chain's Monday: stores on a map, lanes to the nearest ones, stock
 * that is too much here and too little there, doubt about all of it, and some orders that cannot wait.
 */
import type { PlanningNeed, PlanningPosition, PlanningProblem } from '../../protocol/index.ts';

export interface ProblemSize {
  readonly seed: number;
  readonly stores: number;
  readonly skus: number;
  /** Lanes into each store, from its nearest neighbours; default: from every other store. */
  readonly lanesPerStore?: number;
  /** Mean fixed cost of a lane; 0: no lane has one. */
  readonly fixed: number;
  /** Share of lanes with a capacity. */
  readonly capacitated?: number;
  /** Share of SKU-stores with an order that cannot be filled there. */
  readonly ordered?: number;
  /** Share of SKU-stores that exist at all. */
  readonly density?: number;
  /** Give positions as full distributions instead of mean and p0. */
  readonly pmf?: boolean;
  readonly maxUnits?: number;
  /** Orders worth less than stock, too. */
  readonly cheapNeeds?: boolean;
}

/** Mulberry32: small, fast, and the same everywhere. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function randomProblem(size: ProblemSize): PlanningProblem {
  const random = seededRandom(size.seed);
  const between = (low: number, high: number): number => low + (high - low) * random();
  const sites = Array.from({ length: size.stores }, (_, i) => ({ id: `s${i}`, x: random(), y: random() }));
  const lanes = sites.flatMap((to) => {
    const near = sites
      .filter((from) => from !== to)
      .map((from) => ({ from, distance: Math.hypot(from.x - to.x, from.y - to.y) }))
      .sort((a, b) => a.distance - b.distance)
      .slice(0, size.lanesPerStore ?? size.stores);
    return near.map(({ from, distance }) => ({
      from: from.id,
      to: to.id,
      fixed: size.fixed === 0 ? 0 : round(size.fixed * (0.5 + distance * 1.5) * between(0.7, 1.3)),
      perUnit: round(0.1 + 0.4 * distance),
      hours: Math.ceil(4 + 40 * distance * between(0.8, 1.5)),
      ...(random() < (size.capacitated ?? 0) ? { capacity: Math.ceil(between(5, 60)) } : {}),
    }));
  });
  const positions: PlanningPosition[] = [];
  const needs: PlanningNeed[] = [];
  for (let k = 0; k < size.skus; k += 1) {
    const sku = `k${k}`;
    const margin = round(0.8 * Math.exp(2.2 * random()));
    const chainRate = 0.08 * Math.exp(3 * random());
    for (const { id } of sites) {
      if (random() > (size.density ?? 1)) continue;
      const rate = chainRate * between(0.5, 1.5);
      const coverDays = Math.ceil(between(2, 8));
      const stocked = random() < 0.35 ? between(0, 0.5) : between(0.5, 3);
      const p0 = round(random() < 0.15 ? between(0.2, 0.8) : between(0.001, 0.08));
      const mean = round(Math.max((rate * coverDays + 1) * stocked, 1.05) * (1 - p0));
      const stock = size.pmf ? { pmf: bell(mean, p0) } : { mean, p0 };
      positions.push({
        store: id,
        sku,
        ...stock,
        rate: round(rate),
        coverDays,
        reserved: random() < 0.1 ? Math.floor(between(0, 3)) : 0,
        margin,
        ...(random() < 0.3 ? { minimum: 1 } : {}),
        ...(random() < 0.2 ? { dispersion: round(between(0.5, 5)) } : {}),
      });
      if (random() < (size.ordered ?? 0.02))
        needs.push({
          store: id,
          sku,
          qty: random() < 0.7 ? 1 : 2,
          value: round(size.cheapNeeds ? margin * between(0.1, 1.2) : margin + between(2, 15)),
          dueHours: Math.ceil(between(6, 60)),
          order: `O-${needs.length}`,
        });
    }
  }
  const maxUnits = size.maxUnits === undefined ? {} : { maxUnits: size.maxUnits };
  return {
    stores: sites.map(({ id }) => ({ id })),
    lanes,
    positions,
    needs,
    policy: { alpha: 0.1, ...maxUnits },
  };
}

function bell(mean: number, p0: number): number[] {
  const centre = mean / (1 - p0);
  const cells = Array.from({ length: Math.ceil(centre * 2 + 6) }, (_, n) =>
    n === 0 ? 0 : Math.exp(-((n - centre) ** 2) / (2 * (1 + centre / 3))),
  );
  const sum = cells.reduce((a, b) => a + b, 0);
  return cells.map((cell, n) => (n === 0 ? p0 : ((1 - p0) * cell) / sum));
}

const round = (value: number): number => Number(value.toPrecision(4));
