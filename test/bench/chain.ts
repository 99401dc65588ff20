/**
 * `npm run bench:chain [-- --seeds 8 --world grocery]`: several simulated stores whose stock is doubtful, orders each
 * morning, transfers planned with the belief or with the record less three units, both on the same seeds.
 */
import { parseArgs } from 'node:util';
import { createPlanner } from '../../hub/planner/index.ts';
import { differences, type Interval, intervalOf } from '../twin-chain/paired.ts';
import {
  type ChainResult,
  DONOR_CARE,
  POLICIES,
  transferLoop,
  type TransferPolicy,
} from '../twin-chain/transfer-loop.ts';
import { worlds } from '../twin/worlds.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '8' },
    world: { type: 'string', default: 'grocery' },
    stores: { type: 'string', default: '5' },
    skus: { type: 'string', default: '100' },
    days: { type: 'string', default: '49' },
    orders: { type: 'string', default: '150' },
    care: { type: 'string', default: String(DONOR_CARE) },
    first: { type: 'string', default: '301' },
  },
});
const spec = worlds[values.world];
if (!spec) throw new Error(`no world ${values.world}; there are ${Object.keys(worlds).join(', ')}`);
const size = {
  stores: Number(values.stores),
  skus: Number(values.skus),
  days: Number(values.days),
  ordersPerDay: Number(values.orders),
  donorCare: Number(values.care),
};
const planner = createPlanner();
const results: Record<TransferPolicy, ChainResult[]> = { record: [], belief: [] };
const first = Number(values.first);
for (let seed = first; seed < first + Number(values.seeds); seed += 1)
  for (const policy of POLICIES)
    results[policy].push(await transferLoop(planner, spec, { ...size, seed, policy }));
await planner.close();

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const text = ({ mean, low, high }: Interval): string =>
  `${mean.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
print(
  `${values.world}: ${size.stores} stores, ${size.skus} SKUs, ${values.seeds} seeds; a seed's mean and 95 % interval`,
);
print('| | record less 3 | belief | difference |');
print('|---|---|---|---|');
const rows: readonly (readonly [string, (result: ChainResult) => number])[] = [
  ['units that orders missed', ({ missed }) => missed],
  ['of those saved, %', ({ saved, missed }) => (100 * saved) / Math.max(1, missed)],
  ['units saved', ({ saved }) => saved],
  ['units promised and not there', ({ broken }) => broken],
  ['sales that donors lost, units', ({ donorSalesLost }) => donorSalesLost],
  [
    'donor sales lost per 100 units saved',
    ({ donorSalesLost, saved }) => (100 * donorSalesLost) / Math.max(1, saved),
  ],
  ['sales lost at all stores, units', ({ salesLost }) => salesLost],
  ['units moved', ({ moved }) => moved],
  ['money gained', ({ gain }) => gain],
];
for (const [name, value] of rows) {
  const record = results.record.map(value);
  const belief = results.belief.map(value);
  const gained = intervalOf(differences(belief, record));
  print(`| ${name} | ${text(intervalOf(record))} | ${text(intervalOf(belief))} | ${text(gained)} |`);
}
