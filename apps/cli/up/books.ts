/** What the retailer's back office drops into a store's inbox: products, opening record, past sales, deliveries. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { instant, type Observation } from '@truecount/protocol';
import type { Product } from './recording.ts';
import type { WorldEvent } from './world.ts';

/** The opening of a store's history: its products and the record as the books have it. */
export function openingObservations(
  products: readonly Product[],
  record: Readonly<Record<string, number>>,
  atMs: number,
): Observation[] {
  const t = instant(atMs);
  return products.flatMap(({ sku, gtin, name, category, place, price, cost }): Observation[] => [
    { type: 'catalog', t, sku, gtin, name, category, place, price, cost, currency: 'EUR' },
    { type: 'record', t, sku, qty: record[sku] ?? 0 },
  ]);
}

/** One event of the world as the back office would export it. */
export function observationsOf(event: WorldEvent): Observation[] {
  const t = instant(event.at);
  switch (event.kind) {
    case 'ticket':
      return event.lines.map(({ sku, qty }, index) => ({
        type: 'sale',
        t,
        sku,
        qty,
        till: '1',
        ticket: String(event.number),
        line: index + 1,
      }));
    case 'delivery':
      return event.lines.map(({ sku, qty }) => ({
        type: 'receipt',
        t,
        sku,
        qty,
        reference: event.reference,
      }));
    case 'open':
    case 'close':
      return [{ type: event.kind, t }];
    default:
      return event satisfies never;
  }
}

const lines = (observations: readonly Observation[]) =>
  observations.map((observation) => `${JSON.stringify(observation)}\n`).join('');

/** A store's inbox: a folder that its agent watches. */
export class Inbox {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  writeHistory(observations: readonly Observation[]): void {
    writeFileSync(join(this.#folder, '0-history.ndjson'), lines(observations));
  }

  /** One file per day of business, appended to as it happens. */
  append(event: WorldEvent): void {
    const file = join(this.#folder, `books-${instant(event.at).slice(0, 10)}.ndjson`);
    appendFileSync(file, lines(observationsOf(event)));
  }
}
