import { rmSync } from 'node:fs';
import { instant, type Lease, type ProductView } from '@truecount/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { returnLeases } from './lease-keeper.ts';
import {
  HOUR_MS,
  NOON_MS,
  openStoreUnderTest,
  smallStoreHistory,
  type StoreUnderTest,
} from './store-under-test.ts';

let store: StoreUnderTest;
const lease = (fields: Partial<Lease> = {}): Lease => ({
  id: 'lease|1',
  store: 'harbour',
  sku: 'milk',
  name: 'milk of the house',
  units: 2,
  grantedAt: instant(NOON_MS - HOUR_MS),
  expiresAt: instant(NOON_MS + 8 * HOUR_MS),
  promiseHours: 4,
  ...fields,
});
const promised = (id: string, more: object = {}) => store.post('/api/promises', { id, sku: 'milk', ...more });
const left = async (): Promise<number | undefined> =>
  ((await store.get('/api/products/milk')).body as unknown as ProductView).promisable;
const stored = async (id = 'lease|1'): Promise<Lease | undefined> =>
  (await store.core.documents.collections.leases.findOne(id).exec())?.toMutableJSON();

beforeEach(async () => {
  store = await openStoreUnderTest();
  await store.hear(...smallStoreHistory({ sku: 'none', fromMs: 0 }));
  await store.tick();
  await store.core.documents.collections.leases.insert(lease());
});
afterEach(async () => {
  await store.close();
  rmSync(store.folder, { recursive: true, force: true });
});

describe('a store without a way to the hub', () => {
  it('promises a customer what it was lent, counts a repeated request once, and no more than that', async () => {
    expect(await left()).toBe(2);
    expect((await promised('p-000001')).status).toBe(201);
    expect((await promised('p-000001')).status).toBe(201);
    expect(await left()).toBe(1);
    expect((await promised('p-000002')).status).toBe(201);
    const refused = await promised('p-000003');
    expect([refused.status, refused.body['code']]).toEqual([409, 'E_NOTHING_LENT']);
    expect((await stored())?.promises?.map(({ id, qty, token }) => [id, qty, token])).toEqual([
      ['p-000001', 1, '000001'],
      ['p-000002', 1, '000002'],
    ]);
  });

  it('gives two customers who ask at once the last unit once', async () => {
    await promised('p-000001');
    const answers = await Promise.all(['a', 'b', 'c', 'd'].map((id) => promised(`p-${id}`)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
  });

  it('stops when the time of the lease is over by its own clock, and gives it back once', async () => {
    store.clock.ms = NOON_MS + 8 * HOUR_MS;
    expect(await left()).toBe(0);
    expect((await promised('p-000001')).status).toBe(409);
    const { collections } = store.core.documents;
    expect([
      await returnLeases(collections, store.clock.ms),
      await returnLeases(collections, store.clock.ms),
    ]).toEqual([1, 0]);
    expect((await stored())?.returnedAt).toBe(instant(store.clock.ms));
  });

  it('uses no lease that the hub has ended', async () => {
    await store.core.documents.collections.leases.insert(
      lease({ id: 'lease|2', sku: 'bread', ended: { at: instant(NOON_MS), reason: 'x' } }),
    );
    expect((await store.post('/api/promises', { id: 'p-9', sku: 'bread' })).status).toBe(409);
  });
});
