import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CauseQuestion, type NowView, type ProductView, stockCauses } from '@truecount/protocol';
import { resolvedCases } from './night-lessons.ts';
import {
  DAY_MS,
  HOUR_MS,
  NOON_MS,
  openStoreUnderTest,
  smallStoreHistory,
  type StoreUnderTest,
} from './store-under-test.ts';

let store: StoreUnderTest;
beforeEach(async () => {
  store = await openStoreUnderTest();
  await store.hear(...smallStoreHistory({ sku: 'oat', fromMs: NOON_MS - 4 * DAY_MS }));
  await store.tick();
});
afterEach(async () => {
  await store.close();
  rmSync(store.folder, { recursive: true, force: true });
});

const cards = async (): Promise<NowView['cards']> =>
  ((await store.get('/api/now')).body as unknown as NowView).cards;
const product = async (sku: string): Promise<ProductView> =>
  (await store.get(`/api/products/${sku}`)).body as unknown as ProductView;

describe('from silence on the till to a count', () => {
  it('asks for a count of what stopped selling, with reasons, money and place, and of nothing else', async () => {
    const [card, ...others] = await cards();
    expect(others.filter(({ kind }) => kind === 'count')).toEqual([]);
    expect(card).toMatchObject({
      kind: 'count',
      exceptionKind: 'phantom-stock',
      product: { sku: 'oat', name: 'oat of the house', place: 'aisle 4' },
    });
    expect(card?.why.map(({ code }) => code)).toEqual(['record-says', 'no-sale', 'believed-gone']);
    expect(card?.value.minor).toBeGreaterThan(100);
    expect(store.events.find(({ event }) => event === 'exception-opened')?.text).toMatch(
      /^exception: phantom stock, oat of the house, \d+ % sure$/,
    );
  });

  it('commits a count once, closes the exception and the task, and says so', async () => {
    const [card] = await cards();
    const request = { id: 'count-1', sku: 'oat', qty: 0, taskId: card?.id };
    const first = await store.post('/api/counts', request);
    expect(first.status).toBe(201);
    store.clock.ms += 60_000;
    const second = await store.post('/api/counts', request);
    expect(second.body).toEqual(first.body);
    expect(
      [...store.core.ledger.read()].filter(({ observation }) => observation.type === 'count'),
    ).toHaveLength(1);
    expect((await cards()).map(({ id }) => id)).not.toContain(card?.id);
    const task = await store.core.documents.collections.tasks.findOne(card?.id ?? '').exec();
    expect(task?.done).toMatchObject({ by: 'kiosk', qty: 0 });
    const view = await product('oat');
    expect(view.record).toBe(0);
    // What was a doubt is now a certain shortage, which another store may fill.
    expect(view.exceptions.map(({ kind }) => kind)).toEqual(['stockout-ahead']);
    expect(store.events.map(({ text }) => text)).toContain(
      'settled: phantom stock, oat of the house: 0 counted',
    );
  });

  it('says what probably happened, asks once somebody has looked, and keeps the answer for the night', async () => {
    const [card] = await cards();
    expect(card?.causes?.length).toBeGreaterThan(0);
    const counted = await store.post('/api/counts', { id: 'count-1', sku: 'oat', qty: 0, taskId: card?.id });
    expect(counted.body['ask']).toBe(card?.exceptionId);
    const path = `/api/exceptions/${card?.exceptionId}/cause`;
    const question = (await store.get(path)).body as unknown as CauseQuestion;
    expect(question).toMatchObject({ kind: 'phantom-stock', product: { sku: 'oat' } });
    expect(question.causes.toSorted()).toEqual([...stockCauses].toSorted());
    expect(question.causes[0]).toBe(card?.causes?.[0]?.code);

    expect((await store.post(path, { cause: 'bad luck' })).status).toBe(400);
    expect((await store.post(path, { cause: 'theft' })).status).toBe(201);
    expect((await store.post(path, { cause: 'misplaced' })).status).toBe(201);
    const { collections } = store.core.documents;
    expect(await resolvedCases(collections)).toMatchObject([
      { cause: 'misplaced', signs: { hidden: expect.any(Number) } },
    ]);
    expect((await store.post('/api/undo', { id: card?.exceptionId })).status).toBe(201);
    expect(await resolvedCases(collections)).toEqual([]);
    expect(await store.get('/api/exceptions/none/cause')).toMatchObject({ status: 404 });
  });

  it('asks nothing about a count that says what the record said', async () => {
    const [card] = await cards();
    const { record } = await product('oat');
    const counted = await store.post('/api/counts', {
      id: 'count-1',
      sku: 'oat',
      qty: record,
      taskId: card?.id,
    });
    expect(counted.body).not.toHaveProperty('ask');
  });

  it('takes a count back as if it had never been made', async () => {
    const before = await product('oat');
    const [card] = await cards();
    await store.post('/api/counts', { id: 'count-1', sku: 'oat', qty: 40, taskId: card?.id });
    expect((await product('oat')).confidence).toBeGreaterThan(0.8);
    expect((await store.post('/api/undo', { id: 'count-1' })).status).toBe(201);
    const after = await product('oat');
    expect(after.record).toBe(before.record);
    expect(after.confidence).toBeCloseTo(before.confidence, 6);
    expect(after.evidence.map(({ code }) => code)).not.toContain('counted');
    expect((await cards()).map(({ id }) => id)).toContain(card?.id);
    expect((await store.post('/api/undo', { id: 'count-1' })).status).toBe(201);
    expect((await store.post('/api/undo', { id: 'never-made' })).status).toBe(404);
    const corrections = [...store.core.ledger.read()].filter(({ corrects }) => corrects === 'count-1');
    expect(corrections.map(({ observation }) => observation)).toMatchObject([
      { type: 'record', qty: before.record },
    ]);
  });

  it('dismisses a task with a reason and does not ask again for the same exception', async () => {
    const [card] = await cards();
    await store.post(`/api/tasks/${card?.id}/dismissed`, { reason: 'the shelf is being rebuilt' });
    store.clock.ms += HOUR_MS;
    await store.tick();
    expect((await cards()).map(({ id }) => id)).not.toContain(card?.id);
  });

  it('answers what it does not understand with a problem that says what to do', async () => {
    const wrong = await store.post('/api/counts', { id: 'c', sku: 'oat', qty: -1 });
    expect(wrong).toMatchObject({ status: 400, body: { code: 'E_REQUEST' } });
    expect(wrong.headers.get('content-type')).toContain('application/problem+json');
    expect(await store.post('/api/counts', { id: 'c', sku: 'unheard', qty: 1 })).toMatchObject({
      status: 404,
      body: { code: 'E_UNKNOWN_PRODUCT' },
    });
    expect((await store.get('/api/nothing')).body).toMatchObject({ code: 'E_NO_SUCH_ADDRESS' });
  });
});

