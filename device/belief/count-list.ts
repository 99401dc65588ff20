/**
 * What is most worth counting: expected money recovered per minute of somebody's time, not simply the most
 * doubtful SKU. Two errors cost money: an empty place that the record hides (sales lost until somebody
 * notices), and units that the record does not know (ordered again, tied up).
 */
import { atLeast, type Position } from './answers.ts';
import type { CatalogEntry } from './sku-register.ts';

export interface CountCandidate {
  readonly position: Position;
  readonly catalog: CatalogEntry | undefined;
}

export interface CountEconomics {
  /** Trading days until the error would be noticed without a count. */
  readonly horizonDays: number;
  /** Trading days from an order to its goods. */
  readonly leadDays: number;
  /** Days of demand on record at which a SKU is ordered again, where no delivery has shown it yet. */
  readonly reorderCoverDays: number;
  /** Share of the price that is kept, where the catalog has no cost. */
  readonly margin: number;
  /** Share of lost sales that customers do not replace by something else of the store. */
  readonly lostShare: number;
  /** Cost of a needlessly ordered unit over the horizon, as a share of its cost. */
  readonly holding: number;
  readonly minutesPerCount: number;
  readonly minutesPerUnit: number;
  /** Walking to another aisle. */
  readonly minutesPerPlace: number;
  readonly wagePerMinute: number;
}

export const defaultEconomics: CountEconomics = {
  horizonDays: 21,
  leadDays: 2.5,
  reorderCoverDays: 4,
  margin: 0.3,
  lostShare: 0.6,
  holding: 0.02,
  minutesPerCount: 0.4,
  minutesPerUnit: 0.02,
  minutesPerPlace: 1.2,
  wagePerMinute: 0.3,
};

export interface CountItem {
  readonly sku: string;
  readonly name: string | undefined;
  readonly place: string;
  readonly record: number;
  readonly confidence: number;
  readonly mean: number;
  /** Expected money that knowing the true number recovers. */
  readonly value: number;
  readonly minutes: number;
}

export interface CountRoute {
  readonly items: readonly CountItem[];
  readonly value: number;
  readonly minutes: number;
}

/** SKUs without prices count with this one, so that they are still ranked among themselves. */
const UNKNOWN_PRICE = 1;
const NOWHERE = 'unknown place';

/**
 * What the best decisions gain over the horizon if the true number were known. The store's system orders by the
 * record, so a wrong record costs sales in two ways:
 * - the units run out while the record is still above its reorder point: nothing is ordered until somebody notices;
 * - the record asks for goods, but too late by its own error: sales are lost while they are on their way.
 * Where the record is so low that goods come anyway, counting an empty place changes little.
 */
export function valueOfCounting({ position, catalog }: CountCandidate, economics: CountEconomics): number {
  if (position.record === null) return 0;
  const price = catalog?.price ?? UNKNOWN_PRICE;
  const cost = catalog?.cost ?? price * (1 - economics.margin);
  const lost = position.record > 0 ? expectedLostUnits(position, economics) : 0;
  const surplus = expectedSurplus(position.pmf, Math.max(0, position.record));
  const negative = position.record < 0 ? atLeast(position.pmf, 1) : 0;
  return lost * (price - cost) * economics.lostShare + (surplus + negative) * cost * economics.holding;
}

/** An empty place whose goods are on their way still gains this share by a count: the order was too small. */
const ORDERED_ANYWAY = 0.1;

/** Units that customers will want over the horizon and not find, because the record is too high. */
function expectedLostUnits(position: Position, economics: CountEconomics): number {
  const { pmf, rate } = position;
  const record = position.record ?? 0;
  const { horizonDays, leadDays, reorderCoverDays } = economics;
  if (!(rate > 0)) return 0;
  const whenGoodsCame = position.reordersAt ?? rate * (reorderCoverDays - leadDays);
  const reorderPoint = Math.max(0, whenGoodsCame) + rate * leadDays;
  let units = 0;
  for (let n = 0; n < Math.min(record, pmf.length); n++) {
    const error = record - n;
    const blocked = isAbove(error, reorderPoint);
    const waits = Math.max(0, horizonDays - Math.max(leadDays, n / rate));
    const late = Math.min(leadDays, Math.max(0, leadDays - (reorderPoint - error) / rate));
    const days = n === 0 ? Math.max(ORDERED_ANYWAY, blocked) * waits : blocked * waits + (1 - blocked) * late;
    units += (pmf[n] as number) * days * rate;
  }
  return units;
}

