/**
 * Several stores with known truth (`test/twin`), orders that arrive, and transfers that meet the true stock: a donor
 * that does not have the units ships short, whatever its record says.
 */
import { type Belief, createBelief } from '@truecount/device/belief';
import { Random } from '../twin/random.ts';
import { type Item, StoreWorld } from '../twin/store-world.ts';
import type { WorldSpec } from '../twin/worlds.ts';

export interface ChainSize {
  readonly seed: number;
  readonly stores: number;
  readonly skus: number;
  readonly days: number;
  readonly ordersPerDay: number;
}

export interface Site {
  readonly id: string;
  readonly world: StoreWorld;
  readonly belief: Belief;
}

/** What an order could not get where it was promised. */
export interface Shortfall {
  readonly id: string;
  readonly site: number;
  readonly sku: string;
  readonly item: number;
  readonly qty: number;
}

/** Units that left a donor, until what they are missed for is settled. */
interface Gift {
  readonly site: number;
  readonly item: number;
  readonly units: number;
  readonly lostBefore: number;
  readonly untilDay: number;
}

/** Before this hour nothing is on sale. */
const MORNING = 0.3;

export class ChainWorld {
  readonly sites: readonly Site[];
  /** Sales that donors lost for units they gave, and their margin. */
  lostSales = 0;
  lostMargin = 0;
  readonly #spec: WorldSpec;
  readonly #size: ChainSize;
  readonly #orders: Random;
  #gifts: Gift[] = [];
  #orderId = 0;

  constructor(spec: WorldSpec, size: ChainSize) {
    this.#spec = spec;
    this.#size = size;
    this.#orders = new Random(size.seed * 7919 + 5);
    this.sites = Array.from({ length: size.stores }, (_, at) => {
      const world = new StoreWorld(spec, { skus: size.skus, seed: size.seed * 100 + at, days: size.days });
      const belief = createBelief();
      for (const observation of world.opening()) belief.observe(observation);
      return { id: `store-${at}`, world, belief };
    });
  }

  item(site: number, item: number): Item {
    return this.#at(site).world.items[item] as Item;
  }

  /** Units that customers wanted and did not find, since the first day. */
  get salesLost(): number {
    return this.sites.reduce(
      (sum, { world }) => world.items.reduce((all, { lostUnits }) => all + lostUnits, sum),
      0,
    );
  }

  /** Earned per unit; the same at every store, as a chain's prices are. */
  marginOf(item: number): number {
    const { price, cost } = this.item(0, item);
    return price - cost;
  }

  /** Goes through a trading day at every store. */
  live(): void {
    for (const { world, belief } of this.sites)
      for (const observation of world.nextDay()) belief.observe(observation);
    this.#gifts = this.#gifts.filter((gift) => !this.#settle(gift));
  }

  /** The morning's orders, picked at once where they were placed; returns what was not there. */
  takeOrders(): Shortfall[] {
    const short: Shortfall[] = [];
    for (let n = 0; n < this.#size.ordersPerDay; n += 1) {
      const site = this.#orders.integer(0, this.sites.length - 1);
      const item = this.#orders.integer(0, this.#size.skus - 1);
      const qty = this.#orders.chance(0.8) ? 1 : 2;
      const id = `o${(this.#orderId += 1)}`;
      const found = this.#pick(site, item, { qty, order: id });
      if (found < qty) short.push({ id, site, item, sku: this.item(site, item).sku, qty: qty - found });
    }
    return short;
  }

  /** The donor picks; what it finds leaves it. */
  ship(site: number, item: number, qty: number): number {
    const found = this.#pick(site, item, { qty, order: `t${(this.#orderId += 1)}` });
    const { world } = this.#at(site);
    const { lostUnits: lostBefore } = this.item(site, item);
    // Goods that come this morning are there before the first customer.
    if (found > 0 && this.item(site, item).arrivesOn !== world.day) {
      const untilDay = world.day + Math.ceil(this.#spec.coverDays);
      this.#gifts.push({ site, item, units: found, lostBefore, untilDay });
    }
    return found;
  }

  /** Units for the shelf arrive with their papers. */
  receive(site: number, item: number, qty: number): void {
    if (qty === 0) return;
    const { world, belief } = this.#at(site);
    const held = this.item(site, item);
    held.back += qty;
    held.record += qty;
    belief.observe({ type: 'transfer', t: this.#now(world), sku: held.sku, qty });
  }

  #pick(
    site: number,
    item: number,
    { qty, order }: { readonly qty: number; readonly order: string },
  ): number {
    const { world, belief } = this.#at(site);
    const held = this.item(site, item);
    const found = Math.min(qty, held.shelf + held.back);
    const fromShelf = Math.min(held.shelf, found);
    held.shelf -= fromShelf;
    held.back -= found - fromShelf;
    held.record -= found;
    belief.observe({ type: 'pick', t: this.#now(world), sku: held.sku, requested: qty, found, order });
    return found;
  }

  /** What a gift cost: sales lost there since, up to its units, until goods come or the usual cover is over. */
  #settle({ site, item, units, lostBefore, untilDay }: Gift): boolean {
    const held = this.item(site, item);
    const { world } = this.#at(site);
    const lost = Math.min(units, held.lostUnits - lostBefore);
    const isOver = lost === units || world.day >= untilDay || held.arrivesOn === world.day;
    if (!isOver) return false;
    this.lostSales += lost;
    this.lostMargin += lost * this.marginOf(item);
    return true;
  }

  #now(world: StoreWorld): string {
    return world.at(this.#spec.opensAt - MORNING);
  }

  #at(site: number): Site {
    return this.sites[site] as Site;
  }
}
