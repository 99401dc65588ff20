import type { ProductView } from '@truecount/protocol';
import { describe, expect, it } from 'vitest';
import { answerStock, unreadable } from './stock/answer-stock.ts';
import { type StockReader, stockQuestion } from './stock/stock-facts.ts';

const now = '2026-03-02T09:14:03.120Z';
const oat: ProductView = {
  product: { sku: '1', name: 'Oat drink 1 l', place: 'aisle 4' },
  now,
  record: 12,
  confidence: 0.08,
  mean: 0.2,
  p05: 0,
  p95: 1,
  rate: 3,
  pmf: [0.92, 0.08],
  canPromise: false,
  price: { minor: 249, currency: 'EUR' },
  evidence: [],
  exceptions: [],
};

/** A store that knows one product, and one that knows nothing or fails. */
const shop: StockReader = {
  findProducts: async (text) => ({
    ok: true,
    value: 'oat drink 1 l'.includes(text) ? [{ product: oat.product, record: 12, confidence: 0.08 }] : [],
  }),
  product: async () => ({ ok: true, value: oat }),
  now: async () => unreadable(new Error('the store agent answered 503')),
  transfers: async () => ({ ok: true, value: [] }),
};
const broken: StockReader = {
  ...shop,
  findProducts: async () => unreadable(new Error('no route')),
};

describe('a question about stock', () => {
  it.each([
    ['Is there oat drink?', 'is-it-here', 'oat drink'],
    ['do we have any oat drink left', 'is-it-here', 'oat drink'],
    ['How many AA batteries do we have?', 'how-many', 'aa batteries'],
    ['where do I find the rain boots', 'where', 'rain boots'],
    ['what is open?', 'open-cards', ''],
    ['which transfers are open', 'transfers', ''],
  ])('%s calls one read function', (question, call, product) => {
    expect(stockQuestion(question)).toEqual({ call, product });
  });

  it('is answered in words of sureness, with the record beside it', async () => {
    const said = await answerStock({ call: 'is-it-here', product: 'oat drink' }, shop);
    expect(said).toMatchObject({
      found: true,
      answer: expect.stringContaining('probably gone (8 %), 12 on record'),
    });
  });

  it('about a product nobody knows is not answered', async () => {
    expect(await answerStock({ call: 'how-many', product: 'unicorns' }, shop)).toBeUndefined();
  });

  it('says that there is no data when there is none, and that a source failed when it fails', async () => {
    expect(await answerStock({ call: 'transfers', product: '' }, shop)).toMatchObject({
      answer: 'There are no transfers.',
    });
    expect(await answerStock({ call: 'open-cards', product: '' }, shop)).toMatchObject({
      found: false,
      answer: expect.stringContaining('503'),
    });
    const failed = await answerStock({ call: 'how-many', product: 'oat drink' }, broken);
    expect(failed).toMatchObject({ found: false, answer: expect.stringContaining('no route') });
    expect(failed?.answer).not.toMatch(/\d/);
  });
});
