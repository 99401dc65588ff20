/**
 * Where a history begins in the middle of a store's life, each SKU starts with what the system's record said then:
 * the rules by which the record follows observations, and the catalog as it was known.
 */
import type { Observation } from '@truecount/protocol';

type CatalogObservation = Extract<Observation, { type: 'catalog' }>;

export class OpeningBalance {
  readonly #records = new Map<string, number>();
  readonly #catalog = new Map<string, CatalogObservation>();

  /** Observations before the history begins, in order of `t`. */
  note(observation: Observation): void {
    if (!('sku' in observation)) return;
    const { sku } = observation;
    if (observation.type === 'catalog') {
      this.#catalog.set(sku, { ...this.#catalog.get(sku), ...observation });
      return;
    }
    if (observation.type === 'count' || observation.type === 'record')
      this.#records.set(sku, observation.qty);
    else {
      const known = this.#records.get(sku);
      if (known !== undefined) this.#records.set(sku, known + change(observation));
    }
  }

  /** What to observe first, as if it had all been told at `t`. */
  *observations(t: string): Generator<Observation, void, void> {
    for (const entry of this.#catalog.values()) yield { ...entry, t };
    for (const [sku, qty] of this.#records) yield { type: 'record', t, sku, qty };
  }
}

function change(observation: Observation): number {
  switch (observation.type) {
    case 'sale':
    case 'waste':
      return -observation.qty;
    case 'receipt':
      return observation.qty ?? 0;
    case 'transfer':
      return observation.qty;
    case 'return':
      return observation.sellable === false ? 0 : observation.qty;
    case 'pick':
      return -observation.found;
    case 'catalog':
    case 'checkpoint':
    case 'close':
    case 'count':
    case 'open':
    case 'record':
    case 'seen':
    case 'shelf':
      return 0;
    default:
      return observation satisfies never;
  }
}
