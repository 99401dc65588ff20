/**
 * A store that was out of reach for a week comes back. Its changes of that week are written into its documents offline,
 * then the agent and the hub run as processes and drain them. Prints how fast, in what order, and in how much memory.
 * `perSecond` counts documents that travel: of a position that changed seventy times only the latest state does. What
 * the week's changes come to by that is `changesPerSecond`.
 *
 *   node test/chaos/outage.ts [--days 7] [--per-minute 200] [--skus 30000] [--exceptions 2000]
 *                             [--broker mosquitto] [--database postgres]
 */
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openStoreDocuments } from '../../device/documents/index.ts';
import { Ledger } from '../../device/ledger/index.ts';
import { type FeedObservation, HealthView, instant, parserFor } from '../../protocol/index.ts';
import { anException, aPosition, aTask } from '../builders/documents.ts';
import { Random } from '../twin/random.ts';
import { openDeviceStorage } from './device-storage.ts';
import type { StoreProcess } from './store-process.ts';
import { World } from './world.ts';

const { values } = parseArgs({
  options: {
    days: { type: 'string', default: '7' },
    'per-minute': { type: 'string', default: '200' },
    skus: { type: 'string', default: '30000' },
    exceptions: { type: 'string', default: '2000' },
    broker: { type: 'string', default: 'embedded' },
    database: { type: 'string', default: 'pglite' },
  },
});
const skus = Number(values.skus);
const exceptions = Number(values.exceptions);
const changes = Math.round(Number(values.days) * 1440 * Number(values['per-minute']));
const BATCH = 500;
const LOOK_EVERY_MS = 200;
const BEFORE_MS = 600_000;
const WITHIN_MS = 600_000;
/** A line about what is left, so that a drain that stops is seen. */
const SAY_EVERY_MS = 5000;
const parseHealth = parserFor(HealthView);

/** The journal of a store that knows its products; without one it would be a rebuilt device, which learns them first. */
async function writeTheJournal(store: StoreProcess): Promise<void> {
  using ledger = new Ledger({
    folder: store.dataFolder,
    store: store.id,
    device: store.device,
    now: Date.now,
  });
  const t = instant(Date.now() - BEFORE_MS);
  for (let from = 0; from < skus; from += BATCH)
    await ledger.append(
      'books',
      Array.from({ length: Math.min(BATCH, skus - from) }, (_, n): FeedObservation[] => {
        const sku = `sku-${from + n}`;
        return [
          { observation: { type: 'catalog', t, sku, name: sku, price: 2, cost: 1 }, key: `catalog ${sku}` },
          { observation: { type: 'record', t, sku, qty: 12 }, key: `record ${sku}` },
        ];
      }).flat(),
    );
}

/** As the week would: every change is a write of its own document, so a position changes again and again. */
async function writeTheWeek(store: StoreProcess): Promise<number> {
  const documents = await openStoreDocuments({
    storage: openDeviceStorage(store.dataFolder),
    store: store.id,
  });
  const random = new Random(7);
  const begin = performance.now();
  const { collections } = documents;
  const own = (id: string) => ({ id, store: store.id });
  const deviations = Array.from({ length: exceptions }, (_, n) => n);
  await collections.exceptions.bulkInsert(
    deviations.map((n) => anException({ ...own(`week-${n}`), sku: `sku-${n}` })),
  );
  await collections.tasks.bulkInsert(
    deviations.map((n) => aTask({ ...own(`count-week-${n}`), sku: `sku-${n}`, exceptionId: `week-${n}` })),
  );
  for (let written = 2 * exceptions; written < changes; written += BATCH) {
    const first = random.integer(0, skus - 1);
    // Every SKU once, and then whatever changes.
    const from = written - 2 * exceptions < skus ? written - 2 * exceptions : first;
    await collections.positions.bulkUpsert(
      Array.from({ length: BATCH }, (_, n) =>
        aPosition({ store: store.id, sku: `sku-${(from + n) % skus}`, mean: random.between(0, 40) }),
      ),
    );
  }
  await documents.close();
  return (performance.now() - begin) / 1000;
}

async function sync(store: StoreProcess): Promise<{ readonly online: boolean; readonly waiting: number }> {
  const response = await fetch(`${store.url}/api/health`, { signal: AbortSignal.timeout(60_000) });
  const health = parseHealth(await response.json());
  if (!health.ok) throw new Error(health.problem);
  return health.value.sync;
}

const broker = values.broker === 'mosquitto' ? 'mosquitto' : 'embedded';
const database = values.database === 'postgres' ? 'postgres' : 'pglite';
await using world = await World.prepare({ seed: 1, stores: 1, broker, database, hasSmallDisk: false });
const [store] = world.stores as readonly [StoreProcess];
await writeTheJournal(store);
const buildS = await writeTheWeek(store);
console.log(JSON.stringify({ changes, skus, exceptions, writtenInS: Math.round(buildS) }));

store.link.shut();
await world.hub.start();
// Quiet, so that only what the week left is sent.
await store.start(true);
const { waiting } = await sync(store);
const memory = (): number[] => world.processes.map((process) => Math.round(process.lookAtMemory() / 1e6));
const before = memory();

/** Messages so far, by collection, and how many of positions had gone when the last exception went. */
const pushes: Record<string, number> = {};
let positionsBeforeLastException = 0;
store.link.onMessage = (topic) => {
  const collection = /rpc\/(\w+)\/push$/.exec(topic)?.[1];
  if (collection === undefined) return;
  pushes[collection] = (pushes[collection] ?? 0) + 1;
  if (collection === 'exceptions') positionsBeforeLastException = pushes['positions'] ?? 0;
};
const cpuBefore = world.processes.map((process) => process.cpuSeconds());
store.link.heal();
const deadline = performance.now() + WITHIN_MS;
let begin: number | undefined;
let now = await sync(store);
let said = performance.now();
while (!now.online || now.waiting > 0) {
  if (now.online) begin ??= performance.now();
  if (performance.now() > deadline)
    throw new Error(
      `still ${now.waiting} documents waiting; the last lines of store and hub:\n` +
        [...store.process.lines.slice(-20), ...world.hub.lines.slice(-20)].join('\n'),
    );
  memory();
  if (performance.now() - said > SAY_EVERY_MS) {
    said = performance.now();
    console.log(JSON.stringify({ online: now.online, waiting: now.waiting, pushes }));
  }
  await after(LOOK_EVERY_MS);
  now = await sync(store);
}
const seconds = (performance.now() - (begin ?? performance.now())) / 1000;
const [hubCpu = 0, storeCpu = 0] = world.processes.map(
  (process, n) => ((process.cpuSeconds() - (cpuBefore[n] ?? 0)) / waiting) * 1e6,
);
memory();
console.log(
  JSON.stringify({
    broker,
    database,
    waiting,
    seconds: Math.round(seconds * 10) / 10,
    perSecond: Math.round(waiting / seconds),
    // Both work at the same time, so on a machine with two cores of its own the slower one sets the pace.
    cpuMicrosPerDocument: { hub: Math.round(hubCpu), store: Math.round(storeCpu) },
    changesPerSecond: Math.round(changes / seconds),
    pushes,
    positionMessagesBeforeLastException: positionsBeforeLastException,
    beforeMb: { hub: before[0], store: before[1] },
    peakMb: {
      hub: Math.round(world.hub.peakBytes / 1e6),
      store: Math.round(store.process.peakBytes / 1e6),
    },
  }),
);
