/** The store agent's configuration: one schema, its defaults, and an error that names the field. */
import { readFileSync } from 'node:fs';
import { DeviceId, parserFor, ScaledClock, StoreId } from '@truecount/protocol';
import { type Static, Type } from 'typebox';
import { FeedConfig, parseFeedConfig } from './feeds/index.ts';

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
  publicKeyPem: Type.String({
    description: "the hub's Ed25519 public key; policies and staff are signed with its other half",
  }),
});

export const ShellCheck = Type.Object({
  isLocked: Type.Boolean(),
  gaps: Type.Array(Type.String({ maxLength: 500 }), { maxItems: 20 }),
});

export const AgentConfig = Type.Object({
  store: Type.Object({
    id: StoreId,
    name: Type.String({ minLength: 1, maxLength: 80 }),
    timeZone: Type.String({ maxLength: 60, description: 'IANA name, e.g. "Europe/Berlin"' }),
    currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  }),
  dataFolder: Type.String({ minLength: 1 }),
  api: Type.Object({
    host: Type.String({ minLength: 1 }),
    port: Type.Integer({ minimum: 0, maximum: 65_535, description: '0 for a free one' }),
    allowedHosts: Type.Array(Type.String({ maxLength: 200 }), {
      maxItems: 20,
      description: 'names besides loopback under which screens may reach this agent',
    }),
  }),
  /** Without a hub the store works alone. */
  hub: Type.Optional(HubLink),
  feeds: Type.Array(FeedConfig, { maxItems: 100, description: 'see device/feeds' }),
  /** Another clock than the machine's, for demos and tests. */
  clock: Type.Optional(ScaledClock),
  screensFolder: Type.Optional(Type.String()),
  /** What the kiosk shell found out about the machine; while it is not locked, managers' functions stay closed. */
  shell: Type.Optional(ShellCheck),
  log: Type.Object({
    level: Type.Enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']),
  }),
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

/** @throws AgentConfigError with the field that is wrong and what it should be */
export function parseAgentConfig(input: unknown): AgentConfig {
  if (!isObject(input)) throw new AgentConfigError('the config is not a JSON object');
  const parsed = parse({
    feeds: [],
    tickMs: 1000,
    snapshotMs: 600_000,
    ...input,
    api: { host: '127.0.0.1', port: 7400, allowedHosts: [], ...section(input['api']) },
    log: { level: 'info', ...section(input['log']) },
  });
  if (!parsed.ok) throw new AgentConfigError(`the config: ${parsed.problem}`);
  checkTimeZone(parsed.value.store.timeZone);
  checkFeeds(parsed.value.feeds);
  return parsed.value;
}

/** @param more fields that this start decides, over those of the file */
export function readAgentConfig(path: string, more: Readonly<Record<string, unknown>> = {}): AgentConfig {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new AgentConfigError(`there is no readable config at ${path}; name one with --config`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw new AgentConfigError(
      `${path} is no JSON: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
  try {
    return parseAgentConfig(isObject(json) ? { ...json, ...more } : json);
  } catch (error) {
    if (error instanceof AgentConfigError) throw new AgentConfigError(`${path}: ${error.message}`);
    throw error;
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
