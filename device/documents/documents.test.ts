import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  collectionNames,
  type Exception,
  type OrderDocument,
  type Task,
  type Transfer,
} from '@truecount/protocol';
import { createRxDatabase, defaultHashSha256, type RxJsonSchema } from 'rxdb';
import { conflictHandlerFor } from './conflict-handler.ts';
import {
  changedEnough,
  openStoreDocuments,
  positionDocument,
  settledReason,
  startingPolicy,
  type StoreDocuments,
  taskForException,
  taskForTransfer,
  tasksForOrder,
} from './index.ts';
import { rxSchemaOf } from './rx-schema.ts';
import { getRxStorageNodeSqlite } from './sqlite-storage/index.ts';

const at = '2026-03-02T12:00:00.000Z';
const context = { store: 'harbour', nowMs: Date.parse(at), bundle: startingPolicy('EUR') };
const exception: Exception = {
  id: 'e-1',
  kind: 'phantom-stock',
  store: 'harbour',
  sku: 'oat',
  name: 'Oat drink 1 l',
  detectedAt: at,
  dueAt: '2026-03-02T16:00:00.000Z',
  updatedAt: at,
  confidence: 0.91,
  exposure: { minor: 2390, currency: 'EUR' },
  evidence: [{ code: 'record-says', params: { qty: 12 }, at, text: '12 on record' }],
  owner: 'associate',
  state: 'open',
  policyVersion: 'v1',
  modelVersion: 'm1',
};

describe('the documents of a store', () => {
  let folder: string;
  let documents: StoreDocuments;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'documents-'));
    documents = await openStoreDocuments({ storage: getRxStorageNodeSqlite({ folder }), store: 'harbour' });
  });
  afterEach(async () => {
    await documents.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it('survive a power cut once they are acknowledged, except positions, which are made anew', () => {
    const chosen = new Map(
      Object.values(documents.collections).map(({ name, internalStorageInstance }) => [
        name,
        internalStorageInstance.options,
      ]),
    );
    expect(chosen.get('positions')).toEqual({ durability: 'normal' });
    chosen.delete('positions');
    expect([...chosen.keys()]).toContain('exceptions');
    for (const options of chosen.values()) expect(options).toEqual({ durability: 'full' });
  });

  it('are taken over from the folder of an older version', async () => {
    await documents.close();
    const old = mkdtempSync(join(tmpdir(), 'documents-'));
    const { signs: _signs, found: _found, ...properties } = rxSchemaOf('exceptions').properties;
    const before = await createRxDatabase({
      name: 'documents',
      storage: getRxStorageNodeSqlite({ folder: old }),
      multiInstance: false,
      eventReduce: true,
    });
    const schema = { ...rxSchemaOf('exceptions'), version: 0, properties } as RxJsonSchema<Exception>;
    const { exceptions } = await before.addCollections({ exceptions: { schema } });
    await exceptions?.insert(exception);
    await before.close();
    documents = await openStoreDocuments({
      storage: getRxStorageNodeSqlite({ folder: old }),
      store: 'harbour',
    });
    const [taken, ...others] = await documents.collections.exceptions.find().exec();
    expect([taken?.toMutableJSON(), others]).toEqual([exception, []]);
    await taken?.incrementalPatch({ found: { cause: 'theft', at } });
    rmSync(old, { recursive: true, force: true });
  });

  /** A hash that changes here asks for a higher number in `rx-schema.ts`, and then for the new hash. */
  it('have schemas whose numbers rise with them', async () => {
    const hashes = await Promise.all(
      collectionNames.map(async (name) => {
        const schema = rxSchemaOf(name);
        const hash = await defaultHashSha256(JSON.stringify(schema));
        return `${name} ${schema.version} ${hash.slice(0, 12)}`;
      }),
    );
    expect(hashes).toMatchInlineSnapshot(`
      [
        "exceptions 1 9b69fa7c3c61",
        "transfers 3 0e041f689033",
        "tasks 0 27a0f4f253cb",
        "orders 0 4529790b35ba",
        "leases 0 3844ea1badc5",
        "policies 0 959faecc7fb9",
        "staff 0 070fa6724b2c",
        "learning 0 f7998ac62a1b",
        "positions 0 ed85d74c236b",
      ]
    `);
  });

  it('keep fields of newer versions through a write and a restart', async () => {
    await documents.collections.exceptions.insert({ ...exception, newer: { deep: [1, 2] } } as Exception);
    const known = await documents.collections.exceptions.findOne('e-1').exec();
    await known?.incrementalModify((document) => ({ ...document, state: 'closed' }));
    await documents.close();
    documents = await openStoreDocuments({ storage: getRxStorageNodeSqlite({ folder }), store: 'harbour' });
    const again = (await documents.collections.exceptions.findOne('e-1').exec())?.toMutableJSON();
    expect(again).toMatchObject({ state: 'closed', newer: { deep: [1, 2] } });
    expect(await documents.collections.exceptions.find({ selector: { state: 'open' } }).exec()).toEqual([]);
  });

  it('merge a conflict with the hub field by field', async () => {
    const { isEqual, resolve } = conflictHandlerFor<Exception>('exceptions', 'harbour');
    const base = { ...exception, _deleted: false };
    const decision = { option: 'count', at, text: 'count first' };
    const theirs = { ...base, caseId: 'c-1', decision };
    const mine = { ...base, state: 'closed' as const, caseId: 'forged' };
    const merged = await resolve(
      { realMasterState: theirs, newDocumentState: mine, assumedMasterState: base },
      'test',
    );
    expect(merged).toEqual({ ...theirs, state: 'closed' });
    expect(isEqual(theirs, structuredClone(theirs), 'test')).toBe(true);
    expect(isEqual(theirs, mine, 'test')).toBe(false);
  });
});

