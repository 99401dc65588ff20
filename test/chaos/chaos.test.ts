import { expect, it } from 'vitest';
import { mosquittoProgram } from '../servers/mosquitto.ts';
import { postgresProgram } from '../servers/postgres.ts';
import { skippedWithout } from '../servers/programs.ts';
import { runChaos } from './chaos-run.ts';
import { cloneStore } from './clone.ts';
import { killHubs, randomFaults } from './random-faults.ts';
import type { StoreProcess } from './store-process.ts';
import { tamper } from './tamper.ts';
import { World } from './world.ts';

const SEED = Number(process.env['TRUECOUNT_SEED'] ?? Date.now() % 100_000);
/** Faults strike for a few seconds in every test run; TRUECOUNT_CHAOS asks for more. */
const SECONDS = Number(process.env['TRUECOUNT_CHAOS'] ?? 6);
const ONE_STORE = {
  seed: SEED,
  stores: 1,
  broker: 'embedded',
  database: 'pglite',
  hasSmallDisk: false,
} as const;

it(
  'keeps every promise while processes are killed and connections break, and would notice a broken one',
  async () => {
    const said: string[] = [];
    const report = await runChaos({
      ...ONE_STORE,
      stores: 2,
      disturb: randomFaults(SECONDS, (text) => said.push(text)),
      tamper,
    });
    const again = `node test/chaos/run.ts --seed ${SEED} --minutes ${SECONDS / 60} --whole-disk`;
    expect(report.problems, `again: ${again}\n${said.join('\n')}\n${JSON.stringify(report)}`).toEqual([]);
    expect(report.counts).toBeGreaterThan(0);
    expect(said.length).toBeGreaterThan(0);
    for (const notice of [
      /acknowledged counts are not in the journal: never-stored/,
      /counts are in the journal that nobody made: nobody-made-this/,
      /documents differ between store and hub: positions store-1\|sku-2 is missing at the hub/,
      /positions at the hub are not what the journal says: sku-1/,
      /the audit chain is broken at 1/,
    ])
      expect(report.noticed.join('\n')).toMatch(notice);
  },
  240_000 + SECONDS * 1000,
);

it.skipIf(skippedWithout('postgresql', postgresProgram) || skippedWithout('mosquitto', mosquittoProgram))(
  'loses and doubles nothing while several hubs share a database and a broker and any of them is killed',
  async () => {
    const { problems, ...report } = await runChaos({
      ...ONE_STORE,
      hubs: 3,
      broker: 'mosquitto',
      database: 'postgres',
      disturb: killHubs(6),
    });
    const again = `node test/chaos/kills.ts --seed ${SEED} --kills 60 --stores 1 --hubs 3 --broker mosquitto --database postgres`;
    expect(problems, `again: ${again}\n${JSON.stringify(report)}`).toEqual([]);
    expect(report.kills).toBeGreaterThanOrEqual(6);
    expect(report.counts).toBeGreaterThan(0);
  },
  240_000,
);

it('accepts one of two agents on copies of one data folder, and tells the other what to do', async () => {
  await using world = await World.start(ONE_STORE);
  let copy: StoreProcess | undefined;
  try {
    const { accepted, fenced, screen } = await cloneStore(world, (made) => {
      copy = made;
    });
    expect(accepted.sync).toMatchObject({ online: true });
    expect(accepted.status).toBe('ok');
    expect(fenced.sync).toMatchObject({ online: false });
    expect(fenced.status).toBe('degraded');
    expect(fenced.sync.fenced).toMatch(/Stop one of the two; to keep this one, restore it/);
    expect(screen.sync.fenced).toBe(fenced.sync.fenced);
  } finally {
    await copy?.process.kill();
  }
}, 240_000);
