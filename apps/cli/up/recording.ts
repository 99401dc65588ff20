/** Reads the recording: real units sold per hour, and the products they belong to. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { parserFor } from '@truecount/protocol';
import { Type, type Static } from 'typebox';
import productList from './recording/products.json' with { type: 'json' };

const Product = Type.Object({
  sku: Type.String(),
  gtin: Type.String(),
  name: Type.String(),
  category: Type.String(),
  place: Type.String(),
  price: Type.Number(),
  cost: Type.Number(),
});
export type Product = Static<typeof Product>;

export interface Recording {
  readonly products: readonly Product[];
  /** Recorded days in order, `YYYY-MM-DD`. */
  readonly days: readonly string[];
  /** Units of a product that a store sold in each of the 24 hours of a day. */
  units(day: string, store: string, sku: string): Uint16Array;
}

const SILENT_DAY = new Uint16Array(24);

export function readRecording(): Recording {
  const parsed = parserFor(Type.Array(Product))(productList);
  if (!parsed.ok) throw new Error(`the recording's products.json: ${parsed.problem}`);
  const rows = gunzipSync(readFileSync(new URL('recording/sales.csv.gz', import.meta.url)))
    .toString('utf8')
    .trim()
    .split('\n')
    .slice(1);
  const units = new Map<string, Uint16Array>();
  const days = new Set<string>();
  for (const row of rows) {
    const [day = '', store = '', sku = '', hours = ''] = row.split(',');
    days.add(day);
    units.set(`${day}|${store}|${sku}`, Uint16Array.from(hours.split(' '), Number));
  }
  return {
    products: parsed.value,
    days: [...days].sort(),
    units: (day, store, sku) => units.get(`${day}|${store}|${sku}`) ?? SILENT_DAY,
  };
}
