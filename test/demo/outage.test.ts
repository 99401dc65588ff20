/**
 * A store whose hub is gone: it starts, signs its manager in, takes a count and an approval, and when the hub is
 * back everything is there once and judged.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { HubTransferView, newId, NowView, parserFor, TransferView } from '@truecount/protocol';
import { Type } from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import { demoStores } from '../../apps/cli/up/scenario.ts';
import { DemoRun } from './demo-run.ts';

const launcher = fileURLToPath(new URL('../../apps/cli/truecount.mjs', import.meta.url));
const parseNow = parserFor(NowView);
const parseTransfers = parserFor(Type.Array(TransferView));
const parseHubTransfers = parserFor(Type.Array(HubTransferView));

let demo: DemoRun | undefined;
const children: ChildProcess[] = [];
afterEach(async () => {
  await Promise.all(children.splice(0).map(ended));
  await demo?.stop();
  demo?.remove();
}, 60_000);

function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.kill('SIGTERM');
  });
}

/** Starts `truecount hub` or `truecount store` and resolves when it says it is ready. */
function start(command: 'hub' | 'store', config: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [launcher, command, '--config', config], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(child);
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`truecount ${command} ended with status ${code}`)));
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.includes('"event":"ready"')) resolve(child);
    });
  });
}

/** A kiosk: a browser's cookie and nothing else. */
class Kiosk {
  readonly #url: string;
  #cookie = '';

  constructor(url: string) {
    this.#url = url;
  }

  async get(path: string): Promise<unknown> {
    const response = await fetch(`${this.#url}/api/${path}`, { headers: { cookie: this.#cookie } });
    return response.json();
  }

  async post(path: string, body: object): Promise<number> {
    const response = await fetch(`${this.#url}/api/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: this.#url, cookie: this.#cookie },
      body: JSON.stringify(body),
    });
    this.#cookie = response.headers.getSetCookie()[0]?.split(';')[0] ?? this.#cookie;
    return response.status;
  }
}

describe('an outage of the hub', { timeout: 300_000 }, () => {
  it('stops neither counts nor approvals, and afterwards the hub has each once', async () => {
    const run = new DemoRun({ args: ['--no-staff', '--port', '17400'] });
    demo = run;
    await run.ready();
    let donor = '';
    await expect
      .poll(
        async () => {
          for (const { id } of demoStores) {
            const now = parseNow(await run.store(id, 'now'));
            if (now.ok && now.value.approvals > 0) donor = id;
          }
          return donor;
        },
        { timeout: 120_000, interval: 500 },
      )
      .not.toBe('');
    const url = run.storeUrl(donor);
    await run.stop();

    const config = (name: string) => join(run.folder, 'demo', `${name}.json`);
    await start('store', config(donor));
    const kiosk = new Kiosk(url);
    const now = async () => {
      const parsed = parseNow(await kiosk.get('now'));
      if (!parsed.ok) throw new Error(parsed.problem);
      return parsed.value;
    };
    expect((await now()).sync.online).toBe(false);
    expect(await kiosk.post('session', { pin: demoStores.find(({ id }) => id === donor)?.pin })).toBe(200);
    const mine = parseTransfers(await kiosk.get('transfers'));
    if (!mine.ok) throw new Error(mine.problem);
    const waiting = mine.value.find(({ awaitsDecision, blocked }) => awaitsDecision && blocked === undefined);
    if (!waiting) throw new Error('no transfer waits for a decision');
    const decision = { id: newId(Date.now()), verdict: 'approve', qty: waiting.transfer.qty };
    const path = `transfers/${encodeURIComponent(waiting.transfer.id)}/decision`;
    expect(await kiosk.post(path, decision)).toBeLessThan(300);
    // The same request again, as an impatient finger would send it, is the same decision.
    expect(await kiosk.post(path, decision)).toBeLessThan(300);
    const count = { id: newId(Date.now()), sku: waiting.transfer.sku, qty: waiting.transfer.qty + 3 };
    expect(await kiosk.post('counts', count)).toBe(201);
    expect((await now()).sync.waiting).toBeGreaterThan(0);

    await start('hub', config('hub'));
    await expect
      .poll(async () => (await now()).sync, { timeout: 90_000, interval: 500 })
      .toMatchObject({
        online: true,
        waiting: 0,
        quarantined: 0,
      });
    const atHub = async () => {
      const parsed = parseHubTransfers(await run.hub('transfers'));
      if (!parsed.ok) throw new Error(parsed.problem);
      return parsed.value.filter(({ transfer }) => transfer.id === waiting.transfer.id);
    };
    await expect
      .poll(async () => (await atHub()).map(({ transfer }) => transfer.donor?.decision), { timeout: 30_000 })
      .toEqual([expect.objectContaining({ verdict: 'approve', offline: true, qty: waiting.transfer.qty })]);
    expect(await run.hub('audit/verify')).toMatchObject({ ok: true });
  });
});
