/**
 * A store with known truth. Each simulated day changes the real stock (shelf, backroom, misplaced) and
 * returns what a store's systems would have said about it, in the order in which it would have arrived.
 *
 * Invariant: nothing that an observation carries is read from the truth except through the imperfect act
 * that produced it (a sale, a count, a camera frame).
 */
import type { Observation } from '@truecount/protocol';
import { Random } from './random.ts';
import type { Assortment, WorldSpec } from './worlds.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const MONDAY = Date.parse('2025-01-06T00:00:00.000Z');

export interface Item {
  readonly sku: string;
  readonly assortment: Assortment;
  readonly price: number;
  readonly cost: number;
  readonly camera: boolean;
  readonly capacity: number;
  readonly unitsPerFacing: number;
  readonly sibling: number;
  readonly swapped: boolean;
  readonly season: number;
  rate: number;
  shelf: number;
  back: number;
  missing: number;
  record: number;
  inTransit: number;
  arrivesOn: number;
  promotedUntil: number;
  promotion: number;
  blindUntil: number;
  lostUnits: number;
  soldUnits: number;
}

export interface WorldOptions {
  readonly skus: number;
  readonly seed: number;
  readonly days: number;
}

export class StoreWorld {
  readonly items: Item[];
  readonly spec: WorldSpec;
  day = 0;
  #random: Random;
  #ticket = 0;
  #orders = 0;

  constructor(spec: WorldSpec, options: WorldOptions) {
    this.spec = spec;
    this.#random = new Random(options.seed);
    this.items = Array.from({ length: options.skus }, (_, i) => this.#item(i, options.skus));
  }

  /** Instant of an hour (may be fractional) of the current day. */
  at(hours: number): string {
    return new Date(MONDAY + this.day * DAY + Math.round(hours * HOUR)).toISOString();
  }

  get closesAt(): number {
    return this.spec.opensAt + this.spec.hours.length;
  }

  onHand(item: Item): number {
    return item.shelf + item.back;
  }

  /** Purchases per trading day that customers want now, were it on the shelf. */
  trueRate(item: Item): number {
    const promotion = this.day < item.promotedUntil ? item.promotion : 1;
    const season = 1 + 0.3 * Math.sin((2 * Math.PI * this.day) / 180 + item.season);
    return item.rate * promotion * season;
  }

  #item(index: number, skus: number): Item {
    const random = this.#random;
    const assortment = this.#assortment(index / skus);
    const rate = Math.min(60, random.logNormal(assortment.rate, assortment.rateSpread));
    const price = Math.max(0.2, Math.round(100 * random.logNormal(assortment.price, 0.5)) / 100);
    const units = rate / (1 - assortment.another);
    const capacity = Math.max(3, Math.round(units * 4));
    const start = Math.max(1, random.poisson(units * this.spec.coverDays));
    const wrong = random.uniform();
    const record =
      wrong < 0.7
        ? start
        : wrong < 0.75
          ? start + random.integer(1, 4)
          : Math.max(0, start + random.integer(-2, 2));
    const empty = random.chance(0.015);
    const held = empty ? 0 : start;
    return {
      sku: `${this.spec.name}-${String(index).padStart(5, '0')}`,
      assortment,
      price,
      cost: Math.round(65 * price) / 100,
      camera: random.chance(this.spec.cameraShare),
      capacity,
      unitsPerFacing: Math.max(1, Math.round(capacity / 6)),
      sibling: index % 2 === 0 ? Math.min(skus - 1, index + 1) : index - 1,
      swapped: random.chance(this.spec.swappedPairs),
      season: random.between(0, 6.28),
      rate,
      shelf: Math.min(held, capacity),
      back: Math.max(0, held - capacity),
      missing: 0,
      record,
      inTransit: 0,
      arrivesOn: -1,
      promotedUntil: -1,
      promotion: 1,
      blindUntil: -1,
      lostUnits: 0,
      soldUnits: 0,
    };
  }

