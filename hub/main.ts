/**
 * The hub's composition root: the only place that knows everybody. Starts in the order database, keys and policies,
 * cases, broker, intake, API, and stops in the reverse order; what a kill leaves behind is picked up at the next start,
 * because everything that matters is in the database.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, scaledClock, systemClock, topicOf } from '@truecount/protocol';
import { packMessage } from '@truecount/protocol/wire';
import { type Logger, pino } from 'pino';
import { type ApiServer, sessionMigrations } from './api/index.ts';
import { type Assembly, type HubEvent, keyFileOf } from './assembly.ts';
import { CaseEngine, caseMigrations, type Network } from './cases/index.ts';
import { type HubConfig, parseHubConfig } from './config.ts';
import { deliverMessage, readRecordedEvents, recordedFiles } from './connectors/index.ts';
import { migrate, openDatabase } from './database/index.ts';
import { enrolmentKeys, enrolmentMigrations, startEnrolment } from './enrolment/index.ts';
import { auditMigrations, loadHubKey } from './governance/index.ts';
import { intakeMigrations, startIntake } from './intake/index.ts';
import { openApi } from './open-api.ts';
import { openBroker } from './open-broker.ts';
import { ChainLearning } from './learning/index.ts';
import { createPlanner } from './planner/index.ts';
import { deviceReach } from './reach.ts';
import { startGovernance } from './start-governance.ts';

export type { HubEvent } from './assembly.ts';

export interface HubParts {
  /** Hears what is worth telling people. Default: nobody. */
  readonly say?: (event: HubEvent) => void;
  readonly logger?: Logger;
  /** Overrides `clock` of the config, for tests. */
  readonly clock?: Clock;
}

export interface Hub {
  readonly url: string;
  /** Where devices connect; the configured address when the broker is somebody else's. */
  readonly mqttUrl: string;
  /** What devices verify policies and staff with. */
  readonly publicKeyPem: string;
  close(): Promise<void>;
}

const hubMigrations = [
  ...intakeMigrations,
  ...enrolmentMigrations,
  ...auditMigrations,
  ...caseMigrations,
  ...sessionMigrations,
];

const EVENTS_EVERY_MS = 2000;

export async function startHub(input: HubConfig, parts: HubParts = {}): Promise<Hub> {
  const config = parseHubConfig(input);
  const logger =
    parts.logger ?? pino({ level: config.log.level }, pino.destination({ dest: 2, sync: false }));
  const clock = parts.clock ?? (config.clock ? scaledClock(config.clock) : systemClock);
  mkdirSync(config.dataFolder, { recursive: true, mode: 0o700 });
  const key = loadHubKey(keyFileOf(config));
  // Closed in the reverse order of opening, also when a later part cannot start.
  const open: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of open.splice(0).toReversed()) await close();
  };
  try {
    const database = await openDatabase({
      ...(config.databaseUrl === undefined ? { folder: config.dataFolder } : { url: config.databaseUrl }),
      onWarning: (text) => logger.warn(text),
    });
    open.push(() => database.close());
    await migrate(database, hubMigrations);
    const say = (event: HubEvent): void => {
      logger.info(event, event.text);
      parts.say?.(event);
    };
    const running = await assemble({ config, say, logger, clock, key, database, open });
    return { ...running, publicKeyPem: key.publicKeyPem, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

async function assemble(assembly: Assembly): Promise<Pick<Hub, 'url' | 'mqttUrl'>> {
  const { config, say, logger, clock, database, open } = assembly;
  const network: Network = { stores: config.stores, lanes: withoutUndefined(config.lanes) };
  const { audit, policies } = await startGovernance(assembly);
  const planner = createPlanner();
  open.push(() => planner.close());
  const sink = recordedFiles(config.outboundFolder ?? join(config.dataFolder, 'outbound'));
  const engine = new CaseEngine({
    database,
    audit,
    policies,
    planner,
    clock,
    network,
    watchers: { onHappening: say },
    report: ({ item, problem, parked }) => {
      logger.warn({ item, problem }, parked ? 'work was given up' : 'work is tried again');
      if (parked) say({ event: 'work-parked', text: `gave up on ${item.topic} ${item.subject}: ${problem}` });
    },
    planEveryMs: config.planning.everyMinutes * 60_000,
    orderServiceMinor: config.planning.orderServiceMinor,
    reach: deviceReach(config.planning.staleAfterHours * 3_600_000),
    deliver: (tx, id, nowMs) => deliverMessage(tx, id, { sink, nowMs }),
  });
  const opened = await openBroker(assembly);
  const { broker, mqttUrl, listen } = opened;
  const apiRef: { current?: ApiServer } = {};
  const enrolment = startEnrolment({
    database,
    keys: enrolmentKeys(assembly.key),
    clock,
    audit: (tx, facts) => audit.append(tx, facts),
    broker: {
      accountsChanged: opened.accountsChanged,
      disconnect: opened.disconnect,
      command: (address, command) =>
        broker.publish(topicOf('command', address), packMessage(command), { qos: 1 }),
    },
    onWarning: (text) => logger.warn(text),
  });
  const chain = new ChainLearning({
    database,
    key: assembly.key,
    clock,
    onProblem: (error) => logger.warn({ err: error }, 'what stores learned could not be pooled'),
  });
  open.push(() => chain.close());
  const intake = await startIntake({
    database,
    broker,
    clock,
    ownsBroker: mqttUrl === undefined,
    onChanges: (tx, changes) => {
      if (changes.some(({ after }) => after.collection === 'learning')) chain.reported();
      return engine.onDocuments(
        tx,
        changes.map(({ after }) => after),
      );
    },
    onOpen: (address, generation) => enrolment.onOpen(address, generation),
    onRevokedOpen: (address) => enrolment.onRevokedOpen(address),
    onDeviceState: () => apiRef.current?.notify(['stores', 'devices']),
    onWarning: (text) => logger.warn(text),
  });
  open.push(() => intake.close());
  await engine.start();
  open.push(() => engine.close());
  open.push(followRecordedEvents(assembly, engine));
  // Devices may be answered from here on; the API tells those that enrol where to connect.
  const address = mqttUrl ?? (await listen());
  const brokerDoor = { url: config.broker.publicUrl ?? address, caPem: opened.caPem };
  const api = await openApi(assembly, { engine, intake, policies, network, enrolment, broker: brokerDoor });
  apiRef.current = api;
  say({ event: 'hub-started', text: `the hub answers at ${api.url}, devices connect to ${address}` });
  return { url: api.url, mqttUrl: address };
}

/** Looks regularly at what other systems have written. @returns what stops it */
function followRecordedEvents(
  { config, database, logger }: Assembly,
  engine: CaseEngine,
): () => Promise<void> {
  const source = {
    folder: config.inboundFolder ?? join(config.dataFolder, 'inbound'),
    database,
    note: engine.noteEvents.bind(engine),
    onProblem: (text: string) => logger.warn(text),
  };
  let reading = Promise.resolve();
  const timer = setInterval(() => {
    reading = reading
      .then(() => readRecordedEvents(source))
      .then((noted) => (noted > 0 ? engine.check() : 0))
      .then(() => undefined)
      .catch((error: unknown) => logger.warn({ err: error }, 'events could not be read'));
  }, EVENTS_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await reading;
  };
}

/** Optional capacity without an explicit undefined, as the planner's problem wants it. */
function withoutUndefined(lanes: HubConfig['lanes']): Network['lanes'] {
  return lanes.map(({ capacity, ...lane }) => (capacity === undefined ? lane : { ...lane, capacity }));
}
