/**
 * From a fact in a store's inbox to a case at the hub: one hub and one store in this process, on loopback, with
 * everything that production has between them.
 */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { instant } from '@truecount/protocol';
import { parseAgentConfig } from '../../device/config.ts';
import { startAgent } from '../../device/main.ts';
import { parseHubConfig } from '../../hub/config.ts';
import { startHub } from '../../hub/main.ts';

const STORE = { id: 'bench', name: 'Bench', timeZone: 'UTC', currency: 'EUR' };
const WITHIN_MS = 20_000;
const SECRET = 'a-secret-for-the-benchmark';

export interface ExceptionLatency {
  readonly rounds: number;
  /** Line written to the inbox until the store has raised the exception, ms. */
  readonly raised: { readonly p50: number; readonly p99: number };
  /** Exception raised until the hub has opened its case, ms. */
  readonly atHub: { readonly p50: number; readonly p99: number };
}

const silentLog = { write: () => undefined };

export async function measureExceptionLatency(rounds: number): Promise<ExceptionLatency> {
  const folder = mkdtempSync(join(tmpdir(), 'truecount-bench-'));
  const inbox = join(folder, 'inbox');
  mkdirSync(inbox);
  let onRaised: (() => void) | undefined;
  let onCase: (() => void) | undefined;
  const hub = await startHub(
    parseHubConfig({
      dataFolder: join(folder, 'hub'),
      api: { port: 0 },
      broker: { listen: { host: '127.0.0.1', port: 0 } },
      stores: [STORE],
      devices: [{ id: 'bench-agent', store: STORE.id, secret: SECRET }],
      log: { level: 'silent' },
    }),
    { say: ({ event }) => event === 'case-opened' && onCase?.() },
  );
  const agent = await startAgent(
    parseAgentConfig({
      store: STORE,
      dataFolder: join(folder, 'store'),
      api: { port: 0 },
      tickMs: 50,
      hub: {
        url: hub.mqttUrl,
        device: 'bench-agent',
        username: 'bench/bench-agent',
        password: SECRET,
        publicKeyPem: hub.publicKeyPem,
      },
      feeds: [{ kind: 'ndjson', name: 'back-office', folder: inbox }],
      log: { level: 'silent' },
    }),
    { say: ({ event }) => event === 'exception-opened' && onRaised?.(), log: silentLog },
  );
  try {
    const raised: number[] = [];
    const atHub: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const heard = once((listener) => {
        onRaised = listener;
      });
      const opened = once((listener) => {
        onCase = listener;
      });
      const t = instant(Date.now());
      const started = performance.now();
      appendFileSync(
        join(inbox, 'facts.ndjson'),
        [
          { type: 'catalog', t, sku: `sku-${round}`, price: 5, cost: 3 },
          { type: 'record', t, sku: `sku-${round}`, qty: -2 },
        ]
          .map((fact) => `${JSON.stringify(fact)}\n`)
          .join(''),
      );
      const raisedAt = await heard;
      raised.push(raisedAt - started);
      atHub.push((await opened) - raisedAt);
    }
    return { rounds, raised: quantiles(raised), atHub: quantiles(atHub) };
  } finally {
    await agent.close();
    await hub.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The moment something is first heard; rejects when it is not heard in time. */
function once(listen: (listener: () => void) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`nothing was heard within ${WITHIN_MS} ms`)), WITHIN_MS);
    listen(() => {
      clearTimeout(timer);
      resolve(performance.now());
    });
  });
}

function quantiles(values: readonly number[]): { p50: number; p99: number } {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) =>
    Math.round((sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0) * 10) / 10;
  return { p50: at(0.5), p99: at(0.99) };
}
