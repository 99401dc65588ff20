/** The hub's configuration: one schema, its defaults, and an error that names the field. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Id, parserFor, RoleSchema, ScaledClock, StoreId } from '@truecount/protocol';
import { type Static, Type } from 'typebox';

const minor = Type.Integer({ minimum: 0, maximum: 1_000_000_000, description: 'minor units' });
const Host = Type.String({ minLength: 1, maxLength: 200 });
const Port = Type.Integer({ minimum: 0, maximum: 65_535, description: '0 for a free one' });

const File = Type.String({ minLength: 1 });
/** PEM files. `caFile`: of the authority that signed the certificate, given to devices that enrol; default: the certificate. */
const Tls = Type.Object({ certFile: File, keyFile: File, caFile: Type.Optional(File) });
const BrokerUrl = Type.String({
  pattern: '^(mqtt|mqtts|ws|wss)://',
  maxLength: 300,
  description: 'where devices reach the broker, when it is not the address that the hub uses',
});

const EmbeddedBroker = Type.Object({
  listen: Type.Object({ host: Host, port: Port }),
  tls: Type.Optional(Tls),
  publicUrl: Type.Optional(BrokerUrl),
});
const ExternalBroker = Type.Object({
  url: Type.String({ pattern: '^(mqtt|mqtts|ws|wss)://', maxLength: 300 }),
  username: Type.Optional(Type.String({ maxLength: 200 })),
  password: Type.Optional(Type.String({ maxLength: 500 })),
  caFile: Type.Optional(File),
  publicUrl: Type.Optional(BrokerUrl),
  /** Devices' accounts at a Mosquitto server on this machine, kept by the hub (hub/enrolment/README.md). */
  accounts: Type.Optional(
    Type.Object({
      passwordFile: File,
      pidFile: Type.Optional(File),
      furtherLines: Type.Optional(Type.Array(Type.String({ maxLength: 500 }), { maxItems: 100 })),
    }),
  ),
});

