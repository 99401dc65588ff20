/**
 * A rebuilt device has an empty journal, and the hub still has what its predecessor said of each product. Names, prices and
 * the record come back from there as observations, so that products can be looked up while the first load still runs. What
 * the predecessor believed does not: its evidence is gone with its journal, and `truecount restore` is the way to
 * keep it.
 */
import {
  collections,
  type FeedObservation,
  parserFor,
  type PositionDocument,
  majorOf,
} from '@truecount/protocol';
import type { StoreCollections } from '../documents/index.ts';

export interface RefillOptions {
  readonly positions: StoreCollections['positions'];
  /** The journal has heard of this product. */
  readonly isKnown: (sku: string) => boolean;
  /** Products that the journal has heard of. */
  readonly knownCount: number;
  readonly observe: (observations: readonly FeedObservation[]) => Promise<unknown>;
  readonly onError: (error: unknown) => void;
}

const parsePosition = parserFor(collections.positions.schema);

/** Products per commit of the journal. */
const BATCH = 250;

/** Follows positions that come in for products nobody here has heard of. @returns what stops it */
export async function startRefill(options: RefillOptions): Promise<() => Promise<void>> {
  const { positions, isKnown, observe, onError } = options;
  let waiting = new Map<string, PositionDocument>();
  let working = Promise.resolve();
  const stopping = new AbortController();
  const work = async (): Promise<void> => {
    while (waiting.size > 0 && !stopping.signal.aborted) {
      const batch = [...waiting.values()].slice(0, BATCH);
      for (const { sku } of batch) waiting.delete(sku);
      await observe(batch.filter(({ sku }) => !isKnown(sku)).flatMap(observationsOf));
    }
  };
  const take = (position: PositionDocument): void => {
    // What the hub would not take from this device teaches it nothing either.
    if (isKnown(position.sku) || !parsePosition(position).ok) return;
    waiting.set(position.sku, position);
    if (waiting.size === 1) working = working.then(work).catch(onError);
  };
  const followed = positions.$.subscribe(({ documentData, operation }) => {
    if (operation !== 'DELETE') take(documentData);
  });
  // What an agent that was killed had loaded and not yet written down: elsewhere positions are of known products.
  if ((await positions.count().exec()) > options.knownCount)
    for (const document of await positions.find().exec()) take(document.toMutableJSON());
  return async () => {
    stopping.abort();
    followed.unsubscribe();
    waiting = new Map();
    await working;
  };
}

function observationsOf(position: PositionDocument): readonly FeedObservation[] {
  const { sku, asOf: t, name, price, cost, record } = position;
  const product = { name, price: majorOf(price), cost: majorOf(cost), currency: price.currency };
  return [
    { observation: { type: 'catalog', t, sku, ...product }, key: `catalog|${sku}|${t}` },
    { observation: { type: 'record', t, sku, qty: record }, key: `record|${sku}|${t}` },
  ];
}
