/** A hub's database, broker and intake, started together for a test, on any pair of database and broker. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe } from 'vitest';
import { connectBroker, type BrokerLink, openEmbeddedBroker } from '../../hub/broker/index.ts';
import { type Database, migrate, openDatabase } from '../../hub/database/index.ts';
import {
  brokerPasswordLines,
  deviceAuthenticator,
  enrolDevice,
  type Enrolment,
  enrolmentKeys,
  enrolmentMigrations,
  startEnrolment,
} from '../../hub/enrolment/index.ts';
import { type Intake, intakeMigrations, type OnChanges, startIntake } from '../../hub/intake/index.ts';
import { type Clock, type DeviceAddress, systemClock, topicOf } from '../../protocol/index.ts';
import { packMessage } from '../../protocol/wire.ts';
import { freePort } from './free-port.ts';
import { type MosquittoServer, mosquittoProgram, startMosquitto } from './mosquitto.ts';
import { type PostgresServer, postgresProgram, startPostgres } from './postgres.ts';
import { skippedWithout } from './programs.ts';

export interface TrialHub {
  readonly database: Database;
  readonly url: string;
  readonly intake: Intake;
  readonly enrolment: Enrolment;
  readonly warnings: string[];
  /** What a device needs to connect. */
  enrol(address: DeviceAddress): Promise<{ url: string; username: string; password: string }>;
  /** As the hub itself would. */
  publish(topic: string, payload: Uint8Array): Promise<void>;
  /** Ends intake (and an embedded broker) as if the process had ended; the database stays. */
  stopService(): Promise<void>;
  startService(): Promise<void>;
  /** Cuts every connection at once, without a word. */
  cutConnections(): Promise<void>;
  close(): Promise<void>;
}

export interface TrialHubOptions {
  readonly clock?: Clock;
  readonly onChanges?: OnChanges;
  readonly versions?: readonly number[];
  readonly presenceGraceMs?: number;
}

export async function startTrialHub(
  database: Database,
  mosquitto: MosquittoServer | undefined,
  options: TrialHubOptions = {},
): Promise<TrialHub> {
  await migrate(database, [...intakeMigrations, ...enrolmentMigrations]);
  const clock = options.clock ?? systemClock;
  const port = mosquitto ? 0 : await freePort();
  const url = mosquitto?.url ?? `mqtt://127.0.0.1:${port}`;
  const warnings: string[] = [];
  const onWarning = (text: string): unknown => warnings.push(text);
  let broker: BrokerLink | undefined;
  let intake: Intake | undefined;
  let enrolment: Enrolment | undefined;
  const keys = enrolmentKeys({ sign: (text) => `a key of tests ${text}` });

  const startService = async (): Promise<void> => {
    const embedded = mosquitto
      ? undefined
      : await openEmbeddedBroker({ authenticate: deviceAuthenticator(database), port, onWarning });
    const instance = randomUUID();
    const link =
      embedded ?? (await connectBroker({ url, instance, ...mosquitto?.hubCredentials, onWarning }));
    broker = link;
    const started = startEnrolment({
      database,
      keys,
      clock,
      audit: () => Promise.resolve(),
      broker: {
        accountsChanged: async () => mosquitto?.admit(await brokerPasswordLines(database)),
        command: (address, what) => link.publish(topicOf('command', address), packMessage(what), { qos: 1 }),
        disconnect: (address) => embedded?.disconnect(address),
      },
      onWarning,
    });
    enrolment = started;
    intake = await startIntake({
      onOpen: (address, generation) => started.onOpen(address, generation),
      onRevokedOpen: (address) => started.onRevokedOpen(address),
      database,
      broker,
      clock,
      ownsBroker: embedded !== undefined,
      onWarning,
      ...(options.onChanges ? { onChanges: options.onChanges } : {}),
      ...(options.versions ? { versions: options.versions } : {}),
      ...(options.presenceGraceMs === undefined ? {} : { presenceGraceMs: options.presenceGraceMs }),
    });
    await embedded?.listen();
  };
  const stopService = async (): Promise<void> => {
    await broker?.close();
    await intake?.close();
    broker = undefined;
    intake = undefined;
  };
  await startService();
  return {
    database,
    url,
    warnings,
    get intake() {
      if (!intake) throw new Error('the service is stopped');
      return intake;
    },
    get enrolment() {
      if (!enrolment) throw new Error('the service is stopped');
      return enrolment;
    },
    enrol: async (address) => {
      const credentials = await enrolDevice(database, address, clock);
      if ('problem' in credentials) throw new Error(credentials.problem);
      await mosquitto?.admit(await brokerPasswordLines(database));
      return { url, ...credentials };
    },
    publish: async (topic, payload) => {
      await broker?.publish(topic, payload, { qos: 1 });
    },
    startService,
    stopService,
    cutConnections: async () => {
      if (!mosquitto) {
        await stopService();
        await startService();
        return;
      }
      await mosquitto.kill('SIGKILL');
      await mosquitto.restart();
    },
    close: async () => {
      await stopService();
      await database.close();
    },
  };
}

export interface TrialPair {
  readonly database: 'PGlite' | 'PostgreSQL';
  readonly broker: 'Aedes' | 'Mosquitto';
}

export const trialPairs: readonly TrialPair[] = [
  { database: 'PGlite', broker: 'Aedes' },
  { database: 'PGlite', broker: 'Mosquitto' },
  { database: 'PostgreSQL', broker: 'Aedes' },
  { database: 'PostgreSQL', broker: 'Mosquitto' },
];

export type StartHub = (options?: TrialHubOptions) => Promise<TrialHub>;

/** Runs one suite on all four pairs; every call of its argument starts a hub with an empty database. */
export function describeOnEachPair(title: string, suite: (startHub: StartHub) => void): void {
  for (const pair of trialPairs) {
    const needsPostgres = pair.database === 'PostgreSQL';
    const needsMosquitto = pair.broker === 'Mosquitto';
    const isSkipped =
      (needsPostgres && skippedWithout('postgresql', postgresProgram)) ||
      (needsMosquitto && skippedWithout('mosquitto', mosquittoProgram));
    describe.skipIf(isSkipped)(`${title} (${pair.database}, ${pair.broker})`, () => {
      let postgres: PostgresServer | undefined;
      let mosquitto: MosquittoServer | undefined;
      const hubs: TrialHub[] = [];
      beforeAll(async () => {
        postgres = needsPostgres ? await startPostgres() : undefined;
        mosquitto = needsMosquitto ? await startMosquitto() : undefined;
      });
      afterAll(async () => {
        for (const hub of hubs) await hub.close();
        await mosquitto?.stop();
        await postgres?.stop();
      });
      suite(async (options) => {
        for (const hub of hubs.splice(0)) await hub.close();
        const database = await openDatabase(postgres ? { url: await postgres.createDatabase() } : {});
        const hub = await startTrialHub(database, mosquitto, options);
        hubs.push(hub);
        return hub;
      });
    });
  }
}
