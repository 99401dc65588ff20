import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CasePage,
  HubChangeEvent,
  instant,
  parserFor,
  type PolicyDocument,
  Problem,
  type StaffGrant,
} from '@truecount/protocol';
import { canonical, isSignedBy, publicKeyFromPem } from '@truecount/protocol/signing';
import { Validator } from '@seriousme/openapi-schema-validator';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseHubConfig } from './config.ts';
import { openDatabase } from './database/index.ts';
import { listDocuments } from './intake/index.ts';
import { type Hub, startHub } from './main.ts';
import { verifyStoppedHub } from './verify-data.ts';

const OPS = 'ops-key-abcdefghijklmnopqrst';
const AUDITOR = 'auditor-key-abcdefghijklmno';
const ORDER = {
  id: 'o1',
  store: 'harbour',
  token: 'C-1042',
  serviceClass: 'collect',
  promisedAt: instant(Date.now() + 8 * 3_600_000),
  lines: [{ sku: '4001', qty: 2 }],
};

const configIn = (dataFolder: string) =>
  parseHubConfig({
    dataFolder,
    api: { port: 0 },
    broker: { listen: { host: '127.0.0.1', port: 0 } },
    stores: [
      { id: 'harbour', name: 'Harbour', timeZone: 'UTC', currency: 'EUR' },
      { id: 'market', name: 'Market', timeZone: 'UTC', currency: 'EUR' },
    ],
    lanes: [{ from: 'harbour', to: 'market', fixedMinor: 900, perUnitMinor: 5, hours: 3, capacity: 10 }],
    devices: [{ id: 'harbour-agent', store: 'harbour', secret: 'a-secret-of-the-harbour' }],
    operators: [
      { name: 'Ada', role: 'ops', key: OPS },
      { name: 'Olu', role: 'auditor', key: AUDITOR },
    ],
    staff: [
      { store: 'harbour', name: 'Kim', role: 'manager', pinHash: 'scrypt$16384$8$1$c2FsdA==$aGFzaA==' },
    ],
  });

