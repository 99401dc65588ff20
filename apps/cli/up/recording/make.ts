/**
 * Cuts the demo's recording out of FreshRetailNet-50K. Run by hand when the cut should change:
 *
 *   node apps/cli/up/recording/make.ts <dev_city00.csv.gz>
 *
 * Keeps the real units sold per hour of the chosen stores and products; everything else (names, prices,
 * deliveries, losses) is the demo's own and lives in `products.json` and `scenario.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync, gzipSync } from 'node:zlib';
import products from './products.json' with { type: 'json' };

const STORES: Readonly<Record<string, string>> = { '18': 'harbour', '151': 'market', '235': 'station' };
/** The source gives sales in steps of 0.1; one step is one unit. */
const UNITS_PER_STEP = 10;

const [source] = process.argv.slice(2);
if (!source) throw new Error('usage: node make.ts <dev_city00.csv.gz>');
const [head, ...rows] = gunzipSync(readFileSync(source)).toString('utf8').trim().split('\n');
const column = (name: string) => (head ?? '').trim().split(',').indexOf(name);
const at = {
  store: column('store_id'),
  product: column('product_id'),
  day: column('dt'),
  hours: column('sale_by_hour'),
};
const skuOf = new Map(products.map((product) => [product.source, product.sku]));

const kept = rows
  .map((row) => row.trim().split(','))
  .flatMap((cells) => {
    const store = STORES[cells[at.store] ?? ''];
    const sku = skuOf.get(cells[at.product] ?? '');
    if (!store || !sku) return [];
    const units = (cells[at.hours] ?? '').split(' ').map((sold) => Math.round(Number(sold) * UNITS_PER_STEP));
    return [[cells[at.day], store, sku, units.join(' ')].join(',')];
  })
  .sort();
writeFileSync(
  new URL('sales.csv.gz', import.meta.url),
  gzipSync(['day,store,sku,units_by_hour', ...kept, ''].join('\n'), { level: 9 }),
);
process.stdout.write(`${kept.length} product days kept\n`);
