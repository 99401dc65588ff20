/** A store's data folder is copied and both copies run: what the hub and each of the two say. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { type HealthView, HealthView as HealthSchema, NowView, parserFor } from '../../protocol/index.ts';
import { freePort } from '../servers/free-port.ts';
import type { StoreProcess } from './store-process.ts';
import type { World } from './world.ts';

export interface CloneReport {
  /** Health of the two that run on the same data, the one the hub accepts first. */
  readonly accepted: HealthView;
  readonly fenced: HealthView;
  /** What the screen of the fenced one shows. */
  readonly screen: NowView;
}

const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 200;
const parseHealth = parserFor(HealthSchema);
const parseNow = parserFor(NowView);

/** Both go on until the world ends. @param world one store, up and known to the hub */
export async function cloneStore(world: World, onCopy: (copy: StoreProcess) => void): Promise<CloneReport> {
  const original = world.stores[0];
  if (!original) throw new Error('a world without a store');
  await until(original, ({ sync }) => sync.online && sync.waiting === 0);
  await original.process.stop();
  const dataFolder = join(world.folder, 'copy', 'data');
  cpSync(original.dataFolder, dataFolder, { recursive: true });
  const copy = original.copiedTo({
    folder: join(world.folder, 'copy'),
    dataFolder,
    apiPort: await freePort(),
  });
  onCopy(copy);
  await original.start();
  await until(original, ({ sync }) => sync.online);
  await copy.start();
  const fenced = await until(copy, ({ sync }) => sync.fenced !== undefined);
  const accepted = await until(original, ({ sync }) => sync.online);
  const screen = parseNow(await json(copy, 'now'));
  if (!screen.ok) throw new Error(screen.problem);
  return { accepted, fenced, screen: screen.value };
}

async function until(store: StoreProcess, isSo: (health: HealthView) => boolean): Promise<HealthView> {
  const deadline = performance.now() + WITHIN_MS;
  for (;;) {
    const health = parseHealth(await json(store, 'health'));
    if (!health.ok) throw new Error(health.problem);
    if (isSo(health.value)) return health.value;
    if (performance.now() > deadline)
      throw new Error(`${store.url} is still ${JSON.stringify(health.value.sync)} after ${WITHIN_MS} ms`);
    await after(LOOK_EVERY_MS);
  }
}

async function json(store: StoreProcess, path: string): Promise<unknown> {
  const response = await fetch(`${store.url}/api/${path}`, { signal: AbortSignal.timeout(5000) });
  return response.json();
}
