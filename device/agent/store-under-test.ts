/** For tests: a whole store with its API on real files, whose clock and route to the hub the test holds. */
import { generateKeyPairSync, scryptSync } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type FeedObservation,
  instant,
  type Observation,
  type PolicyBundle,
  type PolicyDocument,
  type Role,
  type StaffGrant,
  type SyncView,
} from '@truecount/protocol';
import { canonical, hashOf, keyIdOf, signText } from '@truecount/protocol/signing';
import { pino } from 'pino';
import { startApi } from '../api/index.ts';
import { type AgentConfig, parseAgentConfig } from '../config.ts';
import { startingPolicy } from '../documents/index.ts';
import type { AgentEvent } from './agent-events.ts';
import { agentPort } from './agent-port.ts';
import { openCameras } from './open-cameras.ts';
import { shelfFactsOf } from './shelf-facts.ts';
import { openStoreCore, type StoreCore } from './store-core.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
/** A Monday noon. */
export const NOON_MS = Date.parse('2026-03-02T12:00:00.000Z');

const hubKeys = generateKeyPairSync('ed25519');

interface Answer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
  readonly cookie: string | undefined;
  readonly headers: Headers;
}

export interface StoreUnderTest {
  readonly core: StoreCore;
  readonly url: string;
  readonly folder: string;
  readonly events: readonly AgentEvent[];
  readonly clock: { ms: number; now(): number };
  sync: SyncView;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** Observations from a feed. */
  hear(...observations: readonly Observation[]): Promise<void>;
  /** What the agent does every second. */
  tick(): Promise<void>;
  close(): Promise<void>;
}

export async function openStoreUnderTest(
  options: {
    readonly folder?: string;
    readonly nowMs?: number;
    readonly shell?: NonNullable<AgentConfig['shell']>;
    readonly vision?: NonNullable<AgentConfig['vision']>;
  } = {},
): Promise<StoreUnderTest> {
  const folder = options.folder ?? mkdtempSync(join(tmpdir(), 'store-'));
  const clock = {
    ms: options.nowMs ?? NOON_MS,
    now(): number {
      return this.ms;
    },
  };
  const config = parseAgentConfig({
    store: { id: 'harbour', name: 'Harbour', timeZone: 'UTC', currency: 'EUR' },
    dataFolder: folder,
    ...(options.shell === undefined ? {} : { shell: options.shell }),
    ...(options.vision === undefined ? {} : { vision: options.vision }),
    hub: {
      url: 'mqtt://127.0.0.1:1',
      device: 'harbour-agent',
      publicKeyPem: hubKeys.publicKey.export({ type: 'spki', format: 'pem' }),
    },
  });
  const logger = pino({ level: 'silent' });
  const events: AgentEvent[] = [];
  const core = await openStoreCore({
    config,
    version: 'test',
    clock,
    logger,
    say: (event) => events.push(event),
    onOpened: () => undefined,
    feeds: () => [],
  });
  const hub = { view: (): SyncView => store.sync };
  const cameras = await openCameras({
    config: config.vision,
    dataFolder: config.dataFolder,
    clock,
    logger,
    observe: (feed, batch) => core.intake.observe(feed, batch),
    judge: (findings) => core.stock.judge(findings),
    factsOf: shelfFactsOf(core, config.store.currency, () => clock.now()),
    onChange: () => undefined,
  });
  const api = await startApi({
    agent: agentPort({ config, core, clock, version: 'test', feeds: () => [], cameras, hub: () => hub }),
    host: '127.0.0.1',
    port: 0,
    allowedHosts: [],
    logger,
  });
  const call = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: unknown,
  ): Promise<Answer> => {
    const response = await fetch(api.url + path, {
      method,
      headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const cookie = response.headers.get('set-cookie')?.split(';')[0];
    return {
      status: response.status,
      body: (text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : { text }) as Answer['body'],
      cookie,
      headers: response.headers,
    };
  };
  let heard = 0;
  const store: StoreUnderTest = {
    core,
    url: api.url,
    folder,
    events,
    clock,
    sync: { online: true, since: instant(clock.ms), waiting: 0, quarantined: 0 },
    get: (path, headers = {}) => call('GET', path, headers),
    post: (path, body, headers = {}) =>
      call('POST', path, { 'content-type': 'application/json', origin: api.url, ...headers }, body),
    hear: async (...observations) => {
      const batch = observations.map((observation): FeedObservation => ({ observation, key: `k${heard++}` }));
      await core.intake.observe(`test-${clock.ms}`, batch);
    },
    tick: async () => {
      await core.keeper.release();
      await core.keeper.advance(clock.ms);
      await core.stock.tick();
    },
    close: async () => {
      await api.close();
      await cameras.close();
      await core.close();
    },
  };
  return store;
}

/** Three weeks of a small store that opens from 8 to 20 and sells each product every two hours, till `gone` is. */
export function smallStoreHistory(gone: {
  readonly sku: string;
  readonly fromMs: number;
}): readonly Observation[] {
  const products = ['oat', 'milk', 'eggs', 'bread', 'rice', 'tea'];
  const startMs = NOON_MS - 21 * DAY_MS - 12 * HOUR_MS;
  const observations: Observation[] = products.flatMap((sku, index): Observation[] => [
    {
      type: 'catalog',
      t: instant(startMs),
      sku,
      name: `${sku} of the house`,
      price: 4,
      cost: 2,
      gtin: `0400000000000${index}`,
      place: 'aisle 4',
    },
    { type: 'record', t: instant(startMs), sku, qty: 6 * 22 + 20 },
  ]);
  for (let at = startMs; at < NOON_MS; at += HOUR_MS) {
    const hour = new Date(at).getUTCHours();
    if (hour === 8) observations.push({ type: 'open', t: instant(at) });
    if (hour === 20) observations.push({ type: 'close', t: instant(at) });
    if (hour < 8 || hour >= 20 || hour % 2 === 1) continue;
    products.forEach((sku, index) => {
      if (sku === gone.sku && at >= gone.fromMs) return;
      const t = instant(at + (index + 1) * 60_000);
      observations.push({
        type: 'sale',
        t,
        sku,
        qty: 1,
        till: '1',
        ticket: `${at / HOUR_MS}-${sku}`,
        line: 1,
      });
    });
  }
  return observations;
}

export function signedPolicy(change: (bundle: PolicyBundle) => PolicyBundle = (b) => b): PolicyDocument {
  const bundle = change({
    ...startingPolicy('EUR'),
    version: 3,
    approvals: { managerMaxMinor: 5000, outageMaxMinor: 4000, outageHalvingHours: 24, proposalHours: 8 },
  });
  const hash = hashOf(bundle);
  return {
    id: `policy-${bundle.version}`,
    store: '*',
    bundle,
    hash,
    keyId: keyIdOf(hubKeys.publicKey),
    signature: signText(hash, hubKeys.privateKey),
  };
}

export function signedGrant(name: string, role: Role, pin: string): StaffGrant {
  const salt = Buffer.from('0123456789abcdef');
  const hash = scryptSync(pin, salt, 32, { N: 1024, r: 8, p: 1 });
  const grant = {
    id: `staff-${name.toLowerCase()}`,
    store: 'harbour',
    name,
    role,
    pinHash: `scrypt$1024$8$1$${salt.toString('base64')}$${hash.toString('base64')}`,
    validUntil: instant(NOON_MS + 30 * DAY_MS),
    keyId: keyIdOf(hubKeys.publicKey),
  };
  return { ...grant, signature: signText(canonical(grant), hubKeys.privateKey) };
}
