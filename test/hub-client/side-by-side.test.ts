import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { instant } from '@truecount/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHubClient } from '../../apps/hub-client/index.ts';
import { type Database, openDatabase } from '../../hub/database/index.ts';
import { putDocument } from '../../hub/intake/index.ts';
import { aPosition } from '../builders/documents.ts';
import { type PostgresServer, postgresProgram, startPostgres } from '../servers/postgres.ts';
import { skippedWithout } from '../servers/programs.ts';
import { keys } from './small-hub.ts';

const program = fileURLToPath(new URL('./hub-process.ts', import.meta.url));
const SKUS = Array.from({ length: 12 }, (_, n) => `sku-${n}`);

describe.skipIf(skippedWithout('postgresql', postgresProgram))('two hub processes on one PostgreSQL', () => {
  let server: PostgresServer;
  let folder: string;
  let database: Database;
  let databaseUrl: string;
  const running: ChildProcess[] = [];

  beforeAll(async () => {
    server = await startPostgres();
    databaseUrl = await server.createDatabase();
    folder = mkdtempSync(join(tmpdir(), 'truecount-side-by-side-'));
    database = await openDatabase({ url: databaseUrl });
  }, 60_000);
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL');
    await database.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const start = async (name: string): Promise<{ readonly url: string; readonly child: ChildProcess }> => {
    const file = join(folder, `${name}.json`);
    const money = { timeZone: 'UTC', currency: 'EUR' };
    writeFileSync(
      file,
      JSON.stringify({
        dataFolder: join(folder, name),
        keyFile: join(folder, 'hub-key.pem'),
        outboundFolder: join(folder, 'outbound'),
        databaseUrl,
        api: { port: 0 },
        broker: { listen: { host: '127.0.0.1', port: 0 } },
        stores: [
          { id: 'harbour', name: 'Harbour', ...money },
          { id: 'market', name: 'Market', ...money },
        ],
        operators: [{ name: 'Ada', role: 'ops', key: keys.ops }],
        log: { level: 'silent' },
      }),
    );
    const child = spawn(process.execPath, [program, file], { stdio: ['ignore', 'pipe', 'inherit'] });
    running.push(child);
    const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    return { url, child };
  };
  const told = (): readonly { readonly id: string; readonly caseId: string }[] => {
    const file = join(folder, 'outbound', 'erp.ndjson');
    if (!existsSync(file)) return [];
    return readFileSync(file, 'utf8')
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { id: string; caseId: string });
  };
  const until = async (isSo: () => Promise<boolean>): Promise<void> => {
    // Bounded by the test's own time limit.
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 50));
  };

  it('do every piece of work once, also when one is killed in the middle of it, and the other goes on at once', async () => {
    const [one, two] = [await start('one'), await start('two')];
    await database.transaction(async (tx) => {
      for (const sku of SKUS)
        await putDocument(tx, 'positions', aPosition({ store: 'harbour', sku }), { by: 'hub:test' });
    });
    // Half done returns become cases whose answer is told to the ERP: one message per case.
    const events = SKUS.map((sku) => ({
      type: 'return',
      id: `r-${sku}`,
      store: 'harbour',
      sku,
      qty: 1,
      minor: 9000,
      fact: 'received',
      at: instant(Date.now() - 60 * 3_600_000),
    }));
    for (const name of ['one', 'two']) {
      const inbound = join(folder, name, 'inbound');
      mkdirSync(inbound, { recursive: true });
      writeFileSync(
        join(inbound, `${name}.ndjson`),
        events.map((event) => `${JSON.stringify(event)}\n`).join(''),
      );
    }
    const proposed = (): Promise<readonly { readonly id: string }[]> =>
      database.query(`SELECT id FROM cases WHERE kind = 'return-unreconciled' AND state = 'proposed'`);
    await until(async () => (await proposed()).length === SKUS.length);
    const cases = await proposed();
    // Both processes are asked for everything, and one of them dies meanwhile.
    const decisions = [one, two].flatMap(({ url }) =>
      cases.map(({ id }) =>
        createHubClient({ url, key: keys.ops })
          .POST('/api/cases/{id}/decision', {
            params: { path: { id } },
            body: { id: `d-${id}`, verdict: 'approve' },
          })
          .catch(() => undefined),
      ),
    );
    one.child.kill('SIGKILL');
    await Promise.all(decisions);
    await until(async () => (await database.query('SELECT 1 FROM work_items WHERE NOT parked')).length === 0);
    await until(
      async () =>
        (await database.query('SELECT 1 FROM outbound_messages WHERE delivered_at IS NULL')).length === 0,
    );
    const messages = await database.query<{ case_id: string }>('SELECT case_id FROM outbound_messages');
    expect(messages.map((message) => message.case_id).sort()).toEqual(cases.map(({ id }) => id).sort());
    expect(new Set(told().map(({ id }) => id)).size).toBe(SKUS.length);
    expect(await database.query('SELECT 1 FROM case_actions')).toHaveLength(SKUS.length);
    const verdict = await createHubClient({ url: two.url, key: keys.ops }).GET('/api/cases', {});
    expect(verdict.data?.total).toBe(SKUS.length);
    expect(await database.query('SELECT 1 FROM audit_entries WHERE action = $1', ['case.act'])).toHaveLength(
      SKUS.length,
    );
  }, 120_000);
});
