import { cpSync, mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant, type Observation } from '@truecount/protocol';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { StoreWorld } from '../../test/twin/store-world.ts';
import { worlds, type WorldSpec } from '../../test/twin/worlds.ts';
import { defaultParameters } from '../belief/index.ts';
import { ModelStore } from '../learning/index.ts';
import { rebuildBelief } from '../rebuild.ts';
import { DAY_MS, HOUR_MS, openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

const DAYS = 34;
const open: StoreUnderTest[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
});

/** Six weeks of a small store in which people count badly and a lot. */
function history(): readonly Observation[] {
  const spec: WorldSpec = { ...(worlds['grocery'] as WorldSpec), countError: 0.3, cycleCounts: 0.25 };
  const world = new StoreWorld(spec, { skus: 12, seed: 5, days: DAYS });
  const said = [...world.opening()];
  for (let day = 0; day < DAYS; day++) said.push(...world.nextDay());
  return said;
}
const told = history();
/** The night after the last day, when everybody has gone. */
const NIGHT_MS = Math.floor(Date.parse(told.at(-1)?.t ?? '') / DAY_MS + 1) * DAY_MS + 2 * HOUR_MS;

/** The data folder of a store that has heard all this. */
let heard: string;
beforeAll(async () => {
  const store = await openStoreUnderTest({ nowMs: NIGHT_MS });
  await store.hear(...told);
  await store.core.keeper.release();
  heard = store.folder;
  await store.close();
});

function copyOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'night-'));
  cpSync(folder, copy, { recursive: true });
  return copy;
}

async function storeByNight(folder = copyOf(heard)): Promise<StoreUnderTest> {
  const store = await openStoreUnderTest({ nowMs: NIGHT_MS, folder });
  open.push(store);
  return store;
}

/** Lets the agent's beats go on until something holds; the thread works beside it. */
async function beatUntil(store: StoreUnderTest, holds: () => boolean): Promise<void> {
  const giveUp = Date.now() + 200_000;
  while (!holds()) {
    if (Date.now() > giveUp) throw new Error(`still ${JSON.stringify(store.core.night.view())}`);
    await store.core.night.tick();
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

const model = (store: StoreUnderTest): string => store.core.night.view().model;
const bytes = (store: StoreUnderTest): Buffer => Buffer.from(store.core.keeper.belief.snapshot());

describe('the night shift', { timeout: 240_000 }, () => {
  it('learns in a quiet hour by itself, and the belief is folded with what it learned', async () => {
    const store = await storeByNight();
    const before = bytes(store);
    await beatUntil(store, () => model(store) !== defaultParameters.version);
    const view = store.core.night.view();
    expect(view).toMatchObject({ by: 'night', last: { took: 'challenger' } });
    expect(store.core.keeper.belief.parameters.countError).toBeGreaterThan(0.1);
    expect(bytes(store).equals(before)).toBe(false);
    const health = await store.get('/api/health');
    expect(health.body['learning']).toMatchObject({ model: view.model });

    // Once a night is enough.
    await store.core.night.tick();
    expect(store.core.night.view().phase).toBeUndefined();

    const live = bytes(store);
    const { folder } = store;
    await store.close();
    open.length = 0;
    const report = await rebuildBelief(folder, false);
    expect(report).toMatchObject({ whole: true, model: view.model });
    const again = await storeByNight(folder);
    expect(model(again)).toBe(view.model);
    expect(bytes(again).equals(live)).toBe(true);

    // Going back is one more row, by whomever; the agent notices.
    using models = new ModelStore(folder);
    models.putInForce(models.previous() ?? '', instant(NIGHT_MS), 'manager');
    await beatUntil(again, () => model(again) === defaultParameters.version);
    expect(bytes(again).equals(before)).toBe(true);
    expect(models.versions().map(({ id }) => id)).toContain(view.model);
  });

  it('goes on in the next night where its window cut it short', async () => {
    const store = await storeByNight();
    await beatUntil(store, () => store.core.models.get('progress')?.fit !== undefined);
    store.clock.ms = NIGHT_MS + 10 * HOUR_MS;
    await beatUntil(store, () => store.core.night.view().phase === undefined);
    const kept = store.core.models.get('progress');
    expect(kept?.fit?.step).toBeGreaterThan(0);
    expect(model(store)).toBe(defaultParameters.version);
    store.clock.ms = NIGHT_MS + DAY_MS;
    await beatUntil(store, () => store.core.models.get('last') !== undefined);
    expect(store.core.models.versions()[0]?.id).toContain(kept?.startedAt.slice(0, 16));
  });

  it('leaves the day alone, and a store too young to judge', async () => {
    const store = await storeByNight();
    store.clock.ms = NIGHT_MS + 11 * HOUR_MS;
    await store.core.night.tick();
    expect(store.core.night.view().phase).toBeUndefined();
    store.clock.ms = Date.parse(told[0]?.t ?? '') + 10 * DAY_MS;
    await store.core.night.tick();
    expect(store.core.night.view().phase).toBeUndefined();
  });

  it.runIf(process.platform === 'linux')('works at the lowest priority, and alone', async () => {
    const store = await storeByNight();
    await beatUntil(store, () => (store.core.night.view().share ?? 0) > 0.05);
    const nice = readdirSync('/proc/self/task').map((task) => {
      const stat = readFileSync(join('/proc/self/task', task, 'stat'), 'utf8');
      // Fields after the name in brackets; the 19th of all is the nice value (proc(5)).
      return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[16]);
    });
    expect(nice.filter((value) => value === 19).length).toBe(1);
  });
});