/** Reorder points are known roughly: P(a record of `units` is above one at about `point`). */
const isAbove = (units: number, point: number): number =>
  1 / (1 + Math.exp((4 * (point - units)) / (point + 1)));

function expectedSurplus(pmf: readonly number[], record: number): number {
  let surplus = 0;
  for (let n = Math.floor(record) + 1; n < pmf.length; n++) surplus += (n - record) * (pmf[n] as number);
  return surplus;
}

/** What there is too little of: counts, or minutes. */
export type CountLimit = { readonly counts: number } | { readonly minutes: number };

/**
 * Chooses what to count and orders it by place. With a number of counts each is chosen by its value minus the
 * wage it costs; with a number of minutes by its value per minute. The walk to a new place is paid once.
 */
export function countList(
  candidates: Iterable<CountCandidate>,
  limit: CountLimit,
  economics: CountEconomics = defaultEconomics,
): CountRoute {
  const most = 'counts' in limit ? limit.counts : Math.ceil(limit.minutes / economics.minutesPerCount);
  const items = [...candidates]
    .map((candidate) => itemOf(candidate, economics))
    .filter((item) => item.value > 0)
    .sort((a, b) => b.value - a.value || (a.sku < b.sku ? -1 : 1))
    .slice(0, Math.max(200, most * 20));
  const chosen: CountItem[] = [];
  const visited = new Set<string>();
  const left = new Set(items);
  let minutes = 0;
  while (chosen.length < most && left.size > 0) {
    const best = bestNext(left, visited, { economics, perMinute: 'minutes' in limit });
    if (best === undefined) break;
    minutes += best.minutes + (visited.has(best.place) ? 0 : economics.minutesPerPlace);
    if ('minutes' in limit && minutes > limit.minutes) break;
    left.delete(best);
    visited.add(best.place);
    chosen.push(best);
  }
  const byPlace = chosen.sort(
    (a, b) => a.place.localeCompare(b.place, 'en', { numeric: true }) || b.value - a.value,
  );
  return {
    items: byPlace,
    value: byPlace.reduce((sum, item) => sum + item.value, 0),
    minutes: byPlace.reduce((sum, item) => sum + item.minutes, visited.size * economics.minutesPerPlace),
  };
}

function bestNext(
  items: Iterable<CountItem>,
  visited: ReadonlySet<string>,
  { economics, perMinute }: { readonly economics: CountEconomics; readonly perMinute: boolean },
): CountItem | undefined {
  let best: CountItem | undefined;
  let most = 0;
  for (const item of items) {
    // The walk to a new place is shared by about four counts there.
    const minutes = item.minutes + (visited.has(item.place) ? 0 : economics.minutesPerPlace / 4);
    const worth = perMinute ? item.value / minutes : item.value - economics.wagePerMinute * minutes;
    // A list is filled even where no count pays for its minutes: the order is still right.
    const rank = worth > 0 ? 1 + worth : 1 / (1 - worth);
    if (rank > most) {
      most = rank;
      best = item;
    }
  }
  return best;
}

function itemOf(candidate: CountCandidate, economics: CountEconomics): CountItem {
  const { position, catalog } = candidate;
  return {
    sku: position.sku,
    name: catalog?.name,
    place: catalog?.place ?? catalog?.category ?? NOWHERE,
    record: position.record ?? 0,
    confidence: position.confidence,
    mean: position.mean,
    value: valueOfCounting(candidate, economics),
    minutes: economics.minutesPerCount + economics.minutesPerUnit * position.mean,
  };
}