export const HubConfig = Type.Object({
  dataFolder: Type.String({
    minLength: 1,
    description: 'the hub’s key, its database unless one is named, its anchor',
  }),
  /** The hub's signing key; hub processes side by side share one file. */
  keyFile: Type.Optional(Type.String({ minLength: 1 })),
  api: Type.Object({
    host: Host,
    port: Port,
    requestsPerMinute: Type.Integer({ minimum: 10, maximum: 1_000_000 }),
    tls: Type.Optional(Tls),
  }),
  broker: Type.Union([EmbeddedBroker, ExternalBroker]),
  databaseUrl: Type.Optional(Type.String({ pattern: '^postgres(ql)?://', maxLength: 500 })),
  stores: Type.Array(
    Type.Object({
      id: StoreId,
      name: Type.String({ minLength: 1, maxLength: 80 }),
      timeZone: Type.String({ maxLength: 60 }),
      currency: Type.String({ pattern: '^[A-Z]{3}$' }),
    }),
    { minItems: 1, maxItems: 10_000 },
  ),
  lanes: Type.Array(
    Type.Object({
      from: StoreId,
      to: StoreId,
      fixedMinor: minor,
      perUnitMinor: minor,
      hours: Type.Number({ minimum: 0, maximum: 1000 }),
      capacity: Type.Optional(Type.Integer({ minimum: 0, maximum: 1_000_000 })),
    }),
    { maxItems: 1_000_000 },
  ),
  devices: Type.Array(
    Type.Object({ id: Id, store: StoreId, secret: Type.String({ minLength: 16, maxLength: 200 }) }),
    { maxItems: 100_000, description: 'devices whose secret was made with this config' },
  ),
  operators: Type.Array(
    Type.Object({
      name: Type.String({ minLength: 1, maxLength: 80 }),
      role: RoleSchema,
      key: Type.Optional(Type.String({ minLength: 24, maxLength: 200 })),
      keyHash: Type.Optional(
        Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256 of the key, hex' }),
      ),
    }),
    { maxItems: 1000 },
  ),
  staff: Type.Array(
    Type.Object({
      store: StoreId,
      name: Type.String({ minLength: 1, maxLength: 40 }),
      role: RoleSchema,
      pinHash: Type.String({ pattern: '^scrypt\\$', maxLength: 300 }),
    }),
    { maxItems: 100_000 },
  ),
  policyFile: Type.Optional(Type.String({ minLength: 1 })),
  consoleFolder: Type.Optional(Type.String({ minLength: 1 })),
  /** Where messages for other systems are written; default: `outbound` in the data folder. */
  outboundFolder: Type.Optional(Type.String({ minLength: 1 })),
  /** Where events of other systems are read from, NDJSON; default: `inbound` in the data folder. */
  inboundFolder: Type.Optional(Type.String({ minLength: 1 })),
  /** Another clock than the machine's, for demos and tests. */
  clock: Type.Optional(ScaledClock),
  planning: Type.Object({
    everyMinutes: Type.Number({ minimum: 0.1, maximum: 10_080, description: 'on the hub’s clock' }),
    /** What keeping an order's promise is worth beyond its margin. */
    orderServiceMinor: minor,
    /** Decisions drop a tier when a store they rest on has been out of reach for longer. */
    staleAfterHours: Type.Number({ minimum: 0.1, maximum: 720 }),
  }),
  log: Type.Object({ level: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']) }),
});
export type HubConfig = Static<typeof HubConfig>;

export class HubConfigError extends Error {
  readonly code = 'E_CONFIG';
}

const parse = parserFor(HubConfig);

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const section = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

/** @throws HubConfigError with the field that is wrong and what it should be */
export function parseHubConfig(input: unknown): HubConfig {
  if (!isObject(input)) throw new HubConfigError('the config is not a JSON object');
  const parsed = parse({
    lanes: [],
    devices: [],
    operators: [],
    staff: [],
    broker: { listen: { host: '127.0.0.1', port: 7300 } },
    ...input,
    api: { host: '127.0.0.1', port: 7380, requestsPerMinute: 600, ...section(input['api']) },
    planning: { everyMinutes: 15, orderServiceMinor: 500, staleAfterHours: 4, ...section(input['planning']) },
    log: { level: 'info', ...section(input['log']) },
  });
  if (!parsed.ok) throw new HubConfigError(`the config: ${parsed.problem}`);
  checkNames(parsed.value);
  return parsed.value;
}

/** What a schema cannot say: names that must resolve. */
function checkNames(config: HubConfig): void {
  const stores = new Set(config.stores.map(({ id }) => id));
  const known = (store: string, where: string): void => {
    if (!stores.has(store))
      throw new HubConfigError(`${where} names the store "${store}", which is not in stores`);
  };
  if (stores.size !== config.stores.length) throw new HubConfigError('two stores have the same id');
  const currencies = new Set(config.stores.map(({ currency }) => currency));
  if (currencies.size > 1)
    throw new HubConfigError(
      `one hub plans in one currency, and the stores have ${[...currencies].join(', ')}; run one hub per currency`,
    );
  for (const [at, lane] of config.lanes.entries()) {
    known(lane.from, `lanes.${at}.from`);
    known(lane.to, `lanes.${at}.to`);
    if (lane.from === lane.to) throw new HubConfigError(`lanes.${at} leads from ${lane.from} to itself`);
  }
  for (const [at, { store }] of config.devices.entries()) known(store, `devices.${at}`);
  for (const [at, { store }] of config.staff.entries()) known(store, `staff.${at}`);
  for (const [at, operator] of config.operators.entries())
    if ((operator.key === undefined) === (operator.keyHash === undefined))
      throw new HubConfigError(`operators.${at} needs a key or a keyHash, and not both`);
}

/** Reads a config file; relative folders in it are taken from where the file is. */
export function readHubConfig(file: string): HubConfig {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new HubConfigError(`${file} cannot be read as JSON: ${reason}`);
  }
  const config = parseHubConfig(input);
  const from = (path: string): string => resolve(dirname(file), path);
  return {
    ...config,
    dataFolder: from(config.dataFolder),
    api: { ...config.api, ...(config.api.tls ? { tls: tlsFrom(config.api.tls, from) } : {}) },
    broker: brokerFrom(config.broker, from),
    ...(config.keyFile === undefined ? {} : { keyFile: from(config.keyFile) }),
    ...(config.policyFile === undefined ? {} : { policyFile: from(config.policyFile) }),
    ...(config.consoleFolder === undefined ? {} : { consoleFolder: from(config.consoleFolder) }),
    ...(config.inboundFolder === undefined ? {} : { inboundFolder: from(config.inboundFolder) }),
    ...(config.outboundFolder === undefined ? {} : { outboundFolder: from(config.outboundFolder) }),
  };
}

type From = (path: string) => string;

const tlsFrom = (tls: Static<typeof Tls>, from: From): Static<typeof Tls> => ({
  certFile: from(tls.certFile),
  keyFile: from(tls.keyFile),
  ...(tls.caFile === undefined ? {} : { caFile: from(tls.caFile) }),
});

function brokerFrom(broker: HubConfig['broker'], from: From): HubConfig['broker'] {
  if ('listen' in broker) return { ...broker, ...(broker.tls ? { tls: tlsFrom(broker.tls, from) } : {}) };
  const { caFile, accounts } = broker;
  return {
    ...broker,
    ...(caFile === undefined ? {} : { caFile: from(caFile) }),
    ...(accounts
      ? {
          accounts: {
            ...accounts,
            passwordFile: from(accounts.passwordFile),
            ...(accounts.pidFile === undefined ? {} : { pidFile: from(accounts.pidFile) }),
          },
        }
      : {}),
  };
}