describe('a hub', () => {
  let folder: string;
  let hub: Hub;
  const events: string[] = [];
  const start = async (): Promise<void> => {
    hub = await startHub(configIn(folder), {
      say: ({ event }) => events.push(event),
      logger: pino({ level: 'silent' }),
    });
  };
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'truecount-hub-'));
    await start();
  });
  afterAll(async () => {
    await hub.close();
    rmSync(folder, { recursive: true });
  });
  const ask = (
    path: string,
    options: { key?: string; method?: string; body?: unknown; headers?: object } = {},
  ) =>
    fetch(`${hub.url}${path}`, {
      method: options.method ?? (options.body === undefined ? 'GET' : 'POST'),
      headers: {
        ...(options.key === undefined ? {} : { authorization: `Bearer ${options.key}` }),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...options.headers,
      },
      ...(options.body === undefined ? {} : { body: JSON.stringify(options.body) }),
    });

  it('publishes policies and staff that its public key verifies', async () => {
    const key = publicKeyFromPem(hub.publicKeyPem);
    const policies = (await (await ask('/api/policies', { key: OPS })).json()) as PolicyDocument[];
    for (const { hash, signature } of policies) expect(isSignedBy(hash, signature, key)).toBe(true);
    expect(policies).toHaveLength(1);
    await hub.close();
    const database = await openDatabase({ folder });
    const grants = (await listDocuments(database, 'staff')).map(({ document }): StaffGrant => document);
    await database.close();
    await start();
    expect(grants).toHaveLength(1);
    for (const { signature, ...signed } of grants)
      expect(isSignedBy(canonical(signed), signature, key)).toBe(true);
  });

  it('lets nobody in without a key, and each role only where it may', async () => {
    const refused = await ask('/api/stores');
    expect(refused.status).toBe(401);
    expect(refused.headers.get('content-type')).toMatch(/application\/problem\+json/);
    expect(parserFor(Problem)(await refused.json())).toMatchObject({
      ok: true,
      value: { code: 'E_UNAUTHENTICATED' },
    });
    expect((await ask('/api/stores', { key: 'wrong-key-wrong-key-wrong' })).status).toBe(401);
    expect((await ask('/api/stores', { key: AUDITOR })).status).toBe(200);
    expect((await ask('/api/orders', { key: AUDITOR, body: ORDER })).status).toBe(403);
    expect((await ask('/api/nothing', { key: OPS })).status).toBe(404);
  });

  it('opens a session for the console with an HttpOnly cookie, refuses other pages, and ends it', async () => {
    const opened = await ask('/api/session', { body: { key: OPS } });
    const cookie = opened.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Strict/);
    const session = cookie.split(';')[0] ?? '';
    const who = await (await ask('/api/session', { headers: { cookie: session } })).json();
    expect(who).toMatchObject({ signedIn: true, name: 'Ada', role: 'ops' });
    const foreign = { cookie: session, origin: 'http://elsewhere.example' };
    expect((await ask('/api/plan', { method: 'POST', headers: foreign })).status).toBe(403);
    expect(
      (await ask('/api/plan', { method: 'POST', headers: { cookie: session, origin: hub.url } })).status,
    ).toBe(200);
    await ask('/api/session', { method: 'DELETE', headers: { cookie: session } });
    expect(await (await ask('/api/session', { headers: { cookie: session } })).json()).toMatchObject({
      signedIn: false,
    });
    expect((await ask('/api/session', { body: { key: 'nobody-has-this-key-at-all' } })).status).toBe(401);
  });

  it('names the field of a request that does not fit', async () => {
    const answer = await ask('/api/orders', {
      key: OPS,
      body: { ...ORDER, lines: [{ sku: '4001', qty: -1 }] },
    });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ code: 'E_REQUEST', detail: expect.stringMatching(/lines/) });
    expect((await ask('/api/cases?state=asleep', { key: OPS })).status).toBe(400);
    expect((await ask('/api/cases/none', { key: OPS })).status).toBe(404);
    expect((await ask('/api/orders', { key: OPS, body: { ...ORDER, store: 'moon' } })).status).toBe(404);
  });

  it('describes itself in a valid OpenAPI 3.1 document that names every route', async () => {
    const document = (await (await ask('/api/openapi.json')).json()) as { paths: Record<string, object> };
    expect(await new Validator().validate(document)).toMatchObject({ valid: true });
    expect(document).toMatchObject({ openapi: '3.1.0' });
    const named = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
    );
    expect(named).toEqual(
      expect.arrayContaining([
        'GET /api/stores',
        'GET /api/cases/{id}',
        'POST /api/cases/{id}/decision',
        'POST /api/cases/{id}/undo',
        'POST /api/orders',
        'GET /api/audit/verify',
        'DELETE /api/session',
        'GET /api/events',
      ]),
    );
  });

  it('slows down a client that asks too often, in words', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => ask('/api/session', { body: { key: 'nobody-has-this-key-at-all' } })),
    );
    const slowed = answers.find(({ status }) => status === 429);
    expect(await slowed?.json()).toMatchObject({ code: 'E_TOO_MANY_REQUESTS' });
  });

  it('sends live updates of what changed', async () => {
    const abort = new AbortController();
    const stream = await fetch(`${hub.url}/api/events`, {
      headers: { authorization: `Bearer ${OPS}` },
      signal: abort.signal,
    });
    const reader = stream.body?.pipeThrough(new TextDecoderStream()).getReader();
    await ask('/api/orders', { key: OPS, body: ORDER });
    let heard = '';
    while (!heard.includes('data:')) heard += (await reader?.read())?.value ?? '';
    const [, data = ''] = /data: (.*)\n/.exec(heard) ?? [];
    expect(parserFor(HubChangeEvent)(JSON.parse(data)).ok).toBe(true);
    abort.abort();
  });

  it('goes on where it stopped', async () => {
    const before = (await (await ask('/api/cases', { key: OPS })).json()) as CasePage;
    expect(before.items.map(({ kind }) => kind)).toEqual(['order-at-risk']);
    await hub.close();
    await start();
    expect(((await (await ask('/api/cases', { key: OPS })).json()) as CasePage).total).toBe(1);
    expect((await ask('/api/orders', { key: OPS, body: ORDER })).status).toBe(200);
    expect(((await (await ask('/api/cases', { key: OPS })).json()) as CasePage).total).toBe(1);
    expect(await (await ask('/api/audit/verify', { key: AUDITOR })).json()).toMatchObject({ ok: true });
  });

  it('shows its numbers to collectors and its pages under strict headers', async () => {
    expect(await (await ask('/metrics')).text()).toMatch(/truecount_cases\{state="\w+"\} 1/);
    const page = await ask('/');
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none';script-src 'self'/);
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('can be verified while it is stopped, and not by a second process while it runs', async () => {
    await expect(verifyStoppedHub({ dataFolder: folder })).rejects.toMatchObject({
      code: 'E_DATABASE_FOLDER_IN_USE',
    });
    await hub.close();
    expect(await verifyStoppedHub({ dataFolder: folder })).toMatchObject({ ok: true });
    await start();
  });

  it('keeps secrets out of what it writes', () => {
    const anchor = readFileSync(join(folder, 'audit-head.json'), 'utf8');
    expect(anchor).not.toMatch(/secret|scrypt|key-abc/);
    expect(events).toContain('hub-started');
  });
});
