/**
 * Several hundred `kill -9` of stores and hub while counts, sales, tasks and orders go from a screen to the journal, into
 * documents and to the hub; then everything acknowledged must be there once.
 *
 *   node test/chaos/kills.ts [--kills 500] [--seed 1] [--stores 3] [--hubs 1] [--broker mosquitto] [--database postgres]
 */
import { parseArgs } from 'node:util';
import { setTimeout as after } from 'node:timers/promises';
import { Random } from '../twin/random.ts';
import { runChaos } from './chaos-run.ts';
import type { FaultContext } from './faults.ts';
import type { ServerProcess } from './server-process.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    stores: { type: 'string', default: '3' },
    hubs: { type: 'string', default: '1' },
    broker: { type: 'string', default: 'embedded' },
    database: { type: 'string', default: 'pglite' },
  },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
const again =
  `node test/chaos/kills.ts --kills ${kills} --seed ${seed} --stores ${values.stores} --hubs ${values.hubs} ` +
  `--broker ${values.broker} --database ${values.database}`;
/** Between ready and killed, and killed and started again. Some kills come before the process is ready. */
const STORE_LIFE_MS = 700;
/** Long enough that documents reach it between two kills. */
const HUB_LIFE_MS = 15_000;
const MAX_DOWN_MS = 100;
const BEFORE_READY = 0.15;
const REPORT_EVERY = 25;

async function killAgainAndAgain({ world, random }: FaultContext): Promise<void> {
  const begin = performance.now();
  const killed = (): number => world.processes.reduce((sum, process) => sum + process.kills, 0);
  let reported = 0;
  const lives = async (
    process: ServerProcess,
    start: () => Promise<unknown>,
    lifeMs: number,
  ): Promise<void> => {
    const chance = new Random(random.integer(1, 1e9));
    while (killed() < kills) {
      const ready = start().catch(() => undefined);
      if (!chance.chance(BEFORE_READY)) await ready;
      await after(chance.between(0, lifeMs));
      process.lookAtMemory();
      await process.kill();
      if (killed() >= reported + REPORT_EVERY) {
        reported = killed();
        const elapsed = Math.round((performance.now() - begin) / 1000);
        console.log(JSON.stringify({ kills: reported, seconds: elapsed }));
      }
      await after(chance.between(0, MAX_DOWN_MS));
    }
  };
  await Promise.all([
    ...world.stores.map((store) => lives(store.process, () => store.start(), STORE_LIFE_MS)),
    ...world.hubs.map((hub) => lives(hub, () => hub.start(), HUB_LIFE_MS)),
  ]);
}

console.log(again);
const {
  problems,
  noticed: _noticed,
  ...report
} = await runChaos({
  seed,
  stores: Number(values.stores),
  hubs: Number(values.hubs),
  broker: values.broker === 'mosquitto' ? 'mosquitto' : 'embedded',
  database: values.database === 'postgres' ? 'postgres' : 'pglite',
  hasSmallDisk: false,
  disturb: killAgainAndAgain,
});
console.log(JSON.stringify(report));
for (const problem of problems) console.error(problem);
if (problems.length > 0) {
  console.error(`seed ${seed} broke ${problems.length} promises; again: ${again}`);
  process.exitCode = 1;
}
