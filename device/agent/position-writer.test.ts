import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { instant, type Observation } from '@truecount/protocol';
import { NOON_MS, openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

const open: StoreUnderTest[] = [];
const folders: string[] = [];
afterEach(async () => {
  for (const store of open.splice(0)) await store.close();
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

async function openStore(folder?: string): Promise<StoreUnderTest> {
  const store = await openStoreUnderTest(folder === undefined ? {} : { folder });
  folders.push(store.folder);
  open.push(store);
  return store;
}

/** More SKUs than one tick looks at in turn, so that the last of them is not reached by chance. */
const SKUS = 400;
const LAST = `sku-${SKUS - 1}`;
const opening = Array.from({ length: SKUS }, (_, n): Observation[] => [
  { type: 'catalog', t: instant(NOON_MS - 1000), sku: `sku-${n}`, name: `Product ${n}`, price: 2 },
  { type: 'record', t: instant(NOON_MS - 1000), sku: `sku-${n}`, qty: 10 },
]).flat();
const sale: Observation = {
  type: 'sale',
  t: instant(NOON_MS),
  sku: LAST,
  qty: 4,
  till: '1',
  ticket: '1',
  line: 1,
};
const recordOf = async (store: StoreUnderTest, sku: string): Promise<number | undefined> =>
  (await store.core.documents.collections.positions.findOne(`harbour|${sku}`).exec())?.record;

it('writes the position of what was heard right before the end', async () => {
  const store = await openStore();
  await store.hear(...opening);
  await store.tick();
  await store.hear(sale);
  for (const one of open.splice(0)) await one.close();
  const after = await openStore(store.folder);
  expect(await recordOf(after, LAST)).toBe(6);
});

it.each([
  ['before', true],
  ['after', false],
])('looks at what was heard %s the last snapshot at the first tick after a kill', async (_, isInSnapshot) => {
  const store = await openStore();
  await store.hear(...opening);
  await store.tick();
  store.core.keeper.save();
  await store.hear(sale);
  if (isInSnapshot) store.core.keeper.save();
  const asKilled = mkdtempSync(join(tmpdir(), 'store-'));
  folders.push(asKilled);
  for (const name of readdirSync(store.folder, { withFileTypes: true }))
    if (name.isFile()) copyFileSync(join(store.folder, name.name), join(asKilled, name.name));
  for (const one of open.splice(0)) await one.close();
  const after = await openStore(asKilled);
  expect(await recordOf(after, LAST)).toBe(10);
  await after.tick();
  expect(await recordOf(after, LAST)).toBe(6);
});
