/** The store agent's configuration: one schema, its defaults, and an error that names the field. */
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { DeviceId, parserFor, ScaledClock, StoreSettings } from '@truecount/protocol';
import { type Static, Type } from 'typebox';
import { type EnrolmentRecord, readEnrolment } from './enrolment/index.ts';
import { FeedConfig, parseFeedConfig } from './feeds/index.ts';
import { defaultLearning, LearningConfig } from './learning/index.ts';
import { VisionConfig } from './vision/cameras/camera-config.ts';

const HubLink = Type.Object({
  url: Type.String({
    pattern: '^(mqtt|mqtts|ws|wss)://',
    maxLength: 300,
    description: 'the broker of the hub',
  }),
  /** This device's id as enrolled at the hub. */
  device: DeviceId,
  username: Type.Optional(Type.String({ maxLength: 200 })),
  password: Type.Optional(Type.String({ maxLength: 500 })),
  /** Of the authority that signed the broker's certificate, where the system does not know it. */
  caPem: Type.Optional(Type.String({ maxLength: 20_000 })),
  /** Of a rotated secret: the one before, tried when the hub does not know the new one yet. */
  previousPassword: Type.Optional(Type.String({ maxLength: 500 })),
  /** Of the secret; only of a device that enrolled with a code. */
  generation: Type.Optional(Type.Integer({ minimum: 1 })),
  publicKeyPem: Type.String({
    description: "the hub's Ed25519 public key; policies and staff are signed with its other half",
  }),
});

const GuidanceConfig = Type.Object({
  enabled: Type.Optional(Type.Boolean({ description: 'default true' })),
  /** A GGUF file instead of the shipped model; `none` for the procedures' own words. */
  model: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })),
  /** Folders of Markdown procedures; later ones replace earlier ones and the shipped ones by id. */
  procedures: Type.Optional(Type.Array(Type.String({ minLength: 1 }), { maxItems: 20 })),
  /** A bundle of procedures that the hub signed (JSON); over those of the folders. */
  signedProcedures: Type.Optional(Type.String({ minLength: 1 })),
  /** Chosen from the model and the machine when absent. */
  contextTokens: Type.Optional(Type.Integer({ minimum: 256, maximum: 1_000_000 })),
  threads: Type.Optional(Type.Integer({ minimum: 1, maximum: 256 })),
  /** The model's process is ended and started again above this. */
  maxMemoryMb: Type.Optional(
    Type.Integer({ minimum: 64, maximum: 1_000_000, description: 'default 300; 16384 for an own model' }),
  ),
});
export type GuidanceConfig = Static<typeof GuidanceConfig>;

export const ShellCheck = Type.Object({
  isLocked: Type.Boolean(),
  gaps: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 20 }),
});

const Api = Type.Object({
  host: Type.String({ minLength: 1 }),
  port: Type.Integer({ minimum: 0, maximum: 65_535, description: '0 for a free one' }),
  allowedHosts: Type.Array(Type.String({ maxLength: 200 }), {
    maxItems: 20,
    description: 'names besides loopback under which screens may reach this agent',
  }),
});
/** Where this device enrols; the set-up screen then asks for nothing but the code. */
const EnrolAt = Type.Object({
  hub: Type.String({ minLength: 3, maxLength: 300 }),
  /** Of the authority of the hub's certificate. */
  caFile: Type.Optional(Type.String({ minLength: 1 })),
});
const Log = Type.Object({
  level: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
});

export const AgentConfig = Type.Object({
  store: StoreSettings,
  dataFolder: Type.String({ minLength: 1 }),
  api: Api,
  enrolAt: Type.Optional(EnrolAt),
  /** Without a hub the store works alone. One that enrolled with a code has this in its data folder instead. */
  hub: Type.Optional(HubLink),
  feeds: Type.Array(FeedConfig, { maxItems: 100, description: 'see device/feeds' }),
  /** Shelf cameras; see device/vision. */
  vision: Type.Optional(VisionConfig),
  /** Another clock than the machine's, for demos and tests. */
  clock: Type.Optional(ScaledClock),
  screensFolder: Type.Optional(Type.String()),
  /** Advice from procedures and a small language model. */
  guidance: Type.Optional(GuidanceConfig),
  /** What the kiosk shell found out about the machine; while it is not locked, managers' functions stay closed. */
  shell: Type.Optional(ShellCheck),
  /** Learning by night; see device/learning. */
  learning: LearningConfig,
  log: Log,
  /** How often exceptions and positions are looked at, in milliseconds of the machine's clock. */
  tickMs: Type.Integer({ minimum: 20, maximum: 60_000 }),
  /** How often the belief is written for the next start, in milliseconds of the machine's clock. */
  snapshotMs: Type.Integer({ minimum: 1000, maximum: 86_400_000 }),
});
export type AgentConfig = Static<typeof AgentConfig>;
export type HubLink = Static<typeof HubLink>;

const parse = parserFor(AgentConfig);

