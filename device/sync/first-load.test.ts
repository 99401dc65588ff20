import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../hub/database/index.ts';
import { putDocument, updateDocument } from '../../hub/intake/index.ts';
import { lockStores } from '../../hub/intake/document-locks.ts';
import { writeDocuments } from '../../hub/intake/document-table.ts';
import { type CollectionName } from '../../protocol/index.ts';
import { anException, aPosition, aTask } from '../../test/builders/documents.ts';
import { startTrialDevice, until, untilSent } from '../../test/servers/trial-device.ts';
import { startTrialHub, type TrialHub } from '../../test/servers/trial-hub.ts';
import { getRxStorageNodeSqlite } from '../documents/sqlite-storage/index.ts';

const PRODUCTS = 30_000;
const TASKS = 300;
const child = fileURLToPath(new URL('first-load-child.ts', import.meta.url));

interface Progress {
  readonly online: boolean;
  /** Positions that are written. */
  readonly stored: number;
  readonly loaded?: number;
  readonly total?: number;
}

describe('the first load of a device', () => {
  let hub: TrialHub;
  /** What the hub's other parts were told of: nothing that it knew already may come back as news. */
  const told: string[] = [];
  const folders: string[] = [];
  const fill = (name: CollectionName, documents: readonly { readonly id: string }[]): Promise<unknown> =>
    hub.database.transaction(async (tx) => {
      await lockStores(tx, ['harbour']);
      await writeDocuments(
        tx,
        name,
        documents.map((document) => ({ document: document as never, deleted: false })),
        'device:before',
      );
    });
  beforeAll(async () => {
    hub = await startTrialHub(await openDatabase({}), undefined, {
      onChanges: (_tx, changes) => {
        told.push(...changes.map(({ after }) => after.id));
        return Promise.resolve();
      },
    });
    for (let sku = 0; sku < PRODUCTS; sku += 1000)
      await fill(
        'positions',
        Array.from({ length: 1000 }, (_, n) => aPosition({ store: 'harbour', sku: String(sku + n) })),
      );
    await fill(
      'tasks',
      Array.from({ length: TASKS }, (_, n) => aTask({ id: `t-${n}`, store: 'harbour', createdBy: 'hub' })),
    );
    await fill('exceptions', [anException({ id: 'e-1', store: 'harbour' })]);
    await hub.database.query(
      `UPDATE documents SET deleted = true, seq = nextval('document_seq') WHERE id IN ('t-1', 't-2')`,
    );
  }, 180_000);
  afterAll(async () => {
    await hub.close();
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  /** Starts the child and resolves when `isEnough`; it may then be killed. */
  const run = async (
    asked: object,
    isEnough: (progress: Progress) => boolean,
  ): Promise<{ readonly process: ChildProcess; readonly seen: Progress[] }> => {
    const started = spawn(process.execPath, [child, JSON.stringify(asked)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const seen: Progress[] = [];
    const enough = Promise.withResolvers<void>();
    createInterface({ input: started.stdout }).on('line', (line) => {
      const progress = JSON.parse(line) as Progress;
      seen.push(progress);
      if (isEnough(progress)) enough.resolve();
    });
    await enough.promise;
    return { process: started, seen };
  };
  const kill = async (started: ChildProcess): Promise<void> => {
    const ended = once(started, 'exit');
    started.kill('SIGKILL');
    await ended;
  };

  it('goes on after kill -9 where it was, has what is urgent first, and what changed meanwhile too', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'truecount-load-'));
    folders.push(folder);
    const address = { store: 'harbour', device: 'rebuilt' };
    const asked = { folder, ...address, hub: await hub.enrol(address) };
    // Pages that arrive while one is written are written together; how far it is, is noted after each writing.
    const written: number[] = [];
    const first = await run({ ...asked, lineage: ['1'] }, ({ stored }) => {
      if (stored > (written.at(-1) ?? 0)) written.push(stored);
      return stored > PRODUCTS / 5 && written.length > 2;
    });
    await kill(first.process);
    expect(written.at(-1)).toBeLessThan(PRODUCTS);
    // While it was away, and after it has begun: new, changed and deleted documents.
    await hub.database.transaction((tx) =>
      putDocument(tx, 'tasks', aTask({ id: 't-new', store: 'harbour', createdBy: 'hub' }), {
        by: 'hub:test',
      }),
    );
    await hub.database.transaction((tx) =>
      updateDocument(tx, 'exceptions', 'e-1', (document) => ({ ...document, caseId: 'c-1' }), {
        by: 'hub:test',
      }),
    );
    await hub.database.query(
      `UPDATE documents SET deleted = true, seq = nextval('document_seq') WHERE id = 't-3'`,
    );
    const second = await run({ ...asked, lineage: ['1', '2'] }, ({ loaded = 0 }) => loaded > 0);
    await kill(second.process);
    const resumed = second.seen.find(({ loaded = 0 }) => loaded > 0)?.loaded ?? 0;
    // What was being written is asked for again.
    expect(resumed).toBeGreaterThanOrEqual(written.at(-2) ?? PRODUCTS);

    await using device = await startTrialDevice({
      address,
      hub: asked.hub,
      identity: { start: '3', lineage: ['1', '2', '3'] },
      storage: getRxStorageNodeSqlite({ folder }),
    });
    await until(
      (listener) => device.sync.onChange(listener),
      () => device.sync.status().online && device.sync.status().firstLoad === undefined,
    );
    const { positions, tasks, exceptions } = device.documents.collections;
    await until(
      (listener) => {
        const subscription = positions.$.subscribe(listener);
        return () => subscription.unsubscribe();
      },
      async () => (await positions.count().exec()) === PRODUCTS,
    );
    await untilSent(device);
    const ids = (await tasks.find().exec()).map(({ id }) => id);
    expect(ids).toHaveLength(TASKS - 3 + 1);
    expect(ids).toContain('t-new');
    expect(await exceptions.findOne('e-1').exec()).toMatchObject({ caseId: 'c-1' });
    expect(device.sync.status()).toMatchObject({ online: true, waiting: 0, quarantined: 0 });
    expect(told).toEqual([]);
  }, 120_000);

  it('lets a store work before it is over, and what it writes meanwhile is what counts', async () => {
    const address = { store: 'harbour', device: 'new' };
    const credentials = await hub.enrol(address);
    await using device = await startTrialDevice({ address, hub: credentials });
    const { positions, exceptions } = device.documents.collections;
    await until(
      (listener) => device.sync.onChange(listener),
      () => (device.sync.status().firstLoad?.loaded ?? 0) > 0,
    );
    await exceptions.insert(anException({ id: 'e-new', store: 'harbour' }));
    await positions.upsert(aPosition({ store: 'harbour', sku: '7', mean: 77 }));
    expect(device.sync.status().firstLoad?.total).toBeGreaterThanOrEqual(PRODUCTS);
    await until(
      (listener) => device.sync.onChange(listener),
      () => told.includes('e-new') && device.sync.status().waiting === 0 && !device.sync.status().firstLoad,
    );
    expect((await positions.findOne('harbour|7').exec())?.mean).toBe(77);
    const [row] = await hub.database.query<{ mean: number }>(
      `SELECT (document ->> 'mean')::float8 AS mean FROM documents WHERE id = 'harbour|7'`,
    );
    expect(row?.mean).toBe(77);
    expect(told.toSorted()).toEqual(['e-new', 'harbour|7']);
  }, 120_000);

  it('hears what comes after it when the documents fill its pages exactly', async () => {
    const page = 500;
    await hub.database.transaction(async (tx) => {
      await lockStores(tx, ['quay']);
      await writeDocuments(
        tx,
        'exceptions',
        Array.from({ length: page }, (_, n) => ({
          document: anException({ id: `q-${n}`, store: 'quay' }) as never,
          deleted: false,
        })),
        'device:before',
      );
    });
    const address = { store: 'quay', device: 'quay-kiosk' };
    await using device = await startTrialDevice({ address, hub: await hub.enrol(address) });
    const { exceptions } = device.documents.collections;
    const holds = (count: number): Promise<void> =>
      until(
        (listener) => {
          const subscription = exceptions.$.subscribe(listener);
          return () => subscription.unsubscribe();
        },
        async () => (await exceptions.count().exec()) === count,
      );
    await holds(page);
    await untilSent(device);
    await hub.database.transaction((tx) =>
      putDocument(tx, 'exceptions', anException({ id: 'q-later', store: 'quay' }), { by: 'hub:test' }),
    );
    await holds(page + 1);
    expect(await exceptions.findOne('q-later').exec()).not.toBeNull();
  }, 60_000);
});
