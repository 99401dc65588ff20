import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PolicyBundle, tierFor } from '@truecount/protocol';
import { hashOf } from '@truecount/protocol/signing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Database, migrate, openDatabase } from '../database/index.ts';
import { intakeMigrations } from '../intake/index.ts';
import { loadHubKey } from './hub-key.ts';
import defaultPolicy from './policies/default.json' with { type: 'json' };
import { bundlesFrom, mergePatch } from './policy-file.ts';
import { policyDiff, policyFor, PolicyRegistry, signBundle } from './policy-registry.ts';
import { effectiveTier } from './tiers.ts';

const NOW = Date.parse('2026-03-02T09:00:00.000Z');
const [chain] = bundlesFrom(defaultPolicy);
if (!chain) throw new Error('the default policy has no chain bundle');
const bundle = (fields: Partial<PolicyBundle>): PolicyBundle => ({ ...chain, ...fields });

describe('policies', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'truecount-policies-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  const key = () => loadHubKey(join(folder, 'hub-key.pem'));

  it('are signed with a key that only the hub’s user can read and that stays the same', () => {
    const first = key();
    expect(statSync(join(folder, 'hub-key.pem')).mode & 0o777).toBe(0o600);
    expect(key().keyId).toBe(first.keyId);
    const signed = signBundle(chain, first);
    expect(signed.hash).toBe(hashOf(chain));
    expect(first.isSigned(signed.hash, signed.signature)).toBe(true);
    expect(first.isSigned(hashOf({ ...chain, version: chain.version + 1 }), signed.signature)).toBe(false);
  });

  it('inherit: a store changes what it names and follows the chain in the rest', () => {
    const [, store] = bundlesFrom({
      chain,
      stores: { harbour: { approvals: { managerMaxMinor: 500 }, planner: { blockedSkus: ['x'] } } },
    });
    expect(store).toMatchObject({
      scope: 'harbour',
      version: chain.version,
      planner: { blockedSkus: ['x'], alpha: 0.1 },
    });
    expect(store?.approvals).toEqual({ ...chain.approvals, managerMaxMinor: 500 });
    expect(() => bundlesFrom({ chain, stores: { harbour: { planner: { alpha: 2 } } } })).toThrow(
      /harbour .*alpha/,
    );
  });

  it('merge as RFC 7386 says', () => {
    expect(mergePatch({ a: 'b', c: { d: 'e', f: 'g' } }, { a: 'z', c: { f: null } })).toEqual({
      a: 'z',
      c: { d: 'e' },
    });
    expect(mergePatch([1], { a: [null] })).toEqual({ a: [null] });
  });

  it('come into force at their time: the store’s own before the chain’s, the highest version of each', () => {
    const k = key();
    const documents = [
      signBundle(bundle({ version: 1 }), k),
      signBundle(bundle({ version: 3, effectiveFrom: '2027-01-01T00:00:00.000Z' }), k),
      signBundle(bundle({ version: 2 }), k),
      signBundle(bundle({ version: 1, scope: 'harbour' }), k),
    ];
    expect(policyFor(documents, 'market', NOW)?.bundle.version).toBe(2);
    expect(policyFor(documents, 'harbour', NOW)?.bundle.scope).toBe('harbour');
    expect(policyFor(documents, 'market', Date.parse('2027-02-01T00:00:00.000Z'))?.bundle.version).toBe(3);
    expect(policyFor([], 'market', NOW)).toBeUndefined();
  });

  it('differ in words that name the setting', () => {
    const after = bundle({ version: chain.version + 1, labour: { ...chain.labour, minorPerHour: 2000 } });
    expect(policyDiff(chain, after)).toEqual([
      { path: 'version', before: chain.version, after: chain.version + 1 },
      { path: 'labour.minorPerHour', before: 1800, after: 2000 },
    ]);
  });

  it('are published once, and never changed under the same version', async () => {
    const database: Database = await openDatabase({});
    try {
      await migrate(database, intakeMigrations);
      const registry = new PolicyRegistry({ key: key(), clock: { now: () => NOW } });
      const publish = (bundles: readonly PolicyBundle[]) =>
        database.transaction((tx) => registry.publish(tx, bundles));
      expect(await publish([chain])).toMatchObject([{ action: 'policy.published' }]);
      expect(await publish([chain])).toEqual([]);
      await expect(publish([bundle({ currency: 'SEK' })])).rejects.toThrow(/raise its version/);
      expect((await registry.inForce(database, 'harbour')).hash).toBe(hashOf(chain));
    } finally {
      await database.close();
    }
  });
});

describe('tiers', () => {
  const question = {
    bundle: chain,
    kind: 'phantom-stock',
    option: 'count',
    hasUndo: true,
    staleInputs: [],
  } as const;

  it('follow the first rule that matches', () => {
    expect(effectiveTier(question)).toEqual({ tier: 'automate', because: [] });
    expect(tierFor(chain, 'feed-silent', 'count')).toBe('observe');
    expect(tierFor(bundle({ tiers: [] }), 'phantom-stock', 'count')).toBe('recommend');
  });

  it('fall by one when an input is too old, and are never automatic without an undo or with a tripped breaker', () => {
    expect(effectiveTier({ ...question, staleInputs: ['what harbour believes'] })).toEqual({
      tier: 'recommend',
      because: ['one tier lower: what harbour believes older than allowed'],
    });
    expect(effectiveTier({ ...question, hasUndo: false }).tier).toBe('recommend');
    expect(effectiveTier({ ...question, breaker: { kind: 'cap', reason: 'too often' } })).toMatchObject({
      tier: 'recommend',
      because: ['automation is off here: too often'],
    });
    const circle = { kind: 'circle', reason: 'A to B and back' } as const;
    expect(effectiveTier({ ...question, option: 'transfer', breaker: circle }).tier).toBe('escalate');
    expect(effectiveTier({ ...question, option: 'transfer', staleInputs: ['x'] }).tier).toBe('observe');
  });
});
