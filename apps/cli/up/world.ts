/**
 * The demo's physical world: what really stands in each store, which the product never sees. It plays the
 * recorded demand against that stock and says, in time order, what happens: receipts at the till, deliveries,
 * trading hours. Deterministic: the same state and the same interval give the same events.
 *
 * Invariant: nothing is sold that is not there, so a loss shows as silence at the till, as in a real store.
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Recording } from './recording.ts';
import {
  CLOSING_HOUR,
  COVER,
  DELIVERY_EVERY_DAYS,
  DELIVERY_HOUR,
  type DemoStore,
  HISTORY_DAYS,
  type Mishap,
  OPENING_HOUR,
} from './scenario.ts';

const HOUR_MS = 3_600_000;
const MINUTES = 60;

export interface TicketLine {
  readonly sku: string;
  readonly qty: number;
}
export type WorldEvent =
  | {
      readonly kind: 'ticket';
      readonly at: number;
      readonly number: number;
      readonly lines: readonly TicketLine[];
    }
  | {
      readonly kind: 'delivery';
      readonly at: number;
      readonly reference: string;
      readonly lines: readonly TicketLine[];
    }
  | { readonly kind: 'open' | 'close'; readonly at: number };

/** Everything that changes; plain JSON, so that a second start goes on where the first stopped. */
export interface StoreState {
  /** Events before this instant (ms) have happened. */
  until: number;
  nextTicket: number;
  /** Units really there, and units the books claim. */
  physical: Record<string, number>;
  record: Record<string, number>;
}

interface Step {
  readonly at: number;
  /** Decides, when its time has come, what it does to the stock. */
  readonly happen: () => WorldEvent | undefined;
}

interface Basket {
  readonly at: number;
  readonly lines: readonly TicketLine[];
}

export class StoreWorld {
  readonly store: DemoStore;
  readonly state: StoreState;
  readonly #recording: Recording;
  readonly #mishaps: readonly Mishap[];
  readonly #dayStarts: readonly number[];
  /** Units of every product that a delivery fills up to. */
  readonly #levels: Readonly<Record<string, number>>;
  /** The day that was planned last; a live day is asked for several times a second. */
  #planned: { readonly index: number; readonly steps: readonly Step[] } | undefined;

