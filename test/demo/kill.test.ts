/**
 * kill -9 of an agent and of the hub in the middle of the demo: whatever was acknowledged before is there once,
 * nothing is there twice, and the stores' documents and the hub's end up equal.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Accepted, newId, NowView, parserFor, ProductMatch } from '@truecount/protocol';
import { Type } from 'typebox';
import { afterEach, describe, expect, it } from 'vitest';
import { LEDGER_FILE, Ledger, verifyLedger } from '../../device/ledger/index.ts';
import { migrate, openDatabase } from '../../hub/database/index.ts';
import { intakeMigrations, listDocuments } from '../../hub/intake/index.ts';
import { DemoRun } from './demo-run.ts';

const parseNow = parserFor(NowView);
const parseAccepted = parserFor(Accepted);
const parseMatches = parserFor(Type.Array(ProductMatch));
const ROUNDS = 2;
const STORE = 'harbour';
const mustSkip = !existsSync('/proc/self/cmdline') && process.env['CI'] !== 'true';
if (mustSkip)
  process.stderr.write('skipped: kill -9 of the demo, because there is no /proc to find processes in\n');

let demo: DemoRun | undefined;
afterEach(async () => {
  await demo?.stop();
  demo?.remove();
}, 60_000);

/** Counts at the kiosk, one after the other, for as long as the signal is quiet; what was acknowledged. */
async function countOn(run: DemoRun, skus: readonly string[], signal: AbortSignal): Promise<string[]> {
  const acknowledged: string[] = [];
  for (let turn = 0; !signal.aborted; turn++) {
    const id = newId(Date.now());
    const url = run.storeUrl(STORE);
    try {
      const response = await fetch(`${url}/api/counts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ id, sku: skus[turn % skus.length], qty: 20 + (turn % 7) }),
        signal: AbortSignal.timeout(5_000),
      });
      const body = parseAccepted(await response.json());
      if (response.ok && body.ok) acknowledged.push(body.value.id);
    } catch {
      // The agent is down; a person would tap again, with a count of their own.
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
  return acknowledged;
}

describe.skipIf(mustSkip)('kill -9 in the middle of the demo', { timeout: 300_000 }, () => {
  it('loses nothing that was acknowledged and doubles nothing', async () => {
    const run = new DemoRun({ args: ['--port', '27400'] });
    demo = run;
    await run.ready();
    let skus: string[] = [];
    await expect
      .poll(
        async () => {
          const matches = parseMatches(await run.store(STORE, 'products?q=a'));
          skus = matches.ok ? matches.value.map(({ product }) => product.sku) : [];
          return skus.length;
        },
        { timeout: 60_000, interval: 500 },
      )
      .toBeGreaterThan(0);

    const acknowledged: string[] = [];
    for (let round = 0; round < ROUNDS; round++)
      for (const victim of [`${STORE}.json`, 'hub.json']) {
        const stop = new AbortController();
        const counting = countOn(run, skus, stop.signal);
        await run.line(/ticket \d+/, 60_000, run.lines.length);
        const from = run.lines.length;
        const [pid] = run.pids(victim);
        if (pid === undefined) throw new Error(`no process runs ${victim}`);
        process.kill(pid, 'SIGKILL');
        await run.line(victim === 'hub.json' ? /Hub: the hub answers/ : /Harbour: kiosk at/, 90_000, from);
        stop.abort();
        acknowledged.push(...(await counting));
      }
    expect(acknowledged.length).toBeGreaterThan(ROUNDS * 2);

    await expect
      .poll(
        async () => {
          const now = parseNow(await run.store(STORE, 'now'));
          return now.ok && now.value.sync.online && now.value.sync.waiting;
        },
        { timeout: 90_000, interval: 500 },
      )
      .toBe(0);
    await run.stop();

    const folder = join(run.folder, 'demo', STORE);
    expect(await verifyLedger(join(folder, LEDGER_FILE))).toMatchObject({ whole: true });
    using ledger = new Ledger({ folder, store: STORE, now: () => Date.now() });
    const ids = new Map<string, number>();
    const sales = new Map<string, number>();
    for (const { id, feed, observation } of ledger.read()) {
      ids.set(id, (ids.get(id) ?? 0) + 1);
      if (observation.type === 'sale' && feed === 'till-1') {
        const line = `${observation.ticket ?? randomUUID()}/${observation.line ?? ''}`;
        sales.set(line, (sales.get(line) ?? 0) + 1);
      }
    }
    expect(acknowledged.filter((id) => ids.get(id) !== 1)).toEqual([]);
    expect([...sales].filter(([, times]) => times !== 1)).toEqual([]);

    const database = await openDatabase({ folder: join(run.folder, 'demo', 'hub') });
    try {
      await migrate(database, intakeMigrations);
      const exceptions = await database.transaction((tx) =>
        listDocuments(tx, 'exceptions', { store: STORE }),
      );
      expect(new Set(exceptions.map(({ id }) => id)).size).toBe(exceptions.length);
      const open = exceptions.filter(({ document }) => document.state === 'open');
      const subjects = open.map(({ document }) => `${document.kind}|${document.sku ?? document.feed ?? ''}`);
      expect(new Set(subjects).size).toBe(subjects.length);
    } finally {
      await database.close();
    }
  });
});
