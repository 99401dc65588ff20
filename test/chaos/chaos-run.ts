/**
 * One chaos run: work goes on while something is done to the processes, then everything is healed, comes to rest, is
 * stopped and checked. The seed decides what is done when; how the processes interleave is up to the machine.
 */
import { setTimeout as after } from 'node:timers/promises';
import { AuditVerdict, HealthView, parserFor } from '../../protocol/index.ts';
import { Random } from '../twin/random.ts';
import { checkWorld, type Expected } from './checks.ts';
import type { FaultContext } from './faults.ts';
import { OrderWork } from './order-work.ts';
import type { Poison } from './poison.ts';
import type { StoreProcess } from './store-process.ts';
import { StoreWork } from './work.ts';
import { World, type WorldOptions } from './world.ts';

export interface ChaosOptions extends WorldOptions {
  /** What is done to the world while work goes on. */
  readonly disturb: (context: FaultContext) => Promise<void>;
  /** Spoils what the stopped run left, so that a test can see the checks notice it. */
  readonly tamper?: (world: World, expected: Expected) => Promise<void>;
}

export interface ChaosReport {
  readonly problems: readonly string[];
  /** What was found after `tamper`. */
  readonly noticed: readonly string[];
  readonly kills: number;
  readonly counts: number;
  readonly sales: number;
  readonly tasks: number;
  readonly orders: number;
  readonly poisoned: number;
  /** Most resident memory of any store and of any hub, megabytes. */
  readonly storeMb: number;
  readonly hubMb: number;
  /** From the last fault to the same documents everywhere. */
  readonly healedInS: number;
  /** Answers of the stores that were no success, by status. */
  readonly statuses: Readonly<Record<string, number>>;
}

const HEAL_WITHIN_MS = 120_000;
const LOOK_EVERY_MS = 400;
/** Looks in a row at which nothing waits and nothing moves, at the stores and at the hub. */
const LOOKS_AT_REST = 8;

const parseHealth = parserFor(HealthView);
const parseVerdict = parserFor(AuditVerdict);

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const random = new Random(options.seed);
  await using world = await World.start(options);
  const work = world.stores.map((store, n) => new StoreWork(store, new Random(options.seed * 31 + n)));
  const orders = new OrderWork(world, new Random(options.seed * 37 + 5));
  await Promise.all(work.map((one) => one.open()));
  for (const one of [...work, orders]) one.start();
  const poison: Poison[] = [];
  await options.disturb({ world, random, poison });
  for (const one of [...work, orders]) await one.stop();
  const healing = performance.now();
  const problems = await heal(world);
  const healedInS = (performance.now() - healing) / 1000;
  for (const process of world.processes) process.lookAtMemory();
  const verdict = parseVerdict(await world.askHub('audit/verify').catch((error: unknown) => String(error)));
  if (!verdict.ok || !verdict.value.ok)
    problems.push(`the hub does not vouch for its audit chain: ${JSON.stringify(verdict)}`);
  for (const store of world.stores) await store.process.stop();
  for (const hub of world.hubs) await hub.stop();
  const acknowledged = new Map(
    world.stores.map((store, n) => [store.id, (work[n] as StoreWork).acknowledged]),
  );
  const expected = { acknowledged, orders: orders.accepted, poison };
  problems.push(...(await checkWorld(world, expected)));
  await options.tamper?.(world, expected);
  const noticed = options.tamper ? await checkWorld(world, expected) : [];
  const sum = (of: (one: StoreWork) => number): number => work.reduce((all, one) => all + of(one), 0);
  const peakMb = (bytes: readonly number[]): number => Math.round(Math.max(...bytes) / 1e6);
  return {
    problems,
    noticed,
    kills: world.processes.reduce((all, { kills }) => all + kills, 0),
    counts: sum(({ acknowledged: { counts } }) => counts.size),
    sales: sum(({ acknowledged: { sales } }) => sales.size),
    tasks: sum(({ acknowledged: { tasks } }) => tasks.size),
    orders: orders.accepted.size,
    poisoned: poison.length,
    storeMb: peakMb(world.stores.map(({ process }) => process.peakBytes)),
    hubMb: peakMb(world.hubs.map(({ peakBytes }) => peakBytes)),
    healedInS: Math.round(healedInS * 10) / 10,
    statuses: statusesOf(work),
  };
}

/** Everything runs and nothing is in the way; resolves when the documents are the same everywhere. */
async function heal(world: World): Promise<string[]> {
  const problems: string[] = [];
  world.disk?.empty();
  for (const process of world.processes) process.resume();
  for (const { link } of world.stores) link.heal();
  for (const hub of world.hubs) await hub.start().catch((error: unknown) => problems.push(String(error)));
  const startAll = (isQuiet: boolean): Promise<unknown> =>
    Promise.all(
      world.stores.map((store) =>
        // One that was about to start when it was killed again is started here.
        store
          .start(isQuiet)
          .catch(() => store.start(isQuiet))
          .catch((error: unknown) => problems.push(String(error))),
      ),
    );
  await startAll(false);
  problems.push(...(await rest(world)));
  // Belief moves with time; nothing is to move while replicas are compared.
  for (const store of world.stores) await store.process.stop();
  await startAll(true);
  problems.push(...(await rest(world)));
  return problems;
}

/** Resolves when every store is in reach of the hub, has nothing to send, and hears nothing new, and the hub owes nothing. */
async function rest(world: World): Promise<readonly string[]> {
  const deadline = performance.now() + HEAL_WITHIN_MS;
  let before = '';
  for (let looks = 0; looks < LOOKS_AT_REST; ) {
    await after(LOOK_EVERY_MS);
    const seen = await Promise.all(world.stores.map((store) => lookAt(store)));
    const hub = await world.hubNumbers().catch((error: unknown) => String(error));
    const now = JSON.stringify([seen, hub]);
    const isAtRest =
      seen.every((one) => typeof one === 'object' && one.online && one.waiting === 0) &&
      typeof hub === 'object' &&
      World.owedByHub(hub).length === 0;
    looks = isAtRest && now === before ? looks + 1 : 0;
    before = now;
    if (performance.now() > deadline)
      return [`not at rest ${HEAL_WITHIN_MS / 1000} s after everything was healed: ${now}`];
  }
  return [];
}

async function lookAt(store: StoreProcess) {
  try {
    const response = await fetch(`${store.url}/api/health`, { signal: AbortSignal.timeout(5000) });
    const health = parseHealth(await response.json());
    if (!health.ok) return health.problem;
    const { sync, ledger } = health.value;
    return {
      store: store.id,
      online: sync.online,
      waiting: sync.waiting,
      entries: ledger.entries,
      ...(sync.fenced === undefined ? {} : { fenced: sync.fenced }),
    };
  } catch (error) {
    return `${store.id}: ${String(error)}`;
  }
}

function statusesOf(work: readonly StoreWork[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const { acknowledged } of work)
    for (const [status, count] of acknowledged.statuses) all[status] = (all[status] ?? 0) + count;
  return all;
}