  constructor(store: DemoStore, recording: Recording, mishaps: readonly Mishap[], state?: StoreState) {
    this.store = store;
    this.#recording = recording;
    this.#mishaps = mishaps.filter((mishap) => mishap.store === store.id);
    this.#dayStarts = recording.days.map((day) => Date.parse(`${day}T00:00:00.000Z`));
    this.#levels = usualLevels(recording, store.id);
    this.state = state ?? {
      until: this.#dayStarts[0] ?? 0,
      nextTicket: 1001,
      physical: { ...this.#levels },
      record: { ...this.#levels },
    };
  }

  /** Plays everything that is due before `until` (ms) and returns it in time order. */
  advance(until: number): WorldEvent[] {
    const from = this.state.until;
    const events: WorldEvent[] = [];
    for (const [index, dayStart] of this.#dayStarts.entries()) {
      if (dayStart >= until || dayStart + 24 * HOUR_MS <= from) continue;
      for (const step of this.#planOf(index, dayStart)) {
        if (step.at < from || step.at >= until) continue;
        const event = step.happen();
        if (event) events.push(event);
      }
    }
    this.state.until = Math.max(from, until);
    return events;
  }

  /** Units that arrive (+) or leave (-) outside the recording: a transfer between stores. */
  move(sku: string, units: number): void {
    this.state.physical[sku] = Math.max(0, (this.state.physical[sku] ?? 0) + units);
    this.state.record[sku] = (this.state.record[sku] ?? 0) + units;
  }

  physical(sku: string): number {
    return this.state.physical[sku] ?? 0;
  }

  #planOf(index: number, dayStart: number): readonly Step[] {
    if (this.#planned?.index !== index) this.#planned = { index, steps: this.#plan(index, dayStart) };
    return this.#planned.steps;
  }

  /** One day's happenings in time order; what each does to the stock is decided when its time comes. */
  #plan(index: number, dayStart: number): Step[] {
    const at = (hour: number) => dayStart + hour * HOUR_MS;
    const steps: Step[] = [
      { at: at(OPENING_HOUR), happen: () => ({ kind: 'open', at: at(OPENING_HOUR) }) },
      { at: at(CLOSING_HOUR), happen: () => ({ kind: 'close', at: at(CLOSING_HOUR) }) },
    ];
    if (index % DELIVERY_EVERY_DAYS === this.store.deliveryPhase)
      steps.push({ at: at(DELIVERY_HOUR), happen: () => this.#deliver(index, at(DELIVERY_HOUR)) });
    for (const mishap of this.#mishaps) {
      if (mishap.kind === 'loss' && mishap.day === index)
        steps.push({
          at: at(mishap.hour),
          happen: () => {
            this.state.physical[mishap.sku] = 0;
            return undefined;
          },
        });
    }
    for (const basket of this.#baskets(index, dayStart))
      steps.push({ at: basket.at, happen: () => this.#sell(basket) });
    return steps.sort((a, b) => a.at - b.at);
  }

  #sell(basket: Basket): WorldEvent | undefined {
    const lines: TicketLine[] = [];
    for (const { sku, qty } of basket.lines) {
      const sold = Math.min(qty, this.physical(sku));
      if (sold === 0) continue;
      this.state.physical[sku] = this.physical(sku) - sold;
      this.state.record[sku] = (this.state.record[sku] ?? 0) - sold;
      lines.push({ sku, qty: sold });
    }
    if (lines.length === 0) return undefined;
    return { kind: 'ticket', at: basket.at, number: this.state.nextTicket++, lines };
  }

  /** Fills every product up to its level, as far as the books know; the paperwork of a mishap is missing. */
  #deliver(index: number, at: number): WorldEvent {
    const lines: TicketLine[] = [];
    for (const [sku, level] of Object.entries(this.#levels)) {
      const qty = level - (this.state.record[sku] ?? 0);
      if (qty <= 0) continue;
      this.state.physical[sku] = this.physical(sku) + qty;
      const unbooked = this.#mishaps.some(
        (mishap) => mishap.kind === 'unbooked-delivery' && mishap.sku === sku && mishap.day === index,
      );
      if (unbooked) continue;
      this.state.record[sku] = level;
      lines.push({ sku, qty });
    }
    return { kind: 'delivery', at, reference: `D-${this.store.id}-${index}`, lines };
  }

  /** Spreads the recorded units of a day over baskets of one to three units, the same way every time. */
  #baskets(index: number, dayStart: number): Basket[] {
    const random = xoroshiro128plus(index * 31 + this.store.deliveryPhase + 7);
    const day = this.#recording.days[index] ?? '';
    const baskets: Basket[] = [];
    for (let hour = OPENING_HOUR; hour < CLOSING_HOUR; hour++) {
      const wanted: string[] = [];
      for (const { sku } of this.#recording.products)
        for (let unit = 0; unit < (this.#recording.units(day, this.store.id, sku)[hour] ?? 0); unit++)
          wanted.push(sku);
      shuffle(wanted, (below) => uniformInt(random, 0, below - 1));
      for (let start = 0; start < wanted.length; ) {
        const size = uniformInt(random, 1, 3);
        const minute = uniformInt(random, 0, MINUTES * 60 - 1);
        baskets.push({
          at: dayStart + hour * HOUR_MS + minute * 1000,
          lines: asLines(wanted.slice(start, start + size)),
        });
        start += size;
      }
    }
    return baskets.sort((a, b) => a.at - b.at);
  }
}

function usualLevels(recording: Recording, store: string): Record<string, number> {
  const levels: Record<string, number> = {};
  for (const { sku } of recording.products) {
    let sold = 0;
    for (const day of recording.days.slice(0, HISTORY_DAYS))
      sold += recording.units(day, store, sku).reduce((sum, units) => sum + units, 0);
    levels[sku] = Math.ceil((sold / HISTORY_DAYS) * DELIVERY_EVERY_DAYS * COVER) + 2;
  }
  return levels;
}

function asLines(skus: readonly string[]): TicketLine[] {
  const units = new Map<string, number>();
  for (const sku of skus) units.set(sku, (units.get(sku) ?? 0) + 1);
  return [...units].map(([sku, qty]) => ({ sku, qty }));
}

/** Fisher-Yates. */
function shuffle(items: string[], below: (n: number) => number): void {
  for (let last = items.length - 1; last > 0; last--) {
    const other = below(last + 1);
    const held = items[last] ?? '';
    items[last] = items[other] ?? '';
    items[other] = held;
  }
}
