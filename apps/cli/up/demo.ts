/**
 * The demo's composition root: one hub and three stores as processes of their own, a till per store on a real
 * pseudo-terminal, and the recorded day that runs through them.
 *
 * States: preparing -> starting -> running -> stopping. What happened is written down every second, so that a
 * second start goes on where this one stopped, however it ended.
 */
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { lockDataFolder } from '@truecount/device/ledger';
import { instant, scaledClock, type ScaledClock } from '@truecount/protocol';
import { Inbox, observationsOf, openingObservations } from './books.ts';
import { DemoFolder, type DemoState } from './demo-folder.ts';
import { freePort } from './free-port.ts';
import { Hands } from './hands.ts';
import { inPlainWords } from './plain-words.ts';
import { Player } from './player.ts';
import { placeOrder } from './order.ts';
import { type Recording, readRecording } from './recording.ts';
import { demoStores, type DemoStore, HISTORY_DAYS, mishaps, OPENING_HOUR } from './scenario.ts';
import { ensureScreens } from './screens.ts';
import { hubConfig, type HubAddress, storeConfig } from './settings.ts';
import { type Supervised, supervise } from './supervisor.ts';
import { openTillLine, type OpenTillLine } from './till-line.ts';
import { StoreWorld } from './world.ts';

const STEP_MS = 250;
const SAVE_EVERY_MS = 1_000;
const HANDS_EVERY_MS = 1_500;
/** Addresses stay the same from start to start where they are free. */
const BROKER_BELOW = 100;
const launcher = fileURLToPath(new URL('../truecount.mjs', import.meta.url));

export interface DemoOptions {
  readonly folder: string;
  readonly isFresh: boolean;
  readonly speed: number;
  readonly hasStaff: boolean;
  /** Of the hub; the stores' follow, the broker's lies below. */
  readonly firstPort: number;
  readonly say: (line: string) => void;
}

/** Ctrl-C before everything was up. */
class StoppedEarly extends Error {}

export async function runDemo(options: DemoOptions): Promise<void> {
  const stop = new AbortController();
  const stopped = new Promise<never>((_resolve, reject) => {
    stop.signal.addEventListener('abort', () => reject(new StoppedEarly()));
  });
  stopped.catch(() => undefined);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stop.abort());
  const { say } = options;
  const recording = readRecording();
  // Locked before anything in it is touched: another demo may run there.
  using lock = lockDataFolder(options.folder);
  void lock;
  const folder = new DemoFolder(options.folder, options.isFresh);
  say(`Truecount demo. Everything it keeps is in ${folder.path}`);
  const screens = await ensureScreens(say);
  const earlier = folder.state();
  const clock = demoClock(recording, earlier, options.speed);
  const time = scaledClock(clock);
  const secrets = folder.secrets(demoStores.map(({ id }) => id));
  const running: Supervised[] = [];
  const lines: OpenTillLine[] = [];
  try {
    say('starting the hub');
    const hubFile = folder.write(
      'hub.json',
      hubConfig(
        { data: folder.folder('hub'), console: screens.console, kiosk: screens.kiosk },
        secrets,
        clock,
        {
          api: await freePort(options.firstPort),
          broker: await freePort(options.firstPort - BROKER_BELOW),
        },
      ),
    );
    const hub = startChild(folder, 'Hub', ['hub', '--config', hubFile], say);
    running.push(hub);
    const hubReady = await Promise.race([hub.ready, stopped]);
    const hubUrl = text(hubReady, 'url');
    const address: HubAddress = {
      mqttUrl: text(hubReady, 'mqttUrl'),
      publicKeyPem: text(hubReady, 'publicKeyPem'),
    };

    const stores = await Promise.all(
      demoStores.map(async (store, index) => {
        say(`starting ${store.name}`);
        const world = openWorld(store, recording, folder, earlier);
        const line = openTillLine();
        if (line) lines.push(line);
        else say(`${store.name}: this platform has no pseudo-terminals, so its till stays silent`);
        const file = folder.write(
          `${store.id}.json`,
          storeConfig(
            store,
            {
              data: folder.folder(store.id),
              inbox: folder.folder(store.id, 'inbox'),
              console: screens.console,
              kiosk: screens.kiosk,
            },
            address,
            secrets,
            clock,
            { port: await freePort(options.firstPort + 1 + index), till: line?.path },
          ),
        );
        const child = startChild(folder, store.name, ['store', '--config', file], say);
        running.push(child);
        const url = text(await Promise.race([child.ready, stopped]), 'url');
        return { store, url, world, line, inbox: new Inbox(folder.folder(store.id, 'inbox')) };
      }),
    );
    folder.write('addresses.json', {
      hub: hubUrl,
      stores: Object.fromEntries(stores.map(({ store, url }) => [store.id, url])),
    });

    announce(say, hubUrl, secrets.operatorKey, stores, clock);
    await playDays({ options, recording, folder, time, stores, hubUrl, key: secrets.operatorKey, stop });
  } catch (error) {
    if (!(error instanceof StoppedEarly)) throw error;
  } finally {
    say('stopping');
    for (const line of lines) line.close();
    for (const child of running.toReversed()) await child.stop();
    say('stopped; "npm start" goes on from here');
  }
}

