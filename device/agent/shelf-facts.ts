/** What is believed of a SKU, as the judgement of a gap on the shelf needs it. */
import { instant, moneyOf } from '@truecount/protocol';
import type { CameraDeskOptions } from './camera-desk.ts';
import type { StoreCore } from './store-core.ts';

export function shelfFactsOf(
  core: StoreCore,
  currency: string,
  now: () => number,
): CameraDeskOptions['factsOf'] {
  return (sku) => {
    const { belief } = core.keeper;
    const position = belief.position(sku);
    if (position === undefined) return undefined;
    const product = belief.catalog(sku);
    return {
      sku,
      name: product?.name ?? sku,
      at: instant(now()),
      confidence: position.confidence,
      mean: position.mean,
      rate: position.rate,
      priceMinor: moneyOf(product?.price ?? 0, currency).minor,
      ...(product?.cost === undefined ? {} : { costMinor: moneyOf(product.cost, currency).minor }),
    };
  };
}
