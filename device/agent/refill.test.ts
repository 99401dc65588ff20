import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProductMatch } from '@truecount/protocol';
import { expect, it } from 'vitest';
import { aPosition } from '../../test/builders/documents.ts';
import { openStoreUnderTest } from './store-under-test.ts';

const PRODUCTS = 600;
const FOUND_WITHIN_MS = 20_000;

const fromHub = (sku: string) =>
  aPosition({
    store: 'harbour',
    sku,
    name: `Oat drink ${sku}`,
    record: 12,
    asOf: '2026-03-01T09:00:00.000Z',
  });

it('a rebuilt store knows its products by what the hub still has, once, also when it is ended in the middle', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'truecount-refill-'));
  {
    const store = await openStoreUnderTest({ folder });
    await store.core.documents.collections.positions.bulkInsert(
      Array.from({ length: PRODUCTS }, (_, n) => fromHub(`s${n}`)),
    );
    // Right away: only part of it is in the journal.
    await store.close();
  }
  const store = await openStoreUnderTest({ folder });
  const found = async (): Promise<readonly ProductMatch[]> => {
    await store.tick();
    return (await store.get('/api/products?q=Oat%20drink%20s599')).body as unknown as readonly ProductMatch[];
  };
  await expect
    .poll(async () => (await found()).map(({ product, record }) => [product.sku, record]), {
      timeout: FOUND_WITHIN_MS,
    })
    .toEqual([['s599', 12]]);
  await expect.poll(() => store.core.ledger.entries, { timeout: FOUND_WITHIN_MS }).toBe(2 * PRODUCTS);
  await store.close();
  const again = await openStoreUnderTest({ folder });
  expect(again.core.ledger.entries).toBe(2 * PRODUCTS);
  await again.close();
  rmSync(folder, { recursive: true, force: true });
});

it('takes up no product from a position that no hub would accept', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'truecount-refill-'));
  const store = await openStoreUnderTest({ folder });
  await store.core.documents.collections.positions.bulkInsert([
    { ...fromHub('spoilt'), mean: -1 },
    fromHub('sound'),
  ]);
  await expect.poll(() => store.core.ledger.entries, { timeout: FOUND_WITHIN_MS }).toBe(2);
  await store.tick();
  expect(store.core.keeper.belief.skus()).toEqual(['sound']);
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});
