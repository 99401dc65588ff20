/**
 * The hub's composition root: the only place that knows everybody. Starts in the order database, keys and policies,
 * cases, broker, intake, API, and stops in the reverse order; what a kill leaves behind is picked up at the next start,
 * because everything that matters is in the database.
 */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Clock, scaledClock, systemClock } from '@truecount/protocol';
import { type Logger, pino } from 'pino';
import manifest from '../package.json' with { type: 'json' };
import { type ApiServer, keyHashOf, Operators, sessionMigrations, startApi } from './api/index.ts';
import { type BrokerLink, connectBroker, openEmbeddedBroker } from './broker/index.ts';
import { CaseEngine, caseMigrations, type Happening, listenForChanges, type Network } from './cases/index.ts';
import { type HubConfig, parseHubConfig } from './config.ts';
import { deliverMessage, publishStaff, readRecordedEvents, recordedFiles } from './connectors/index.ts';
import { type Database, migrate, openDatabase } from './database/index.ts';
import {
  AuditAnchor,
  AuditLog,
  auditMigrations,
  bundlesFrom,
  type HubKey,
  loadHubKey,
  PolicyRegistry,
  readAnchor,
  verifyAudit,
} from './governance/index.ts';
import { hubPort } from './hub-port.ts';
import {
  adoptDevice,
  deviceAuthenticator,
  type Intake,
  intakeMigrations,
  listenForDocuments,
  startIntake,
} from './intake/index.ts';
import { createPlanner, type Planner } from './planner/index.ts';
import { deviceReach } from './reach.ts';

/** A line for whoever watches the process: `event` for programs, `text` for people. */
export type HubEvent = Happening;

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

export const hubMigrations = [
  ...intakeMigrations,
  ...auditMigrations,
  ...caseMigrations,
  ...sessionMigrations,
];

export const keyFileOf = (config: Pick<HubConfig, 'dataFolder' | 'keyFile'>): string =>
  config.keyFile ?? join(config.dataFolder, 'hub-key.pem');
export const anchorFileOf = (config: Pick<HubConfig, 'dataFolder'>): string =>
  join(config.dataFolder, 'audit-head.json');

const EVENTS_EVERY_MS = 2000;
const DEFAULT_POLICY = new URL('./governance/policies/default.json', import.meta.url);

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
    const running = await assemble({ config, parts, logger, clock, key, database, open });
    return { ...running, publicKeyPem: key.publicKeyPem, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}

interface Assembly {
  readonly config: HubConfig;
  readonly parts: HubParts;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly key: HubKey;
  readonly database: Database;
  readonly open: (() => Promise<void> | void)[];
}