describe('tasks', () => {
  it('follow from an exception whose first answer one person can give', () => {
    expect(taskForException(exception, context)).toMatchObject({
      id: 'count-e-1',
      kind: 'count',
      sku: 'oat',
      value: { minor: 2390 },
      minutes: 2,
      because: '12 on record',
    });
    expect(taskForException({ ...exception, kind: 'stockout-ahead' }, context)).toBeUndefined();
    expect(taskForException({ ...exception, state: 'closed' }, context)).toBeUndefined();
  });

  it('of a transfer belong to the donor until it is shipped, then to the receiver', () => {
    const step = { qty: 2, by: 'Kim', at };
    const decision = {
      verdict: 'approve',
      qty: 2,
      by: 'Kim',
      role: 'manager',
      at,
      offline: false,
      policyHash: 'x',
    } as const;
    const money = { minor: 100, currency: 'EUR' };
    const transfer = {
      id: 't-1',
      from: 'harbour',
      to: 'market',
      fromName: 'Harbour',
      toName: 'Market',
      sku: 'oat',
      name: 'Oat',
      qty: 3,
      value: money,
      because: 'out',
    } as Transfer;
    const atHarbour = (donor?: Transfer['donor']) =>
      taskForTransfer({ ...transfer, ...(donor === undefined ? {} : { donor }) }, context)?.kind;
    const atMarket = (donor: Transfer['donor'] & object) =>
      taskForTransfer({ ...transfer, donor }, { ...context, store: 'market' })?.kind;
    expect(atHarbour()).toBeUndefined();
    expect(atHarbour({ decision })).toBe('ship');
    expect(atHarbour({ decision, picked: step })).toBe('ship');
    expect(atHarbour({ decision, picked: step, shipped: step })).toBeUndefined();
    expect(atMarket({ decision })).toBeUndefined();
    expect(atMarket({ decision, picked: step, shipped: step })).toBe('receive');
  });

  it('of an order are one per line, and end with it', () => {
    const order: OrderDocument = {
      id: 'o-1',
      store: 'harbour',
      token: 'C-1042',
      serviceClass: 'standard',
      promisedAt: at,
      lines: [
        { sku: 'oat', name: 'Oat', qty: 2 },
        { sku: 'tea', name: 'Tea', qty: 1 },
      ],
      state: 'open',
    };
    const priceOf = () => ({ minor: 250, currency: 'EUR' });
    const tasks = tasksForOrder(order, { ...context, priceOf });
    expect(tasks.map(({ id, value }) => [id, value.minor])).toEqual([
      ['pick-o-1-oat', 500],
      ['pick-o-1-tea', 250],
    ]);
    const known = {
      exception: () => undefined,
      transfer: () => undefined,
      order: () => ({ ...order, state: 'picked' }) as const,
    };
    expect(settledReason(tasks[0] as Task, known)).toBe('the order is picked');
    expect(tasksForOrder({ ...order, state: 'cancelled' }, { ...context, priceOf })).toEqual([]);
  });
});

describe('positions', () => {
  const product = { name: 'Oat', priceMinor: 219, costMinor: 140, currency: 'EUR' };
  const believed = {
    sku: 'oat',
    record: 12,
    confidence: 0.9,
    mean: 10,
    p05: 6,
    p95: 13,
    rate: 4,
    pmf: [0.1, 0.9],
  };
  const document = (some: Partial<typeof believed> = {}) =>
    positionDocument('harbour', at, { ...believed, ...some }, product);

  it('are sent when they changed enough to move a decision', () => {
    expect(changedEnough(undefined, document())).toBe(true);
    expect(changedEnough(document(), document({ confidence: 0.92, mean: 10.3, rate: 4.2 }))).toBe(false);
    expect(changedEnough(document(), document({ record: 11 }))).toBe(true);
    expect(changedEnough(document(), document({ confidence: 0.84 }))).toBe(true);
    expect(changedEnough(document(), document({ rate: 5 }))).toBe(true);
  });

  it('carry a distribution without its tail, and no longer than the contract', () => {
    expect(document({ pmf: [0.5, 0.5, 4e-7, 3e-7] }).pmf).toEqual([0.5, 0.5]);
    const { pmf } = document({ pmf: Array.from({ length: 4000 }, () => 1 / 4000) });
    expect(pmf).toHaveLength(2048);
    expect(pmf.at(-1)).toBeCloseTo(1953 / 4000, 4);
  });
});