interface DemoStoreRun {
  readonly store: DemoStore;
  readonly url: string;
  readonly world: StoreWorld;
  readonly line: OpenTillLine | undefined;
  readonly inbox: Inbox;
}

interface Days {
  readonly options: DemoOptions;
  readonly recording: Recording;
  readonly folder: DemoFolder;
  readonly time: { now(): number };
  readonly stores: readonly DemoStoreRun[];
  readonly hubUrl: string;
  readonly key: string;
  readonly stop: AbortController;
}

/** Runs until Ctrl-C. When the recording ends the tills fall silent and everything else stays up. */
async function playDays({
  options,
  recording,
  folder,
  time,
  stores,
  hubUrl,
  key,
  stop,
}: Days): Promise<void> {
  const { say } = options;
  const products = new Map(recording.products.map((product) => [product.sku, product]));
  const players = stores.map(
    ({ world, line, inbox }) => new Player(world, line ?? silentTill, inbox, products),
  );
  const hands = stores.map(
    ({ url, world }) =>
      new Hands({
        storeUrl: url,
        physical: (sku) => world.physical(sku),
        move: (sku, units) => world.move(sku, units),
        now: () => time.now(),
      }),
  );
  const end = Date.parse(`${recording.days.at(-1)}T23:59:59.000Z`);
  let isOver = false;
  const save = () =>
    folder.saveState({
      shows: time.now(),
      worlds: Object.fromEntries(stores.map(({ store, world }) => [store.id, world.state])),
    });
  const play = setInterval(() => {
    for (const player of players) player.play(Math.min(time.now(), end));
    if (!isOver && time.now() > end) {
      isOver = true;
      say('the recording is over; everything stays up. "npm start -- --fresh" begins anew');
    }
  }, STEP_MS);
  const saver = setInterval(save, SAVE_EVERY_MS);
  const helper = options.hasStaff ? helpEvery(hands, stop.signal) : Promise.resolve();
  const ordering = placeOrder({ hubUrl, key, time, say, signal: stop.signal });
  await new Promise<void>((resolve) =>
    stop.signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  clearInterval(play);
  clearInterval(saver);
  save();
  await Promise.allSettled([helper, ordering]);
}

/** One round after the other; a store that does not answer (it may be restarting) is tried again next round. */
async function helpEvery(hands: readonly Hands[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await Promise.allSettled(hands.map((pair) => pair.look(signal)));
    await sleep(HANDS_EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}

const silentTill = { write: () => undefined, queuedBytes: () => 0 };

/** Starts at the opening of the first day after the history, or where an earlier run stopped. */
function demoClock(recording: Recording, earlier: DemoState | undefined, speed: number): ScaledClock {
  const opening = `${recording.days[HISTORY_DAYS]}T${String(OPENING_HOUR).padStart(2, '0')}:00:00.000Z`;
  return {
    at: instant(Date.now()),
    shows: earlier ? instant(earlier.shows) : opening,
    speed,
  };
}

function openWorld(
  store: DemoStore,
  recording: Recording,
  folder: DemoFolder,
  earlier: DemoState | undefined,
): StoreWorld {
  const state = earlier?.worlds[store.id];
  if (state) return new StoreWorld(store, recording, mishaps, state);
  const world = new StoreWorld(store, recording, mishaps);
  const start = world.state.until;
  const opening = openingObservations(recording.products, world.state.record, start);
  const shows = Date.parse(`${recording.days[HISTORY_DAYS]}T00:00:00.000Z`) + OPENING_HOUR * 3_600_000;
  const history = world.advance(shows).flatMap(observationsOf);
  new Inbox(folder.folder(store.id, 'inbox')).writeHistory([...opening, ...history]);
  return world;
}

function startChild(
  folder: DemoFolder,
  name: string,
  args: readonly string[],
  say: (line: string) => void,
): Supervised {
  const log = createWriteStream(
    join(folder.folder('logs'), `${name.toLowerCase().replaceAll(' ', '-')}.log`),
    {
      flags: 'a',
    },
  );
  return supervise({
    name,
    args: [launcher, ...args, '--while-stdin'],
    log: (line) => log.write(`${line}\n`),
    onEvent: (event) => {
      const words = inPlainWords(name, event);
      if (words) say(words);
    },
    onExit: say,
  });
}

function announce(
  say: (line: string) => void,
  hubUrl: string,
  key: string,
  stores: readonly DemoStoreRun[],
  clock: ScaledClock,
): void {
  say('');
  for (const { store, url } of stores) say(`  ${store.name.padEnd(14)} ${url}   manager PIN ${store.pin}`);
  say(`  ${'Hub console'.padEnd(14)} ${hubUrl}   key ${key}`);
  say('');
  say(`The demo's clock shows the recording's own time, from ${clock.shows}, ${clock.speed} times as fast.`);
  say('Ctrl-C stops everything.');
  say('');
}

function text(event: Readonly<Record<string, unknown>>, field: string): string {
  const value = event[field];
  if (typeof value !== 'string') throw new Error(`the ready event lacks "${field}"`);
  return value;
}
