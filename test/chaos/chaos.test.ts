import { expect, it } from 'vitest';
import { runChaos } from './chaos-run.ts';
import { cloneStore } from './clone.ts';
import { randomFaults } from './random-faults.ts';
import type { StoreProcess } from './store-process.ts';
import { tamper } from './tamper.ts';
import { World } from './world.ts';

const SEED = Number(process.env['TRUECOUNT_SEED'] ?? Date.now() % 100_000);
const SECONDS = 10;
/** Faults at random find what nobody looked for, so they run when they are asked for and do not hold up other work. */
const isAsked = process.env['TRUECOUNT_CHAOS'] === '1';
if (!isAsked) process.stderr.write('skipped: faults at random; TRUECOUNT_CHAOS=1 runs them\n');
const ONE_STORE = {
  seed: SEED,
  stores: 1,
  broker: 'embedded',
  database: 'pglite',
  hasSmallDisk: false,
} as const;

it.runIf(isAsked)(
  'keeps every promise while processes are killed and connections break, and would notice a broken one',
  async () => {
    const said: string[] = [];
    const report = await runChaos({
      ...ONE_STORE,
      stores: 2,
      disturb: randomFaults(SECONDS, (text) => said.push(text)),
      tamper,
    });
    const again = `node test/chaos/run.ts --seed ${SEED} --minutes ${SECONDS / 60}`;
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
