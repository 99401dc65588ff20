/**
 * The long chaos run.
 *
 *   node test/chaos/run.ts --seed 7 --minutes 10 [--stores 2] [--hubs 1] [--broker mosquitto] [--database postgres]
 *     [--whole-disk]   without the last store's small disk, which can be full
 *
 * Prints every fault and a report; exits with 1 when a promise was broken, and says how to do the same again.
 */
import { parseArgs } from 'node:util';
import { runChaos } from './chaos-run.ts';
import { randomFaults } from './random-faults.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    minutes: { type: 'string', default: '10' },
    stores: { type: 'string', default: '2' },
    hubs: { type: 'string', default: '1' },
    broker: { type: 'string', default: 'embedded' },
    database: { type: 'string', default: 'pglite' },
    'whole-disk': { type: 'boolean', default: false },
  },
});
const seed = Number(values.seed);
const broker = values.broker === 'mosquitto' ? 'mosquitto' : 'embedded';
const database = values.database === 'postgres' ? 'postgres' : 'pglite';
const again =
  `node test/chaos/run.ts --seed ${seed} --minutes ${values.minutes} --stores ${values.stores} --hubs ${values.hubs} ` +
  `--broker ${broker} --database ${database}${values['whole-disk'] ? ' --whole-disk' : ''}`;
console.log(again);
const {
  problems,
  noticed: _noticed,
  ...report
} = await runChaos({
  seed,
  stores: Number(values.stores),
  hubs: Number(values.hubs),
  broker,
  database,
  hasSmallDisk: !values['whole-disk'],
  disturb: randomFaults(Number(values.minutes) * 60, (text) => console.log(text)),
});
console.log(JSON.stringify(report));
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`seed ${seed} broke ${problems.length} promises; again: ${again}`);
  process.exitCode = 1;
}