export class AgentConfigError extends Error {
  readonly code = 'E_CONFIG';
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const section = (value: unknown): Readonly<Record<string, unknown>> => (isObject(value) ? value : {});

/** What is known of a device that belongs to no store yet. */
export const SetUpConfig = Type.Object({
  dataFolder: Type.String({ minLength: 1 }),
  api: Api,
  enrolAt: Type.Optional(EnrolAt),
  screensFolder: Type.Optional(Type.String()),
  log: Log,
});
export type SetUpConfig = Static<typeof SetUpConfig>;
const parseSetUp = parserFor(SetUpConfig);

type Given = Readonly<Record<string, unknown>>;

const withDefaults = (input: Given): Given => ({
  feeds: [],
  tickMs: 1000,
  snapshotMs: 600_000,
  ...input,
  api: { host: '127.0.0.1', port: 7400, allowedHosts: [], ...section(input['api']) },
  learning: { ...defaultLearning, ...section(input['learning']) },
  log: { level: 'info', ...section(input['log']) },
  ...(input['vision'] === undefined
    ? {}
    : { vision: { keepHours: 24, cameras: [], ...section(input['vision']) } }),
});

/** @throws AgentConfigError with the field that is wrong and what it should be */
export function parseAgentConfig(input: unknown): AgentConfig {
  if (!isObject(input)) throw new AgentConfigError('the config is not a JSON object');
  const parsed = parse(withDefaults(input));
  if (!parsed.ok) throw new AgentConfigError(`the config: ${parsed.problem}`);
  checkTimeZone(parsed.value.store.timeZone);
  checkFeeds(parsed.value.feeds);
  return parsed.value;
}

export interface StartOptions {
  /** A config file; without one everything is at its default and the data folder says the rest. */
  readonly file?: string;
  readonly dataFolder?: string;
  /** Fields that this start decides, over those of the file. */
  readonly more?: Given;
}

/** What to start: the agent of a store, or the set-up of a device that belongs to none yet. */
export type Start =
  | { readonly kind: 'agent'; readonly config: AgentConfig }
  | { readonly kind: 'set-up'; readonly config: SetUpConfig };

/** @throws AgentConfigError naming the file and the field */
export function readStart(options: StartOptions): Start {
  const { file, dataFolder, more = {} } = options;
  const read = file === undefined ? {} : readJson(file);
  if (!isObject(read)) throw new AgentConfigError(`${file}: the config is not a JSON object`);
  const given = { ...read, ...more, ...(dataFolder === undefined ? {} : { dataFolder }) };
  const folder: unknown = given['dataFolder'];
  const enrolled = typeof folder === 'string' && folder !== '' ? readEnrolment(folder) : undefined;
  try {
    const known = withEnrolment(withFilesFrom(given, file), enrolled);
    if (known['store'] !== undefined) return { kind: 'agent', config: parseAgentConfig(known) };
    const parsed = parseSetUp(withDefaults(known));
    if (!parsed.ok) throw new AgentConfigError(`the config: ${parsed.problem}`);
    return { kind: 'set-up', config: parsed.value };
  } catch (error) {
    if (error instanceof AgentConfigError && file !== undefined)
      throw new AgentConfigError(`${file}: ${error.message}`);
    throw error;
  }
}

/** The agent's config from a file. @throws also when the device belongs to no store yet */
export function readAgentConfig(file: string, more: Given = {}): AgentConfig {
  const start = readStart({ file, more });
  if (start.kind === 'agent') return start.config;
  throw new AgentConfigError(
    `${file}: there is no store, and nothing has enrolled in ${start.config.dataFolder}; run "truecount enrol"`,
  );
}

/** What the config says wins; what it leaves open comes from the enrolment. */
function withEnrolment(given: Given, enrolled: EnrolmentRecord | undefined): Given {
  if (!enrolled) return given;
  const { result } = enrolled;
  const named: unknown = section(given['store'])['id'];
  if (given['hub'] === undefined && named !== undefined && named !== result.store.id)
    throw new AgentConfigError(
      `the config is of store ${JSON.stringify(named)}, but the data folder has enrolled as ${result.store.id}; ` +
        'name the right folder, or enrol this one with a code of its store',
    );
  return { store: result.store, hub: hubLinkOf(enrolled), ...given };
}

/** The way to the hub that an enrolment opened. */
export function hubLinkOf({ result, previousPassword }: EnrolmentRecord): HubLink {
  const { broker, device, secret, hubPublicKeyPem } = result;
  return {
    url: broker.url,
    device,
    username: broker.username,
    password: secret.password,
    generation: secret.generation,
    publicKeyPem: hubPublicKeyPem,
    ...(broker.caPem === undefined ? {} : { caPem: broker.caPem }),
    ...(previousPassword === undefined ? {} : { previousPassword }),
  };
}

/** Files are named as seen from the config. */
function withFilesFrom(given: Given, file: string | undefined): Given {
  const enrolAt = section(given['enrolAt']);
  const caFile: unknown = enrolAt['caFile'];
  if (file === undefined || typeof caFile !== 'string') return given;
  return { ...given, enrolAt: { ...enrolAt, caFile: resolve(dirname(file), caFile) } };
}

function readJson(path: string): unknown {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new AgentConfigError(`there is no readable config at ${path}; name one with --config`);
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new AgentConfigError(
      `${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

function checkFeeds(feeds: readonly FeedConfig[]): void {
  const names = new Set<string>();
  for (const [at, feed] of feeds.entries()) {
    const parsed = parseFeedConfig(feed);
    if (!parsed.ok) throw new AgentConfigError(`the config: feeds.${at}: ${parsed.problem}`);
    if (names.has(feed.name))
      throw new AgentConfigError(
        `the config: feeds.${at}: the name "${feed.name}" is taken; give each feed its own`,
      );
    names.add(feed.name);
  }
}

function checkTimeZone(name: string): void {
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
  } catch {
    throw new AgentConfigError(
      `the config's store.timeZone "${name}" is no IANA time zone; write e.g. "Europe/Berlin"`,
    );
  }
}
