/** A folder camera through the whole agent: picture, planogram, evidence in the ledger, a person's verdict. */
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { instant, newId, type ShelfView } from '@truecount/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { openStoreUnderTest, type StoreUnderTest } from './store-under-test.ts';

const shelves = fileURLToPath(new URL('../vision/vectors/shelves/', import.meta.url));

const SEEN_WITHIN_MS = 30_000;
let store: StoreUnderTest;
let view: ShelfView;

async function shelf(): Promise<ShelfView> {
  const [first] = (await store.get('/api/shelf')).body as unknown as ShelfView[];
  if (first === undefined) throw new Error('no camera');
  return first;
}

beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'camera-'));
  const pictures = join(folder, 'pictures');
  mkdirSync(pictures);
  const picture = readdirSync(shelves).find((file) => file.endsWith('.jpg')) ?? '';
  copyFileSync(join(shelves, picture), join(pictures, picture));
  const planogram = join(folder, 'bay.json');
  const products = [{ sku: 'oat', name: 'Oat drink 1 l', facings: 3 }];
  writeFileSync(planogram, JSON.stringify({ id: 'bay', rows: [{ products }] }));
  store = await openStoreUnderTest({
    vision: {
      keepHours: 1,
      cameras: [
        { name: 'aisle-4', source: { kind: 'folder', folder: pictures }, planogram, everySeconds: 0.05 },
      ],
    },
  });
  await store.hear(
    { type: 'catalog', t: instant(store.clock.now()), sku: 'oat', name: 'Oat drink 1 l', price: 2 },
    { type: 'record', t: instant(store.clock.now()), sku: 'oat', qty: 12 },
  );
  view = await vi.waitFor(
    async () => {
      const seen = await shelf();
      if (seen.frame === undefined) throw new Error(seen.message ?? 'nothing seen yet');
      return seen;
    },
    { timeout: SEEN_WITHIN_MS, interval: 100 },
  );
}, SEEN_WITHIN_MS + 10_000);
afterAll(() => store.close());

describe('a shelf camera', () => {
  it('shows what it sees, against the plan', () => {
    expect(view).toMatchObject({ camera: 'aisle-4', state: 'up' });
    expect(view.boxes.filter((box) => box.kind === 'facing').length).toBeGreaterThan(3);
    expect(view.products.map(({ sku, planned }) => ({ sku, planned }))).toEqual([{ sku: 'oat', planned: 3 }]);
  });

  it('gives its picture to the screen, and nobody a path', async () => {
    const response = await fetch(`${store.url}/api/shelf/aisle-4/frame?v=${view.frame?.id ?? ''}`);
    expect(response.headers.get('content-type')).toBe('image/jpeg');
    expect(Buffer.from(await response.arrayBuffer()).subarray(0, 2)).toEqual(Buffer.from([0xff, 0xd8]));
    expect((await store.get('/api/shelf/aisle-4/frame?v=../rates.json')).status).toBe(404);
  });

  it('learns from a correction, which becomes evidence once', async () => {
    const id = newId(Date.now());
    const body = { id, frame: view.frame?.id ?? '', products: [{ sku: 'oat', row: 0, facings: 0 }] };
    expect((await store.post('/api/shelf/aisle-4/verdict', body)).status).toBe(201);
    expect((await store.post('/api/shelf/aisle-4/verdict', body)).status).toBe(201);
    const said = store.core.ledger
      .latest('oat', 20)
      .map(({ observation }) => observation)
      .filter((o) => o.type === 'shelf' && o.facings === 0);
    expect(said).toEqual([expect.objectContaining({ capacity: 3, camera: 'aisle-4' })]);
    const after = await shelf();
    expect(after.judged).toBe(true);
    expect(after.products[0]?.facings).toBe(0);
  });

  it('raises a gap that stock in the store can fill', async () => {
    await store.tick();
    const open = await store.core.documents.collections.exceptions
      .find({ selector: { kind: 'shelf-gap' } })
      .exec();
    expect(open.map((exception) => exception.sku)).toEqual(['oat']);
  });

  it('refuses a verdict on a picture that is no longer the last', async () => {
    const answer = await store.post('/api/shelf/aisle-4/verdict', { id: newId(Date.now()), frame: newId(1) });
    expect(answer.status).toBe(409);
  });
});
