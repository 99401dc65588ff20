import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { instant } from '@truecount/protocol';
import { NOON_MS, openStoreUnderTest, signedGrant, type StoreUnderTest } from './store-under-test.ts';

let store: StoreUnderTest;
beforeEach(async () => {
  store = await openStoreUnderTest();
  await store.core.documents.collections.staff.insert(signedGrant('Kim', 'manager', '471100'));
  await store.core.grants.reload();
});
afterEach(async () => {
  await store.close();
  rmSync(store.folder, { recursive: true, force: true });
});

const signIn = (pin: string) => store.post('/api/session', { pin });

describe('a PIN', () => {
  it('opens a session whose cookie scripts cannot read and other sites cannot send', async () => {
    const answer = await signIn('471100');
    expect(answer).toMatchObject({ status: 200, body: { signedIn: true, name: 'Kim', role: 'manager' } });
    expect(answer.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict$/);
    const headers = { cookie: answer.cookie ?? '' };
    expect((await store.get('/api/session', headers)).body).toMatchObject({ signedIn: true });
    const out = await fetch(`${store.url}/api/session`, {
      method: 'DELETE',
      headers: { ...headers, origin: store.url },
    });
    expect(out.status).toBe(204);
    expect((await store.get('/api/session', headers)).body).toEqual({ signedIn: false });
  });

  it('is locked after five wrong ones, also for the right one, however they arrive', async () => {
    const wrong = await Promise.all(['1111', '2222', '3333', '4444', '5555', '6666', '7777'].map(signIn));
    expect(wrong.map(({ status }) => status)).toEqual([401, 401, 401, 401, 429, 429, 429]);
    const right = await signIn('471100');
    expect(right).toMatchObject({ status: 429, body: { code: 'E_PIN_LOCKED' } });
    expect(Number(right.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await store.get('/api/session')).body['lockedUntil']).toBeTypeOf('string');
  });

  it('of somebody whose grant was forged or has expired opens nothing', async () => {
    const { staff } = store.core.documents.collections;
    await staff.insert({ ...signedGrant('Eve', 'associate', '9999'), role: 'manager' });
    await staff.insert({ ...signedGrant('Old', 'manager', '8888') });
    await store.core.grants.reload();
    expect((await signIn('9999')).status).toBe(401);
    store.clock.ms = NOON_MS + 31 * 86_400_000;
    expect((await signIn('8888')).status).toBe(401);
  });

  it('loses its session when the grant is withdrawn', async () => {
    const { cookie } = await signIn('471100');
    await store.core.documents.collections.staff.findOne('staff-kim').remove();
    await expect
      .poll(async () => (await store.get('/api/session', { cookie: cookie ?? '' })).body)
      .toEqual({ signedIn: false });
  });
});

describe('a machine that its shell found open', () => {
  it('lets nobody sign in, says why, and goes on counting', async () => {
    await store.close();
    rmSync(store.folder, { recursive: true, force: true });
    store = await openStoreUnderTest({
      shell: { isLocked: false, gaps: ['task switching is not blocked; see docs/lock-down/linux.md'] },
    });
    expect(await signIn('471100')).toMatchObject({
      status: 403,
      body: { code: 'E_NOT_LOCKED', detail: expect.stringMatching(/task switching is not blocked/) },
    });
    expect((await store.get('/api/health')).body['checks']).toContainEqual(
      expect.objectContaining({ name: 'lock-down', ok: false }),
    );
    expect((await store.get('/api/now')).status).toBe(200);
  });
});

describe('the door', () => {
  it('is closed to other sites and other names', async () => {
    const count = { id: 'c', sku: 'x', qty: 1 };
    const from = (headers: Record<string, string>) => store.post('/api/counts', count, headers);
    expect(await from({ origin: 'https://evil.example' })).toMatchObject({
      status: 403,
      body: { code: 'E_ORIGIN' },
    });
    expect(await from({ 'sec-fetch-site': 'cross-site' })).toMatchObject({
      status: 403,
      body: { code: 'E_ORIGIN' },
    });
    const simple = await fetch(`${store.url}/api/counts`, {
      method: 'POST',
      headers: { 'content-type': 'text/plain', origin: store.url },
      body: JSON.stringify(count),
    });
    expect(simple.status).toBe(415);
    expect(await rebound(store.url, '/api/now')).toBe(403);
  });

  it('sends strict headers with everything', async () => {
    for (const path of ['/', '/api/health', '/api/nothing']) {
      const { headers } = await store.get(path);
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('takes no body larger than it has use for', async () => {
    const huge = await store.post('/api/seen', { id: 'x'.repeat(100_000), sku: 'x' });
    expect(huge.status).toBe(413);
  });
});

/** A request under a name that somebody else's DNS points at loopback. */
async function rebound(url: string, path: string): Promise<number> {
  const { request } = await import('node:http');
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    request({ hostname, port, path, headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });
}

describe('health', () => {
  it('is good during an outage, which it tells', async () => {
    store.sync = { online: false, since: instant(NOON_MS), waiting: 7, quarantined: 0 };
    const { status, body } = await store.get('/api/health');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'ok',
      sync: { online: false, waiting: 7 },
      device: 'harbour-agent',
      epoch: 1,
    });
  });

  it('says what to do when the hub refuses this device', async () => {
    store.sync = { ...store.sync, fenced: 'another copy of this device runs; call IT' };
    expect((await store.get('/api/health')).body).toMatchObject({ status: 'degraded' });
  });

  it('can be read by Prometheus', async () => {
    const { body } = await store.get('/metrics');
    expect(body['text']).toContain('truecount_ledger_entries{store="harbour"} 0');
    expect(body['text']).toContain('truecount_open_exceptions{store="harbour"} 0');
  });
});

describe('the event stream', () => {
  it('tells screens what to load again, and refuses more screens than a store can have', async () => {
    const stop = new AbortController();
    const response = await fetch(`${store.url}/api/events`, { signal: stop.signal });
    if (response.body === null) throw new Error('the stream has no body');
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    await signIn('471100');
    while (!text.includes('data:')) text += (await reader.read()).value ?? '';
    expect(text).toContain('data: {"topics":["session"]}');
    const more = await Promise.all(
      Array.from({ length: 35 }, () => fetch(`${store.url}/api/events`, { signal: stop.signal })),
    );
    expect(more.filter(({ status }) => status === 503).length).toBeGreaterThanOrEqual(3);
    stop.abort();
  });
});
