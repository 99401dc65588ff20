/**
 * A thousand devices of one hub lose it at once and come back: cut connections, and a killed hub. Prints when all were
 * accepted again, when the last one had sent what it had and had looked for news, errors, and the hub's memory.
 *
 *   node test/chaos/reconnects.ts [--devices 1000] [--positions 5] [--broker mosquitto] [--database postgres]
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { migrate, openDatabase } from '../../hub/database/index.ts';
import { brokerPasswordLines, enrolDevice, enrolmentMigrations } from '../../hub/enrolment/index.ts';
import { intakeMigrations } from '../../hub/intake/index.ts';
import { systemClock } from '../../protocol/index.ts';
import { freePort } from '../servers/free-port.ts';
import { startMosquitto } from '../servers/mosquitto.ts';
import { startPostgres } from '../servers/postgres.ts';
import { Random } from '../twin/random.ts';
import { LightDevice } from './light-device.ts';
import { Link } from './link.ts';
import { ServerProcess } from './server-process.ts';

const { values } = parseArgs({
  options: {
    devices: { type: 'string', default: '1000' },
    positions: { type: 'string', default: '5' },
    broker: { type: 'string', default: 'embedded' },
    database: { type: 'string', default: 'pglite' },
  },
});
const count = Number(values.devices);
const positions = Number(values.positions);
const STEADY_WITHIN_MS = 240_000;

const folder = mkdtempSync(join(tmpdir(), 'truecount-reconnects-'));
const mosquitto = values.broker === 'mosquitto' ? await startMosquitto() : undefined;
const postgres = values.database === 'postgres' ? await startPostgres() : undefined;
const databaseUrl = await postgres?.createDatabase();
const dataFolder = join(folder, 'hub');
const brokerPort = await freePort();
const brokerUrl = mosquitto?.url ?? `mqtt://127.0.0.1:${brokerPort}`;
const stores = Array.from({ length: count }, (_, n) => `store-${n}`);
const link = new Link(brokerUrl, new Random(1));
const url = await link.open();

let heard: (() => void) | undefined;
const devices: LightDevice[] = [];
{
  const database = await openDatabase(
    databaseUrl === undefined ? { folder: dataFolder } : { url: databaseUrl },
  );
  await migrate(database, [...intakeMigrations, ...enrolmentMigrations]);
  for (const store of stores) {
    const address = { store, device: `${store}-agent` };
    const enrolled = await enrolDevice(database, address, systemClock);
    if ('problem' in enrolled) throw new Error(enrolled.problem);
    devices.push(new LightDevice(address, { url, ...enrolled }, () => heard?.()));
  }
  await mosquitto?.admit(await brokerPasswordLines(database));
  await database.close();
}
const config = join(folder, 'hub.json');
writeFileSync(
  config,
  JSON.stringify({
    dataFolder,
    api: { host: '127.0.0.1', port: 0 },
    broker: mosquitto
      ? { url: mosquitto.url, ...mosquitto.hubCredentials }
      : { listen: { host: '127.0.0.1', port: brokerPort } },
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    stores: stores.map((id) => ({ id, name: id, timeZone: 'UTC', currency: 'EUR' })),
    planning: { everyMinutes: 10_080 },
    log: { level: 'warn' },
  }),
);
const hub = new ServerProcess('hub', ['hub', '--config', config]);

/** Resolves when every device fulfils `isSo`. */
async function all(isSo: (device: LightDevice) => boolean): Promise<void> {
  const deadline = AbortSignal.timeout(STEADY_WITHIN_MS);
  await new Promise<void>((resolve, reject) => {
    const look = (): void => {
      if (devices.every(isSo)) resolve();
    };
    heard = look;
    look();
    deadline.addEventListener('abort', () => {
      const left = devices.filter((device) => !isSo(device));
      reject(
        new Error(
          `${left.length} devices are not steady after ${STEADY_WITHIN_MS / 1000} s, for example ` +
            `${left[0]?.address.store}: ${left[0]?.warnings.slice(-3).join('; ')}\n${hub.lines.slice(-5).join('\n')}`,
        ),
      );
    });
  });
}

async function measure(what: string, happen: () => Promise<void>): Promise<void> {
  const before = devices.map(({ opened }) => opened);
  const memory = setInterval(() => hub.lookAtMemory(), 250);
  for (const device of devices) device.warnings.length = 0;
  hub.peakBytes = 0;
  const begin = performance.now();
  let cpuBefore = hub.cpuSeconds();
  const seconds = (): number => Math.round((performance.now() - begin) / 100) / 10;
  await happen();
  const happenedS = seconds();
  // A hub that was started anew counts from its own beginning.
  if (hub.cpuSeconds() < cpuBefore) cpuBefore = 0;
  await all((device) => device.opened > (before[devices.indexOf(device)] ?? 0));
  const acceptedS = seconds();
  await all(({ isSteady }) => isSteady);
  const steadyS = seconds();
  clearInterval(memory);
  // A connection that is refused while the hub is down, or cut while it is being made, is what an outage is.
  const errors = devices.flatMap(({ warnings }) =>
    warnings.filter(
      (text) => !/ECONNREFUSED|ECONNRESET|EPIPE|ended by the other party|did not answer open/.test(text),
    ),
  );
  console.log(
    JSON.stringify({
      what,
      devices: count,
      documents: count * positions,
      happenedS,
      acceptedS,
      steadyS,
      errors: errors.length,
      ...(errors.length === 0 ? {} : { example: errors[0] }),
      hubCpuS: Math.round((hub.cpuSeconds() - cpuBefore) * 10) / 10,
      hubMb: Math.round(hub.peakBytes / 1e6),
    }),
  );
}

try {
  await hub.start();
  let round = 0;
  const change = (): void => {
    round += 1;
    for (const device of devices) device.change(positions, round);
  };
  await measure('first connections', async () => {
    change();
    for (const device of devices) device.start();
    await Promise.resolve();
  });
  await measure('every connection cut', async () => {
    change();
    link.cut();
    await Promise.resolve();
  });
  await measure('the hub killed for a moment', async () => {
    await hub.kill();
    change();
    await hub.start();
  });
  await measure('an outage that everybody waits out', async () => {
    link.shut();
    change();
    // Long enough that every device waits its longest time between two tries.
    await after(20_000);
    link.heal();
  });
} finally {
  await Promise.all(devices.map((device) => device.close()));
  await hub.kill();
  link.close();
  await mosquitto?.stop();
  await postgres?.stop();
  rmSync(folder, { recursive: true, force: true });
}
if (hub.unasked.length > 0) {
  console.error(hub.unasked.join('\n'));
  process.exitCode = 1;
}
