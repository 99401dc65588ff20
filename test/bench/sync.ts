/**
 * What replication costs: documents per second from a store to the hub after an outage, and the latency device -> hub ->
 * other device, next to what the same broker does with bare messages in the same run.
 *
 *   node test/bench/sync.ts [--documents 5000] [--rounds 200] [--broker aedes|mosquitto] [--postgres]
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import mqtt from 'mqtt';
import { openDatabase } from '../../hub/database/index.ts';
import { topicOf } from '../../protocol/index.ts';
import { anException, aPosition } from '../builders/documents.ts';
import { startMosquitto } from '../servers/mosquitto.ts';
import { startPostgres } from '../servers/postgres.ts';
import { sqliteStorage, startTrialDevice, until, untilSent } from '../servers/trial-device.ts';
import { startTrialHub, type TrialHub } from '../servers/trial-hub.ts';

const { values } = parseArgs({
  options: {
    documents: { type: 'string', default: '5000' },
    rounds: { type: 'string', default: '200' },
    broker: { type: 'string', default: 'aedes' },
    postgres: { type: 'boolean', default: false },
  },
});
const documents = Number(values.documents);
const rounds = Number(values.rounds);
const store = 'harbour';

const quantile = (sorted: readonly number[], q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;

function latency(name: string, ms: readonly number[]): void {
  const sorted = ms.toSorted((a, b) => a - b);
  const [p50, p99] = [quantile(sorted, 0.5), quantile(sorted, 0.99)].map((value) => value.toFixed(2));
  console.log(JSON.stringify({ measure: name, p50Ms: Number(p50), p99Ms: Number(p99), samples: ms.length }));
}

function rate(name: string, count: number, ms: number, more: object = {}): void {
  const perSecond = Math.round((count / ms) * 1000);
  console.log(
    JSON.stringify({ measure: name, perSecond, count, seconds: Number((ms / 1000).toFixed(3)), ...more }),
  );
}

/** Bare messages of a document's size through the same broker, under the same access rules. */
async function bareMessages(hub: TrialHub): Promise<void> {
  const address = { store, device: 'bare' };
  const { url, ...credentials } = await hub.enrol(address);
  const publisher = await mqtt.connectAsync(url, {
    ...credentials,
    clientId: 'bare.out',
    protocolVersion: 4,
  });
  const payload = Buffer.from(JSON.stringify(anException({ id: 'x', store })));
  const topic = topicOf('alert', address);
  const count = Math.min(documents, 5000);
  // The hub itself hears alerts; what it cannot read it drops, so this counts publish to acknowledgement.
  const begin = performance.now();
  await Promise.all(
    Array.from({ length: count }, () => publisher.publishAsync(topic, payload.subarray(0, -1), { qos: 1 })),
  );
  rate('bare MQTT publish, QoS 1, pipelined', count, performance.now() - begin);
  const heard = new Map<string, (at: number) => void>();
  const subscriber = await mqtt.connectAsync(url, {
    ...credentials,
    clientId: 'bare.in',
    protocolVersion: 4,
  });
  subscriber.on('message', (_topic, message) =>
    heard.get(message.subarray(0, 16).toString())?.(performance.now()),
  );
  await subscriber.subscribeAsync(topicOf('command', address), { qos: 1 });
  const trips: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const mark = randomBytes(8).toString('hex');
    const { promise, resolve } = Promise.withResolvers<number>();
    heard.set(mark, resolve);
    const sent = performance.now();
    // Hub to device, one hop: what a publish and its delivery cost without any replication.
    await hub.publish(topicOf('command', address), Buffer.concat([Buffer.from(mark), payload]));
    trips.push((await promise) - sent);
  }
  latency('bare MQTT publish to delivery, one hop', trips);
  await Promise.all([publisher.endAsync(), subscriber.endAsync()]);
}

async function drain(hub: TrialHub): Promise<void> {
  using sqlite = sqliteStorage();
  const address = { store, device: 'drain' };
  const credentials = await hub.enrol(address);
  await hub.stopService();
  await using device = await startTrialDevice({ address, hub: credentials, storage: sqlite.open() });
  const half = Math.floor(documents / 2);
  await device.documents.collections.exceptions.bulkInsert(
    Array.from({ length: half }, (_, n) => anException({ id: `drain-${n}`, store })),
  );
  await device.documents.collections.positions.bulkInsert(
    Array.from({ length: documents - half }, (_, n) => aPosition({ store, sku: String(n) })),
  );
  const { waiting } = device.sync.status();
  const wasOnline = until(
    (listener) => device.sync.onChange(listener),
    () => device.sync.status().online,
  );
  await hub.startService();
  await wasOnline;
  const begin = performance.now();
  await untilSent(device);
  const memoryMb = Math.round(process.memoryUsage().rss / 1e6);
  rate('documents drained after an outage', waiting, performance.now() - begin, {
    processMemoryMb: memoryMb,
  });
}

async function liveLatency(hub: TrialHub): Promise<void> {
  using sqliteA = sqliteStorage();
  using sqliteB = sqliteStorage();
  const of = async (device: string, storage: ReturnType<typeof sqliteA.open>) =>
    startTrialDevice({ address: { store, device }, hub: await hub.enrol({ store, device }), storage });
  await using from = await of('from', sqliteA.open());
  await using to = await of('to', sqliteB.open());
  await Promise.all([untilSent(from), untilSent(to)]);
  const arrived = new Map<string, (at: number) => void>();
  const subscription = to.documents.collections.exceptions.insert$.subscribe(({ documentId }) =>
    arrived.get(documentId)?.(performance.now()),
  );
  const toHub: number[] = [];
  const toDevice: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const id = `live-${round}`;
    const { promise, resolve } = Promise.withResolvers<number>();
    arrived.set(id, resolve);
    const begin = performance.now();
    await from.documents.collections.exceptions.insert(anException({ id, store }));
    await untilSent(from);
    toHub.push(performance.now() - begin);
    toDevice.push((await promise) - begin);
  }
  subscription.unsubscribe();
  latency('document: commit on a device to acceptance by the hub', toHub);
  latency('document: commit on a device to commit on another device', toDevice);
}

const postgres = values.postgres ? await startPostgres() : undefined;
const mosquitto = values.broker === 'mosquitto' ? await startMosquitto() : undefined;
const hub = await startTrialHub(
  await openDatabase(postgres ? { url: await postgres.createDatabase() } : {}),
  mosquitto,
);
console.log(
  JSON.stringify({
    broker: mosquitto ? 'mosquitto' : 'aedes',
    database: hub.database.kind,
    node: process.version,
  }),
);
try {
  await bareMessages(hub);
  await drain(hub);
  await liveLatency(hub);
} finally {
  await hub.close();
  await mosquitto?.stop();
  await postgres?.stop();
}
