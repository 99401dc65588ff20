/**
 * What demand to expect of a SKU that has hardly been seen: from its price, category and place, and from what
 * its category sells. Trained on the SKUs with history, each by what its sales say.
 */
import type { CatalogEntry } from '@truecount/device/belief';
import { evaluate, freshNetwork, type NetworkWeights, train } from './small-network.ts';
import type { TensorBackend } from './tensor-backend.ts';

export interface SoldHistory {
  readonly catalog: CatalogEntry;
  /** Purchases seen, in trading days in which it was likely on the shelf. */
  readonly purchases: number;
  readonly days: number;
}

export interface RatePrior {
  readonly median: number;
  readonly spread: number;
}

const CATEGORY_SLOTS = 12;
const INPUTS = CATEGORY_SLOTS + 4;
const HIDDEN = 12;

/** Purchases that a category's other SKUs are given before they count. */
const PEER_PRIOR = 2;

export class CategoryPeers {
  readonly #sums = new Map<string, { purchases: number; days: number; skus: number }>();
  #all = { purchases: 1, days: 2, skus: 1 };

  constructor(histories: Iterable<SoldHistory>) {
    for (const { catalog, purchases, days } of histories) {
      const key = catalog.category ?? '';
      const sum = this.#sums.get(key) ?? { purchases: 0, days: 0, skus: 0 };
      const rate = Math.log((purchases + 0.5) / (days + 1));
      this.#sums.set(key, { purchases: sum.purchases + rate, days: sum.days + 1, skus: sum.skus + 1 });
      this.#all = {
        purchases: this.#all.purchases + rate,
        days: this.#all.days + 1,
        skus: this.#all.skus + 1,
      };
    }
  }

  /** Mean log rate of a category, shrunk to the store's. */
  logRate(category: string | undefined): number {
    const store = this.#all.purchases / this.#all.days;
    const sum = this.#sums.get(category ?? '');
    return sum === undefined ? store : (sum.purchases + PEER_PRIOR * store) / (sum.days + PEER_PRIOR);
  }
}

const MIDDLE_LOG_RATE = Math.log(0.5);

function inputsOf(catalog: CatalogEntry, peers: CategoryPeers): number[] {
  const slots = Array.from({ length: CATEGORY_SLOTS }, () => 0);
  if (catalog.category !== undefined) slots[slotOf(catalog.category)] = 1;
  return [
    ...slots,
    Math.log((catalog.price ?? 3) / 3),
    Math.log((catalog.facings ?? 3) / 3),
    catalog.price === undefined ? 1 : 0,
    peers.logRate(catalog.category) - MIDDLE_LOG_RATE,
  ];
}

/** FNV-1a, folded: categories share slots when there are many, and the peers' rate tells them apart. */
function slotOf(category: string): number {
  let hash = 2166136261;
  for (let i = 0; i < category.length; i++) hash = Math.imul(hash ^ category.charCodeAt(i), 16777619);
  return (hash >>> 0) % CATEGORY_SLOTS;
}

export async function learnRatePrior(
  backend: TensorBackend,
  histories: readonly SoldHistory[],
  version: string,
): Promise<{ readonly network: NetworkWeights; readonly peers: CategoryPeers }> {
  const peers = new CategoryPeers(histories);
  const rows = histories
    .filter(({ days }) => days >= 7)
    .map(({ catalog, purchases, days }) => ({
      inputs: inputsOf(catalog, peers),
      target: [Math.log((purchases + 0.5) / (days + 1)) - MIDDLE_LOG_RATE],
    }));
  const fresh = freshNetwork({ inputs: INPUTS, hidden: HIDDEN, outputs: 2 });
  if (rows.length < 20) return { network: fresh, peers };
  const { network } = await train(backend, fresh, rows, { head: 'normal', steps: 250 });
  return { network: { ...network, version }, peers };
}

export function ratePriorOf(network: NetworkWeights, peers: CategoryPeers, catalog: CatalogEntry): RatePrior {
  const [mean, logSpread] = evaluate(network, inputsOf(catalog, peers)) as [number, number];
  return {
    median: Math.min(100, Math.max(0.01, Math.exp(mean + MIDDLE_LOG_RATE))),
    spread: Math.min(2.5, Math.max(0.4, Math.exp(logSpread))),
  };
}
