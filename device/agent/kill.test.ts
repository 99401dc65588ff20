import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as after } from 'node:timers/promises';
import { afterEach, expect, it } from 'vitest';
import type { HealthView, ProductView } from '@truecount/protocol';
import { Ledger, LEDGER_FILE, verifyLedger } from '../ledger/index.ts';
import { smallStoreHistory } from './store-under-test.ts';

const ROUNDS = Number(process.env['TRUECOUNT_KILLS'] ?? 4);
const SEED = Number(process.env['TRUECOUNT_SEED'] ?? Date.now() % 100_000);

/** Park-Miller generator (CACM 31, 1988): the same seed kills at the same points in time. */
const randomFrom = (seed: number): (() => number) => {
  let state = (seed % 2147483646) + 1;
  return () => (state = (state * 48271) % 2147483647) / 2147483647;
};

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

async function startChild(config: string): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'agent-child.ts'), config], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  children.push(child);
  const lines = createInterface({ input: child.stdout });
  for await (const line of lines) {
    const event = JSON.parse(line) as { event: string; url?: string };
    if (event.event === 'ready') {
      // The rest of the stream is not needed, but has to be read so that the child never waits for it.
      lines.close();
      child.stdout.resume();
      return { child, url: event.url ?? '' };
    }
  }
  throw new Error('the agent ended before it was ready');
}

/** Counts as fast as it can until the agent is gone; returns what the agent acknowledged. */
async function countUntilKilled(url: string, round: number, lane: number): Promise<Map<string, number>> {
  const acknowledged = new Map<string, number>();
  for (let n = 0; ; n += 1) {
    const id = `count-${round}-${lane}-${n}`;
    const qty = (n * 7 + lane) % 40;
    try {
      const response = await fetch(`${url}/api/counts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ id, sku: ['milk', 'eggs', 'tea'][lane], qty }),
      });
      if (response.status === 201) acknowledged.set(id, qty);
      await response.arrayBuffer();
    } catch {
      return acknowledged;
    }
  }
}

it('keeps every acknowledged count, once, when the agent is killed with -9 between scan and answer', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'agent-kill-'));
  const rerun = `TRUECOUNT_SEED=${SEED} TRUECOUNT_KILLS=${ROUNDS} npx vitest run device/agent/kill.test.ts`;
  const random = randomFrom(SEED);
  const inbox = join(folder, 'inbox');
  const data = join(folder, 'data');
  const config = join(folder, 'config.json');
  mkdirSync(inbox);
  const history = smallStoreHistory({ sku: 'none', fromMs: 0 });
  writeFileSync(join(inbox, 'history.ndjson'), history.map((o) => `${JSON.stringify(o)}\n`).join(''));
  writeFileSync(
    config,
    JSON.stringify({
      store: { id: 'harbour', name: 'Harbour', timeZone: 'UTC', currency: 'EUR' },
      dataFolder: data,
      api: { port: 0 },
      tickMs: 20,
      snapshotMs: 1000,
      log: { level: 'error' },
      feeds: [{ kind: 'ndjson', name: 'books', folder: inbox }],
    }),
  );
  const all = new Map<string, number>();
  try {
    for (let round = 0; round < ROUNDS; round += 1) {
      const { child, url } = await startChild(config);
      const gone = once(child, 'exit');
      await expect
        .poll(async () => (await fetch(`${url}/api/products/tea`)).status, { timeout: 10_000 })
        .toBe(200);
      const lanes = [0, 1, 2].map((lane) => countUntilKilled(url, round, lane));
      await after(100 + random() * 500);
      child.kill('SIGKILL');
      await gone;
      for (const lane of await Promise.all(lanes)) for (const [id, qty] of lane) all.set(id, qty);
    }
    const { child, url } = await startChild(config);
    const health = async (): Promise<HealthView> =>
      (await (await fetch(`${url}/api/health`)).json()) as HealthView;
    await expect.poll(async () => (await health()).status, { timeout: 10_000 }).toBe('ok');
    const tea = (await (await fetch(`${url}/api/products/tea`)).json()) as ProductView;
    child.kill('SIGKILL');
    await once(child, 'exit');

    using ledger = new Ledger({ folder: data, store: 'harbour', now: Date.now });
    const entries = [...ledger.read()];
    const counts = new Map(
      entries.flatMap(({ id, observation: o }) => (o.type === 'count' ? [[id, o.qty]] : [])),
    );
    for (const [id, qty] of all) expect(counts.get(id), `${id}; rerun: ${rerun}`).toBe(qty);
    expect(
      entries.filter(({ feed }) => feed === 'books'),
      `history once; rerun: ${rerun}`,
    ).toHaveLength(history.length);
    const last = entries.findLast(({ observation: o }) => o.type === 'count' && o.sku === 'tea');
    const lastQty = last?.observation.type === 'count' ? last.observation.qty : Number.NaN;
    expect(tea.record, `rerun: ${rerun}`).toBe(lastQty);
    expect(all.size).toBeGreaterThan(ROUNDS);
    expect(await verifyLedger(join(data, LEDGER_FILE))).toMatchObject({ whole: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
