/** The read functions of `truecount ask` over a store agent's HTTP API; what comes back is checked. */
import { type Read, type StockReader, unreadable } from '@truecount/device/guidance';
import {
  NowView,
  type Parsed,
  parserFor,
  ProductMatch,
  ProductView,
  TransferView,
} from '@truecount/protocol';
import { Type } from 'typebox';

const TIMEOUT_MS = 5000;

export function storeReader(url: string): StockReader {
  const read = async <T>(path: string, parse: (input: unknown) => Parsed<T>): Promise<Read<T>> => {
    try {
      const response = await fetch(new URL(path, url), {
        headers: { accept: 'application/json' },
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
      if (!response.ok) return { ok: false, problem: `the store agent answered ${response.status}` };
      return parse(await response.json());
    } catch (error) {
      return unreadable(error);
    }
  };
  const matches = parserFor(Type.Array(ProductMatch));
  const product = parserFor(ProductView);
  const now = parserFor(NowView);
  const transfers = parserFor(Type.Array(TransferView));
  return {
    findProducts: (text) => read(`/api/products?q=${encodeURIComponent(text)}`, matches),
    product: (sku) => read(`/api/products/${encodeURIComponent(sku)}`, product),
    now: () => read('/api/now', now),
    transfers: () => read('/api/transfers', transfers),
  };
}
