import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { instant, type PolicyBundle } from '@truecount/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { typesOf } from '../../apps/hub-client/generate.ts';
import { createHubClient, nextCursor } from '../../apps/hub-client/index.ts';
import defaultPolicy from '../../hub/governance/policies/default.json' with { type: 'json' };
import { skippedWithout } from '../servers/programs.ts';
import { keys, type SmallHub, startSmallHub } from './small-hub.ts';

const order = (id: string) => ({
  id,
  store: 'harbour',
  token: 'C-1042',
  serviceClass: 'collect',
  promisedAt: instant(Date.now() + 8 * 3_600_000),
  lines: [{ sku: '4001', qty: 1 }],
});
const run = promisify(execFile);
const curl = ((): string | undefined => {
  try {
    return execFileSync('which', ['curl'], { encoding: 'utf8' }).trim();
  } catch {
    return undefined;
  }
})();

describe('the hub’s API', () => {
  let small: SmallHub;
  beforeAll(async () => {
    small = await startSmallHub();
  }, 60_000);
  afterAll(() => small.close());
  const client = (key: keyof typeof keys = 'ops') => createHubClient({ url: small.hub.url, key: keys[key] });

  it('is what the committed client was generated from', async () => {
    const document = (await (await fetch(`${small.hub.url}/api/openapi.json`)).json()) as object;
    const committed = readFileSync(new URL('../../apps/hub-client/schema.ts', import.meta.url), 'utf8');
    expect(await typesOf(document), 'run "npm run generate:hub-client"').toBe(committed);
  });

  it('answers the typed client, and refuses with a problem that it can read', async () => {
    const stores = await client().GET('/api/stores');
    expect(stores.data?.map(({ id }) => id)).toEqual(['harbour', 'market']);
    const refused = await client('auditor').POST('/api/orders', { body: order('x') });
    expect(refused.error).toMatchObject({ code: 'E_ROLE', status: 403 });
    const metrics = await client('auditor').GET('/api/metrics', { params: { query: { days: '7' } } });
    expect(metrics.data).toMatchObject({ days: 7, orders: { saved: { outcomes: 0 } } });
    expect((await client().GET('/api/metrics/coverage')).data).toEqual({ acts: 0, automatic: 0 });
    expect((await client().GET('/api/automation')).data).toEqual({ standings: [], breakers: [], drift: [] });
  });

  it('cuts every list into parts that together are the whole', async () => {
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const query: { limit: string; cursor?: string } = {
        limit: '1',
        ...(cursor === undefined ? {} : { cursor }),
      };
      const page = await client().GET('/api/stores', { params: { query } });
      seen.push(...(page.data ?? []).map(({ id }) => id));
      cursor = nextCursor(page.response);
    } while (cursor !== undefined);
    expect(seen).toEqual(['harbour', 'market']);
    const gone = await client().GET('/api/stores', { params: { query: { cursor: 'nowhere' } } });
    expect(gone.error).toMatchObject({ code: 'E_CURSOR' });
    expect(
      (await client().GET('/api/transfers', { params: { query: { limit: '0' } } })).response.status,
    ).toBe(400);
  });

  it('publishes a policy for one store that inherits the chain’s, shows what changed, and never changes a version', async () => {
    const drafted = await client().POST('/api/policies/inherit', {
      body: { store: 'harbour', patch: { approvals: { managerMaxMinor: 777 } } },
    });
    expect(drafted.data).toMatchObject({ scope: 'harbour', approvals: { managerMaxMinor: 777 } });
    const bundle = drafted.data as PolicyBundle;
    const published = await client('admin').POST('/api/policies', { body: { bundle } as never });
    expect(published.data).toMatchObject({ id: `policy|harbour|${bundle.version}` });
    const changes = await client().GET('/api/policies/diff', {
      params: { query: { from: `policy|*|${defaultPolicy.chain.version}`, to: published.data?.id ?? '' } },
    });
    expect(changes.data?.map(({ path }) => path).sort()).toEqual(['approvals.managerMaxMinor', 'scope']);
    const other = { ...bundle, labour: { ...bundle.labour, minorPerHour: 1 } };
    const refused = await client('admin').POST('/api/policies', { body: { bundle: other } as never });
    expect(refused.error).toMatchObject({ code: 'E_POLICY', status: 409 });
    expect(
      (await client('auditor').POST('/api/policies', { body: { bundle } as never })).response.status,
    ).toBe(403);
    const log = await client().GET('/api/audit');
    expect(log.data?.items[0]).toMatchObject({ action: 'policy.published', actor: 'Ann (admin)' });
  });

  it('accepts a plan as a whole or says what could not be asked for', async () => {
    const all = await client().POST('/api/plan/accept', { body: { id: 'a1' } });
    expect(all.data).toMatchObject({ accepted: 0, refused: [] });
    const moves = [{ from: 'harbour', to: 'market', sku: '4001' }];
    const one = await client().POST('/api/plan/accept', { body: { id: 'a2', moves } });
    expect(one.data).toMatchObject({
      accepted: 0,
      refused: [{ reason: expect.stringMatching(/plan again/) }],
    });
  });

  it.skipIf(skippedWithout('curl', curl))(
    'answers the README’s own curl commands as they are printed',
    async () => {
      const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
      const blocks = [...readme.matchAll(/```\w*\n(curl [\s\S]*?)```/g)].map(([, text = '']) => text);
      const commands = blocks.join('\n').split(/\n(?=curl )/);
      expect(commands.length).toBeGreaterThan(3);
      const port = new URL(small.hub.url).port;
      for (const command of commands) {
        // The default port may be taken on this machine: the address stays as printed, only the way to it differs.
        const script = `curl() { command curl --silent --fail-with-body --connect-to 127.0.0.1:7380:127.0.0.1:${port} "$@"; }\n${command}`;
        // The hub answers in this process, so it must not be blocked meanwhile.
        const { stdout } = await run('bash', ['-c', script], {
          env: { ...process.env, KEY: keys.ops },
          timeout: 20_000,
        });
        expect(JSON.parse(stdout)).toBeTruthy();
      }
    },
  );
});
