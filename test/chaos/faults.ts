/** What goes wrong. Each fault is done to a running world, mends itself, and says in one line what it did. */
import { randomBytes } from 'node:crypto';
import { setTimeout as after } from 'node:timers/promises';
import mqtt from 'mqtt';
import { topicOf } from '../../protocol/index.ts';
import type { Random } from '../twin/random.ts';
import { type Poison, plantPoison } from './poison.ts';
import type { StoreProcess } from './store-process.ts';
import type { World } from './world.ts';

export interface FaultContext {
  readonly world: World;
  readonly random: Random;
  /** What was planted, so that the checks know what must have been set aside. */
  readonly poison: Poison[];
}

export interface Fault {
  readonly name: string;
  /** How often it comes, beside the others. */
  readonly weight: number;
  readonly isPossible: (world: World) => boolean;
  readonly strike: (context: FaultContext) => Promise<string>;
}

const always = (): boolean => true;
const MAX_DOWN_MS = 1500;
const MAX_JUMP_MS = 20 * 60_000;

const aStore = ({ world, random }: FaultContext): StoreProcess => random.pick(world.stores);

/** @param whileDown done to the dead store's folder */
async function killStore(
  context: FaultContext,
  store: StoreProcess,
  whileDown: () => Promise<void> | void = () => undefined,
): Promise<void> {
  await store.process.kill();
  await whileDown();
  await after(context.random.between(0, MAX_DOWN_MS));
  // Not waited for: the next fault may well come while it starts.
  void store.start();
}

export const faults: readonly Fault[] = [
  {
    name: 'kill-store',
    weight: 6,
    isPossible: always,
    strike: async (context) => {
      const store = aStore(context);
      await killStore(context, store);
      return `kill -9 of ${store.id}`;
    },
  },
  {
    name: 'kill-hub',
    weight: 2,
    isPossible: always,
    strike: async ({ world, random }) => {
      const hub = random.pick(world.hubs);
      await hub.kill();
      await after(random.between(0, MAX_DOWN_MS));
      await hub.start().catch(() => undefined);
      return `kill -9 of ${hub.name}`;
    },
  },
  {
    name: 'restart-broker',
    weight: 3,
    isPossible: ({ mosquitto }) => mosquitto !== undefined,
    strike: async ({ world, random }) => {
      const signal = random.chance(0.5) ? 'SIGKILL' : 'SIGTERM';
      await world.mosquitto?.kill(signal);
      await after(random.between(0, MAX_DOWN_MS));
      await world.mosquitto?.restart();
      return `${signal} of the broker`;
    },
  },
  {
    name: 'cut',
    weight: 4,
    isPossible: always,
    strike: async (context) => {
      const { link, id } = aStore(context);
      const times = context.random.integer(1, 5);
      for (let n = 0; n < times; n += 1) {
        link.cut();
        await after(context.random.between(20, 400));
      }
      return `${times} cuts of ${id}'s connection`;
    },
  },
  {
    name: 'outage',
    weight: 2,
    isPossible: always,
    strike: async (context) => {
      const { link, id } = aStore(context);
      link.shut();
      // Longer and shorter than the grace after which replication is paused.
      await after(context.random.between(200, 8000));
      link.heal();
      return `an outage of ${id}`;
    },
  },
  {
    name: 'stall',
    weight: 2,
    isPossible: always,
    strike: async (context) => {
      const { link, id } = aStore(context);
      link.stall();
      await after(context.random.between(500, 6000));
      if (context.random.chance(0.5)) link.cut();
      link.heal();
      return `a connection of ${id} on which nothing moved`;
    },
  },
  {
    name: 'bad-weather',
    weight: 4,
    isPossible: always,
    strike: async (context) => {
      const { link, id } = aStore(context);
      const { random } = context;
      link.weather = {
        delayMs: random.chance(0.5) ? random.between(0, 250) : 0,
        repeat: random.chance(0.7) ? random.between(0, 0.6) : 0,
        shuffle: random.chance(0.7) ? random.between(0, 0.6) : 0,
      };
      await after(random.between(1000, 6000));
      link.heal();
      return `slow, repeated and overtaken messages of ${id}`;
    },
  },
  {
    name: 'clock-jump',
    weight: 2,
    isPossible: always,
    strike: async (context) => {
      const store = aStore(context);
      const aheadMs = Math.round(context.random.between(-MAX_JUMP_MS, MAX_JUMP_MS));
      await killStore(context, store, () => store.setClock(aheadMs));
      return `kill -9 of ${store.id}, whose clock is then ${Math.round(aheadMs / 1000)} s off`;
    },
  },
  {
    name: 'suspend',
    weight: 1,
    isPossible: always,
    strike: async ({ world, random }) => {
      const process = random.pick(world.processes);
      process.suspend();
      await after(random.between(200, 4000));
      process.resume();
      return `${process.name} stood still`;
    },
  },
  {
    name: 'poison',
    weight: 2,
    isPossible: always,
    strike: async (context) => {
      const store = aStore(context);
      await killStore(context, store, async () => {
        context.poison.push(...(await plantPoison(store, context.random)));
      });
      return `kill -9 of ${store.id} and documents that no hub accepts`;
    },
  },
  {
    name: 'garbage',
    weight: 2,
    isPossible: always,
    strike: async (context) => {
      const store = aStore(context);
      await talkGarbage(store, context);
      return `messages without sense on the topics of ${store.id}`;
    },
  },
  {
    name: 'full-disk',
    weight: 2,
    isPossible: ({ disk }) => disk !== undefined,
    strike: async ({ world, random }) => {
      world.disk?.fill();
      await after(random.between(500, 4000));
      world.disk?.empty();
      return 'a full disk';
    },
  },
];

const GARBAGE_MESSAGES = 20;

/** Somebody who has the device's credentials and does not keep to the protocol. */
async function talkGarbage(store: StoreProcess, { random, world }: FaultContext): Promise<void> {
  const address = { store: store.id, device: store.device };
  const brokerUrl = world.brokerUrl;
  const client = mqtt.connect(brokerUrl, {
    protocolVersion: 4,
    clientId: `${store.device}.garbage`,
    username: `${store.id}/${store.device}`,
    password: `secret-of-${store.id}-0123456789`,
    reconnectPeriod: 0,
    connectTimeout: 2000,
  });
  client.on('error', () => undefined);
  await new Promise<void>((resolve) => {
    client.once('connect', () => resolve());
    client.once('close', () => resolve());
  });
  for (let n = 0; n < GARBAGE_MESSAGES && client.connected; n += 1) {
    const name = random.pick(['state', 'alert', 'open', 'pull', 'push'] as const);
    const part = random.pick(['positions', 'tasks', 'session', 'nonsense']);
    const payload = random.chance(0.5)
      ? randomBytes(random.integer(0, 2000))
      : Buffer.from('{"v":1,"id":"x"}');
    client.publish(topicOf(name, address, part), payload, { qos: 1 }, () => undefined);
  }
  await after(200);
  client.end(true);
}

export function pickFault(world: World, random: Random): Fault {
  const possible = faults.filter((fault) => fault.isPossible(world));
  let left = random.uniform() * possible.reduce((sum, { weight }) => sum + weight, 0);
  return possible.find(({ weight }) => (left -= weight) < 0) ?? (possible[0] as Fault);
}
