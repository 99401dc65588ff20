import type { ScanPush } from '@truecount/protocol';

/** As long as the agent reads a query. */
const LONGEST = 200;

/** Where a scan leads: to its product when the agent has named it, otherwise to what is found by its text. */
export const scanPath = ({ text, sku }: ScanPush): string =>
  sku === undefined
    ? `/products?q=${encodeURIComponent(text.slice(0, LONGEST))}&scan=1`
    : `/products/${encodeURIComponent(sku)}?q=${encodeURIComponent(text.slice(0, LONGEST))}`;