async function assemble(assembly: Assembly): Promise<Pick<Hub, 'url' | 'mqttUrl'>> {
  const { config, logger, clock, database, open } = assembly;
  const say = (event: HubEvent): void => {
    logger.info(event, event.text);
    assembly.parts.say?.(event);
  };
  const network: Network = { stores: config.stores, lanes: withoutUndefined(config.lanes) };
  const { audit, policies } = await startGovernance(assembly, say);
  const planner: Planner = createPlanner();
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
  const { broker, mqttUrl, listen } = await openBroker(assembly);
  const apiRef: { current?: ApiServer } = {};
  const intake = await startIntake({
    database,
    broker,
    clock,
    ownsBroker: mqttUrl === undefined,
    onChanges: (tx, changes) =>
      engine.onDocuments(
        tx,
        changes.map(({ after }) => after),
      ),
    onDeviceState: () => apiRef.current?.notify(['stores']),
    onWarning: (text) => logger.warn(text),
  });
  open.push(() => intake.close());
  await engine.start();
  open.push(() => engine.close());
  open.push(followRecordedEvents(assembly, engine));
  const api = await openApi(assembly, { engine, intake, policies, network });
  apiRef.current = api;
  const address = mqttUrl ?? (await listen());
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

async function startGovernance(
  { config, clock, key, database, open, logger }: Assembly,
  say: (event: HubEvent) => void,
): Promise<{ readonly audit: AuditLog; readonly policies: PolicyRegistry }> {
  const anchorFile = anchorFileOf(config);
  const before = readAnchor(anchorFile);
  await warnOfLostTail(database, before, { say, logger });
  const audit = new AuditLog({ key, anchor: new AuditAnchor(anchorFile), clock });
  open.push(() => audit.close());
  const policies = new PolicyRegistry({ key, clock });
  const file: unknown = JSON.parse(readFileSync(config.policyFile ?? DEFAULT_POLICY, 'utf8'));
  await database.transaction(async (tx) => {
    const facts = [
      ...(await policies.publish(tx, bundlesFrom(file))),
      ...(await publishStaff(tx, config.staff, { key, clock })),
    ];
    await audit.append(tx, facts);
  });
  for (const { id, store, secret } of config.devices) {
    const refused = await adoptDevice(database, { store, device: id }, secret, clock);
    if (refused) say({ event: 'device-refused', text: refused.problem });
  }
  return { audit, policies };
}

/** A database that lost what the anchor has seen is said loudly at once; `truecount audit verify` says where. */
async function warnOfLostTail(
  database: Database,
  anchor: ReturnType<typeof readAnchor>,
  out: { readonly say: (event: HubEvent) => void; readonly logger: Logger },
): Promise<void> {
  if (anchor.state === 'absent') return;
  const [row] =
    anchor.state === 'read'
      ? await database.query('SELECT 1 FROM audit_entries WHERE seq = $1 AND hash = $2', [
          anchor.head.seq,
          anchor.head.hash,
        ])
      : [];
  if (row) return;
  out.logger.error({ anchor }, 'the audit chain is not the one the anchor has seen');
  out.say({
    event: 'audit-broken',
    text: 'the audit chain does not match its anchor; run "truecount audit verify"',
  });
}

interface OpenedBroker {
  readonly broker: BrokerLink;
  /** Known when the broker is somebody else's. */
  readonly mqttUrl: string | undefined;
  readonly listen: () => Promise<string>;
}

async function openBroker({ config, database, logger, open }: Assembly): Promise<OpenedBroker> {
  const onWarning = (text: string): void => logger.warn(text);
  const settings = config.broker;
  if ('listen' in settings) {
    const { tls, listen } = settings;
    const broker = await openEmbeddedBroker({
      ...listen,
      authenticate: deviceAuthenticator(database),
      ...(tls
        ? { tls: { cert: readFileSync(tls.certFile, 'utf8'), key: readFileSync(tls.keyFile, 'utf8') } }
        : {}),
      onWarning,
    });
    open.push(() => broker.close());
    return { broker, mqttUrl: undefined, listen: () => broker.listen() };
  }
  const { url, username, password, caFile } = settings;
  const broker = await connectBroker({
    url,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
    onWarning,
  });
  open.push(() => broker.close());
  return { broker, mqttUrl: url, listen: () => Promise.resolve(url) };
}

interface ApiParts {
  readonly engine: CaseEngine;
  readonly intake: Intake;
  readonly policies: PolicyRegistry;
  readonly network: Network;
}

async function openApi(
  { config, database, key, logger, clock, open }: Assembly,
  parts: ApiParts,
): Promise<ApiServer> {
  const hub = hubPort({
    database,
    clock,
    ...parts,
    verify: () => verifyAudit(database, { key, anchor: readAnchor(anchorFileOf(config)) }),
  });
  const operators = config.operators.map(({ name, role, key: plain, keyHash }) => ({
    name,
    role,
    keyHash: keyHash ?? keyHashOf(plain ?? ''),
  }));
  const api = await startApi({
    hub,
    operators: new Operators(database, operators),
    host: config.api.host,
    port: config.api.port,
    requestsPerMinute: config.api.requestsPerMinute,
    consoleFolder: config.consoleFolder,
    version: manifest.version,
    logger,
  });
  open.push(() => api.close());
  const stopChanges = await listenForChanges(database, (topics) => api.notify(topics));
  open.push(stopChanges);
  const stopDocuments = await listenForDocuments(database, (change) => {
    if (!change || change.collection === 'exceptions' || change.collection === 'positions')
      api.notify(['stores']);
    if (!change || change.collection === 'transfers') api.notify(['transfers', 'plan']);
    if (!change || change.collection === 'policies') api.notify(['policies']);
  });
  open.push(stopDocuments);
  return api;
}
