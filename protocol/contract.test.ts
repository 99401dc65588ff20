import { describe, expect, it } from 'vitest';
import { generateKeyPairSync } from 'node:crypto';
import { collections } from './documents.ts';
import { hashOf, isSignedBy, keyIdOf, signText } from './signing.ts';
import { transferStage, type Transfer } from './transfer.ts';

describe('the collections contract', () => {
  it('names only fields that the schema has', () => {
    for (const contract of Object.values(collections))
      for (const field of Object.keys(contract.fields))
        expect(Object.keys(contract.schema.properties)).toContain(field);
  });

  it('lets exceptions and transfers drain before positions', () => {
    expect(collections.exceptions.priority).toBeLessThan(collections.positions.priority);
    expect(collections.transfers.priority).toBeLessThan(collections.positions.priority);
  });
});

describe('signing', () => {
  it('gives the same hash whatever the order of keys', () => {
    expect(hashOf({ a: 1, b: [2, { c: 3, d: 4 }] })).toBe(hashOf({ b: [2, { d: 4, c: 3 }], a: 1 }));
  });

  it('knows a text that was changed after signing', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ed25519');
    const signature = signText('12 units', privateKey);
    expect(isSignedBy('12 units', signature, publicKey)).toBe(true);
    expect(isSignedBy('13 units', signature, publicKey)).toBe(false);
    expect(keyIdOf(privateKey)).toBe(keyIdOf(publicKey));
  });
});

describe("a transfer's stage", () => {
  const step = { qty: 2, by: 'Kim', at: '2026-03-02T09:00:00.000Z' };
  const base = { qty: 2 } as Transfer;
  it('follows the furthest part that is known, in whatever order the parts arrive', () => {
    expect(transferStage(base)).toBe('proposed');
    expect(transferStage({ ...base, receiver: { received: step } })).toBe('received');
    expect(transferStage({ ...base, receiver: { received: step }, donor: { shipped: step } })).toBe(
      'received',
    );
  });
});