  #assortment(share: number): Assortment {
    let upTo = 0;
    for (const assortment of this.spec.assortments) {
      upTo += assortment.share;
      if (share < upTo) return assortment;
    }
    return this.spec.assortments.at(-1) as Assortment;
  }

  /** What is known before the first day: the catalog and the opening records. */
  opening(): Observation[] {
    return this.items.flatMap((item, index): Observation[] => [
      {
        type: 'catalog',
        t: this.at(0),
        sku: item.sku,
        name: `${item.assortment.name} ${index}`,
        price: item.price,
        cost: item.cost,
        category: item.assortment.name,
        place: `aisle ${Math.floor(index / 120) + 1}`,
        facings: Math.ceil(item.capacity / item.unitsPerFacing),
      },
      { type: 'record', t: this.at(0), sku: item.sku, qty: item.record },
    ]);
  }

  /** Lives one day; returns its observations in order of arrival. */
  nextDay(): Observation[] {
    const random = this.#random;
    const weekday = this.spec.weekdays[this.day % 7] as number;
    const closed = weekday === 0 || random.chance(this.spec.holiday);
    const said: Observation[] = [];
    const traffic = closed ? 0 : weekday * random.logNormal(1, 0.12);
    this.#promote();
    if (!closed) said.push({ type: 'open', t: this.at(this.spec.opensAt) });
    for (const item of this.items) {
      this.#drift(item);
      if (!closed) this.#deliver(item, said);
      this.#live(item, traffic, said);
    }
    if (!closed) {
      this.#pickOrders(said);
      this.#cycleCount(said);
      said.push({ type: 'close', t: this.at(this.closesAt) });
    }
    for (const item of this.items) this.#order(item);
    const arrived = this.#arrivalOrder(said);
    this.day++;
    return arrived;
  }

  /** Time order, but for an outage: its lines come in one burst when it is over. */
  #arrivalOrder(said: Observation[]): Observation[] {
    said.sort((a, b) => (a.t < b.t ? -1 : a.t > b.t ? 1 : 0));
    if (!this.#random.chance(this.spec.outage)) return said;
    const from = this.at(this.#random.between(this.spec.opensAt, this.closesAt - 4));
    const until = new Date(Date.parse(from) + this.#random.between(1, 4) * HOUR).toISOString();
    const late = said.filter((o) => o.t >= from && o.t < until && o.type === 'sale');
    const rest = said.filter((o) => !late.includes(o));
    const at = rest.findIndex((o) => o.t >= until);
    return at < 0 ? [...rest, ...late] : [...rest.slice(0, at), ...late, ...rest.slice(at)];
  }

  #promote(): void {
    if (this.day % 7 !== 0) return;
    for (let i = 0; i < this.spec.promotionsPerWeek; i++) {
      const item = this.#random.pick(this.items);
      item.promotedUntil = this.day + 7;
      item.promotion = this.#random.between(1.5, 4);
    }
  }

  #drift(item: Item): void {
    const random = this.#random;
    item.rate = Math.min(60, Math.max(0.003, item.rate * Math.exp(0.02 * random.normal())));
    if (random.chance(this.spec.levelShift)) item.rate = Math.min(60, item.rate * random.logNormal(1, 0.7));
  }

  #deliver(item: Item, said: Observation[]): void {
    if (item.arrivesOn < 0 || item.arrivesOn > this.day) return;
    const random = this.#random;
    const planned = item.inTransit;
    item.inTransit = 0;
    item.arrivesOn = -1;
    let came = planned;
    if (random.chance(this.spec.receiptMissing)) came = 0;
    else if (random.chance(this.spec.receiptShort))
      came = Math.max(0, planned - random.integer(1, Math.max(2, Math.ceil(planned / 6))));
    else if (random.chance(this.spec.receiptOver)) came = planned + 1;
    item.back += came;
    item.record += planned;
    said.push({ type: 'receipt', t: this.at(random.between(5.5, 7)), sku: item.sku, qty: planned });
    this.#fill(item);
  }

  #fill(item: Item): void {
    const moved = Math.min(item.back, Math.max(0, item.capacity - item.shelf));
    item.shelf += moved;
    item.back -= moved;
  }

  /** One SKU's day, hour by hour. */
  #live(item: Item, traffic: number, said: Observation[]): void {
    const random = this.#random;
    if (random.chance(0.85)) this.#fill(item);
    this.#mishaps(item, said);
    if (traffic === 0) return;
    const { hours, opensAt } = this.spec;
    const total = hours.reduce((a, b) => a + b, 0);
    const wanted = this.trueRate(item) * traffic * random.gamma(this.spec.dayNoiseShape);
    let purchases = random.poisson(wanted);
    const times = Array.from({ length: purchases }, () => this.#hourOf(total)).sort((a, b) => a - b);
    let lookedAt = opensAt + 1;
    for (const time of times) {
      lookedAt = this.#cameraUntil(item, { from: lookedAt, to: time }, said);
      if (item.shelf === 0 && item.back > 0 && random.chance(0.25)) this.#fill(item);
      this.#purchase(item, time, said);
      purchases--;
    }
    this.#cameraUntil(item, { from: lookedAt, to: this.closesAt }, said);
    if (random.chance(0.02 * Math.min(1, this.trueRate(item)))) this.#customerReturn(item, said);
  }

  #hourOf(total: number): number {
    let at = this.#random.uniform() * total;
    const { hours, opensAt } = this.spec;
    for (let h = 0; h < hours.length; h++) {
      at -= hours[h] as number;
      // Nobody buys in the last half hour: what closes the day (picks, counts) comes after all sales.
      if (at < 0) return opensAt + ((h + this.#random.uniform()) * (hours.length - 0.5)) / hours.length;
    }
    return this.closesAt - 0.51;
  }

  #purchase(item: Item, time: number, said: Observation[]): void {
    const random = this.#random;
    const wants = Math.min(24, 1 + random.geometric(1 - item.assortment.another));
    const qty = Math.min(wants, item.shelf);
    item.lostUnits += wants - qty;
    if (qty === 0) return;
    item.shelf -= qty;
    item.soldUnits += qty;
    const wrong = random.chance(item.swapped ? 0.12 : this.spec.misScan);
    const scanned = wrong ? (this.items[item.sibling] as Item) : item;
    scanned.record -= qty;
    const sale = {
      type: 'sale',
      t: this.at(time),
      sku: scanned.sku,
      qty,
      till: '1',
      ticket: String(++this.#ticket),
      line: 0,
    } as const;
    said.push(sale);
    if (!random.chance(0.003)) return;
    said.push({ ...sale, t: this.at(time + 0.01), qty: -qty, line: 1 });
    scanned.record += qty;
    item.shelf += qty;
    item.soldUnits -= qty;
  }

  #mishaps(item: Item, said: Observation[]): void {
    const random = this.#random;
    const { spec } = this;
    const loss = spec.theftPerUnitSold * this.trueRate(item) + spec.theftFloor;
    this.#lose(item, random.poisson(loss));
    if (random.chance(spec.burst)) this.#lose(item, Math.ceil(this.onHand(item) * random.between(0.7, 1.3)));
    if (random.chance(spec.misplaced)) {
      item.missing += this.onHand(item);
      item.shelf = 0;
      item.back = 0;
    }
    if (item.missing > 0 && random.chance(spec.misplacedReturns)) {
      item.back += item.missing;
      item.missing = 0;
    }
    const spoiled = random.poisson(item.assortment.spoils * this.onHand(item));
    if (spoiled === 0) return;
    const before = this.onHand(item);
    this.#lose(item, spoiled);
    const written = before - this.onHand(item);
    if (written === 0 || random.chance(0.3)) return;
    item.record -= written;
    said.push({
      type: 'waste',
      t: this.at(this.spec.opensAt - 0.5),
      sku: item.sku,
      qty: written,
      reason: 'expired',
    });
  }

  #lose(item: Item, units: number): void {
    const fromShelf = Math.min(item.shelf, units);
    item.shelf -= fromShelf;
    item.back -= Math.min(item.back, units - fromShelf);
  }

  #customerReturn(item: Item, said: Observation[]): void {
    const random = this.#random;
    const sellable = random.chance(0.85);
    const booked = random.chance(0.95);
    if (sellable) item.back += 1;
    if (!booked) return;
    if (sellable) item.record += 1;
    said.push({
      type: 'return',
      t: this.at(random.between(this.spec.opensAt + 1, this.closesAt)),
      sku: item.sku,
      qty: 1,
      sellable,
    });
  }

  /** Camera frames every two hours in [from, to); returns the time of the next. */
  #cameraUntil(
    item: Item,
    span: { readonly from: number; readonly to: number },
    said: Observation[],
  ): number {
    let time = span.from;
    if (!item.camera) return time;
    const random = this.#random;
    const planned = Math.ceil(item.capacity / item.unitsPerFacing);
    for (; time < span.to; time += 2) {
      const now = this.day * 24 + time;
      // A box in front of the lens stays for hours, so errors come in streaks.
      if (item.blindUntil < now && random.chance(this.spec.cameraBlind / 3))
        item.blindUntil = now + random.between(1, 8);
      let facings = Math.min(planned, Math.ceil(item.shelf / item.unitsPerFacing));
      if (item.blindUntil >= now) facings = 0;
      else if (facings === 0 && random.chance(this.spec.cameraGhost)) facings = 1;
      else if (facings > 0 && random.chance(0.15)) facings = Math.max(1, facings + random.integer(-1, 1));
      said.push({
        type: 'shelf',
        t: this.at(time),
        sku: item.sku,
        facings: Math.min(planned, facings),
        capacity: planned,
        camera: 'c1',
      });
    }
    return time;
  }

  #pickOrders(said: Observation[]): void {
    const random = this.#random;
    for (let i = random.poisson(this.spec.picksPerDay); i > 0; i--) {
      const item = random.pick(this.items);
      if (item.record <= 0) continue;
      const requested = Math.min(item.record, random.chance(0.8) ? 1 : 2);
      const findable = item.shelf + (random.chance(0.85) ? item.back : 0);
      const found = random.chance(0.03) ? 0 : Math.min(requested, findable);
      const fromShelf = Math.min(item.shelf, found);
      item.shelf -= fromShelf;
      item.back -= found - fromShelf;
      item.record -= found;
      said.push({
        type: 'pick',
        t: this.at(this.closesAt - 0.3),
        sku: item.sku,
        requested,
        found,
        order: `o${++this.#orders}`,
      });
    }
  }

  #cycleCount(said: Observation[]): void {
    for (let i = this.#random.poisson(this.spec.cycleCounts * this.items.length); i > 0; i--)
      said.push(this.#count(this.#random.pick(this.items), this.closesAt - 0.1));
  }

  #count(item: Item, time: number): Observation {
    const random = this.#random;
    const real = item.shelf + (random.chance(0.97) ? item.back : 0);
    const counted = random.chance(this.spec.countError)
      ? Math.max(0, real + (random.chance(0.5) ? 1 : -1))
      : real;
    item.record = counted;
    return { type: 'count', t: this.at(time), sku: item.sku, qty: counted, by: 'cycle' };
  }

  /** Somebody is sent to count; the shelf is filled while they are at it. */
  countNow(index: number, time: number): Observation {
    const item = this.items[index] as Item;
    const counted = this.#count(item, time);
    this.#fill(item);
    return counted;
  }

  /** The store orders by its record, so a phantom is never ordered again. */
  #order(item: Item): void {
    if (item.arrivesOn >= 0) return;
    const units = item.rate / (1 - item.assortment.another);
    const target = Math.max(3, Math.ceil(units * this.spec.coverDays * 1.6));
    if (item.record > target * 0.45) return;
    item.inTransit = Math.max(1, target - item.record);
    item.arrivesOn = this.day + this.#random.integer(2, 3);
  }
}