describe('looking up', () => {
  it.each([
    'HOUSE oat',
    '4000000000000',
    '04000000000000',
    ']E04000000000000',
    '0104000000000000',
    'https://id.gs1.org/01/04000000000000',
  ])('finds a product by %s', async (query) => {
    const { body } = await store.get(`/api/products?q=${encodeURIComponent(query)}`);
    expect(body).toMatchObject([{ product: { sku: 'oat' } }]);
  });
});

describe('a product', () => {
  it('is recognised by what a till prints as soon as its catalog line is committed', async () => {
    const { products, keeper } = store.core;
    keeper.hold();
    const t = new Date(NOON_MS).toISOString();
    await store.hear({ type: 'catalog', t, sku: 'jam', name: 'Plum jam', gtin: '00400007003330' });
    expect(products.find({ code: '0400007003330' })).toBe('jam');
    expect(products.find({ name: ' plum  JAM ' })).toBe('jam');
    expect(products.find({ code: '4006381333931', name: 'unheard of' })).toBe('4006381333931');
    await store.hear({ type: 'catalog', t, sku: 'jam-2', name: 'Plum jam' });
    expect(products.known({ name: 'Plum jam' })).toBeUndefined();
  });
});

describe('an observation', () => {
  it('from the future is refused, and its neighbours are kept', async () => {
    const at = new Date(store.clock.ms).toISOString();
    const results = await store.core.intake.observe('till', [
      { observation: { type: 'sale', t: at, sku: 'tea', qty: 1 } },
      { observation: { type: 'sale', t: '2031-01-01T00:00:00.000Z', sku: 'tea', qty: 1 } },
      { observation: { type: 'sale', t: at, sku: 'rice', qty: 1 } },
    ]);
    expect(results.map(({ status }) => status)).toEqual(['stored', 'refused', 'stored']);
  });

  it('of a pick that found too little opens a failed pick, ended by a full one', async () => {
    const pick = {
      type: 'pick',
      t: new Date(store.clock.ms).toISOString(),
      sku: 'tea',
      requested: 2,
      order: 'o-1',
    } as const;
    await store.hear({ ...pick, found: 0 });
    await store.tick();
    const open = async () =>
      (
        await store.core.documents.collections.exceptions
          .find({ selector: { state: 'open', order: 'o-1' } })
          .exec()
      ).length;
    expect(await open()).toBe(1);
    await store.hear({ ...pick, found: 2 });
    await store.tick();
    expect(await open()).toBe(0);
  });
});

describe('a restart', () => {
  it('goes on with the same belief, the same cards and no new exception', async () => {
    await store.hear({ type: 'sale', t: new Date(NOON_MS - 60_000).toISOString(), sku: 'tea', qty: 1 });
    await store.tick();
    const before = { cards: await cards(), tea: await product('tea'), oat: await product('oat') };
    await store.close();
    store = await openStoreUnderTest({ folder: store.folder });
    await store.tick();
    expect({ cards: await cards(), tea: await product('tea'), oat: await product('oat') }).toEqual(before);
    expect(store.events.filter(({ event }) => event === 'exception-opened')).toEqual([]);
  });
});
