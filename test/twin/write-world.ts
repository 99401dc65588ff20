/**
 * Writes a simulated store: observations as the exchange format, and the truth beside them.
 *   node test/twin/write-world.ts grocery 7 --skus 1000 --days 90 --out /tmp/store
 */
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { StoreWorld } from './store-world.ts';
import { worlds } from './worlds.ts';

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: {
    skus: { type: 'string', default: '1000' },
    days: { type: 'string', default: '90' },
    out: { type: 'string', default: '.' },
  },
});
const [name = 'grocery', seed = '1'] = positionals;
const spec = worlds[name];
if (spec === undefined) throw new Error(`unknown world "${name}": one of ${Object.keys(worlds).join(', ')}`);
await mkdir(values.out, { recursive: true });
const days = Number(values.days);
const world = new StoreWorld(spec, { skus: Number(values.skus), seed: Number(seed), days });
const observations = createWriteStream(join(values.out, 'observations.ndjson'));
const truth = createWriteStream(join(values.out, 'truth.ndjson'));
for (const observation of world.opening()) observations.write(`${JSON.stringify(observation)}\n`);
for (let day = 0; day < days; day++) {
  const said = world.nextDay();
  for (const observation of said) observations.write(`${JSON.stringify(observation)}\n`);
  const t = said.at(-1)?.t;
  if (t === undefined) continue;
  for (const item of world.items)
    truth.write(
      `${JSON.stringify({ t, sku: item.sku, onHand: world.onHand(item), shelf: item.shelf, record: item.record, rate: world.trueRate(item) })}\n`,
    );
}
observations.end();
truth.end();
