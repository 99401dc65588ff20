import { describe, expect, it } from 'vitest';
import { parseObservation } from './observation.ts';

describe('parsing an observation', () => {
  it('accepts a sale and keeps fields it does not know', () => {
    const line = { type: 'sale', t: '2026-03-02T09:14:03.120Z', sku: 'oat-1l', qty: 2, loyalty: true };
    expect(parseObservation(line)).toEqual({ ok: true, value: line });
  });

  it.each([
    [{ type: 'sale', t: '2026-03-02T09:14:03.120Z', sku: 'oat-1l' }, /qty/],
    [{ type: 'sale', t: '2026-03-02T09:14:03.120Z', sku: 'oat-1l', qty: Number.NaN }, /qty/],
    [{ type: 'sale', t: '2026-03-02T09:14:03.120Z', sku: 'oat-1l', qty: 1e9 }, /qty/],
    [{ type: 'sale', t: 'yesterday', sku: 'oat-1l', qty: 1 }, /^t /],
    [{ type: 'theft', t: '2026-03-02T09:14:03.120Z' }, /unknown type "theft"/],
    [{ type: 'constructor' }, /unknown type/],
    [[], /not a JSON object/],
    [null, /not a JSON object/],
  ])('refuses %j and says why', (line, problem) => {
    expect(parseObservation(line)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
  });
});
