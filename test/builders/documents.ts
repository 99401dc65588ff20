/** Valid replicated documents with overridable fields. */
import type { DocumentOf } from '@truecount/protocol';

const AT = '2026-03-02T09:00:00.000Z';
const money = (minor: number) => ({ minor, currency: 'EUR' });

export const anException = (
  fields: Partial<DocumentOf<'exceptions'>> & { readonly id: string; readonly store: string },
): DocumentOf<'exceptions'> => ({
  kind: 'phantom-stock',
  sku: '4001',
  name: 'Oat drink 1 l',
  detectedAt: AT,
  dueAt: '2026-03-02T13:00:00.000Z',
  updatedAt: AT,
  confidence: 0.91,
  exposure: money(2390),
  evidence: [],
  owner: 'associate',
  state: 'open',
  policyVersion: 'v1',
  modelVersion: 'belief-1',
  ...fields,
});

export const aTransfer = (
  fields: Partial<DocumentOf<'transfers'>> & { readonly id: string },
): DocumentOf<'transfers'> => ({
  from: 'harbour',
  to: 'market',
  fromName: 'Harbour',
  toName: 'Market Square',
  sku: '4001',
  name: 'Oat drink 1 l',
  qty: 2,
  proposedAt: AT,
  dueAt: '2026-03-03T09:00:00.000Z',
  value: money(900),
  cost: money(200),
  donorLoss: money(50),
  donorConfidence: 0.97,
  receiverRisk: 0.8,
  because: 'Market Square sells out tomorrow',
  otherwise: 'about two lost sales',
  alternatives: [],
  policyVersion: 'v1',
  ...fields,
});

export const aTask = (
  fields: Partial<DocumentOf<'tasks'>> & { readonly id: string; readonly store: string },
): DocumentOf<'tasks'> => ({
  kind: 'count',
  sku: '4001',
  createdBy: 'store',
  createdAt: AT,
  dueAt: '2026-03-02T13:00:00.000Z',
  value: money(500),
  minutes: 2,
  because: 'the record says 12 and nothing sells',
  ...fields,
});

export const aPosition = (
  fields: Partial<DocumentOf<'positions'>> & { readonly store: string; readonly sku: string },
): DocumentOf<'positions'> => ({
  id: `${fields.store}|${fields.sku}`,
  name: 'Oat drink 1 l',
  asOf: AT,
  record: 12,
  confidence: 0.4,
  p0: 0.6,
  mean: 1.2,
  p05: 0,
  p95: 4,
  rate: 3.5,
  pmf: [0.6, 0.1, 0.1, 0.1, 0.1],
  price: money(239),
  cost: money(120),
  ...fields,
});
