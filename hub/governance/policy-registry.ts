/**
 * The registry of policy bundles: every version that was ever published, each signed and named by its hash. The
 * registry is the replicated collection `policies` itself, so hub and stores read the same thing; a published
 * version is never changed.
 */
import { type Clock, instant, type PolicyBundle, type PolicyDocument } from '@truecount/protocol';
import { canonical, hashOf } from '@truecount/protocol/signing';
import type { Queryable, Transaction } from '../database/index.ts';
import { listDocuments, putDocument } from '../intake/index.ts';
import type { AuditFact } from './audit-entry.ts';
import type { HubKey } from './hub-key.ts';

/** More versions than a chain publishes in years; beyond it the oldest would not be seen. */
const MAX_VERSIONS = 10_000;

export class PolicyVersionError extends Error {
  readonly code = 'E_POLICY_VERSION';
}

/** A bundle and the hash that every decision names. */
export interface PolicyInForce {
  readonly bundle: PolicyBundle;
  readonly hash: string;
}

export function signBundle(bundle: PolicyBundle, key: HubKey): PolicyDocument {
  const hash = hashOf(bundle);
  return {
    id: `policy|${bundle.scope}|${bundle.version}`,
    store: bundle.scope,
    bundle,
    hash,
    keyId: key.keyId,
    signature: key.sign(hash),
  };
}

/** The store's own bundle if it has one in force, otherwise the chain's; the highest version that has begun. */
export function policyFor(
  policies: readonly PolicyDocument[],
  store: string,
  nowMs: number,
): PolicyInForce | undefined {
  const now = instant(nowMs);
  const begun = policies.filter(({ bundle }) => bundle.effectiveFrom <= now);
  const newest = (scope: string): PolicyDocument | undefined =>
    begun
      .filter(({ bundle }) => bundle.scope === scope)
      .reduce<PolicyDocument | undefined>(
        (best, next) => (best && best.bundle.version >= next.bundle.version ? best : next),
        undefined,
      );
  const chosen = newest(store) ?? newest('*');
  return chosen && { bundle: chosen.bundle, hash: chosen.hash };
}

export class PolicyRegistry {
  readonly #key: HubKey;
  readonly #clock: Clock;

  constructor(parts: { readonly key: HubKey; readonly clock: Clock }) {
    this.#key = parts.key;
    this.#clock = parts.clock;
  }

  async all(database: Queryable): Promise<readonly PolicyDocument[]> {
    const stored = await listDocuments(database, 'policies', { limit: MAX_VERSIONS });
    return stored.map(({ document }) => document);
  }

  async inForce(database: Queryable, store: string): Promise<PolicyInForce> {
    const found = policyFor(await this.all(database), store, this.#clock.now());
    if (!found)
      throw new PolicyVersionError(
        `no policy is in force for store ${store}; publish one whose effectiveFrom has begun`,
      );
    return found;
  }

  /**
   * Publishes the bundles that are new; one already published under the same version must be the same.
   * @returns what to write to the audit log
   */
  async publish(tx: Transaction, bundles: readonly PolicyBundle[]): Promise<readonly AuditFact[]> {
    const known = new Map((await this.all(tx)).map((document) => [document.id, document]));
    const facts: AuditFact[] = [];
    for (const bundle of bundles) {
      const signed = signBundle(bundle, this.#key);
      const existing = known.get(signed.id);
      if (existing && existing.hash !== signed.hash)
        throw new PolicyVersionError(
          `policy version ${bundle.version} for ${bundle.scope} is published with other content; raise its version`,
        );
      if (existing) continue;
      await putDocument(tx, 'policies', signed, { by: 'hub:governance' });
      facts.push({
        actor: 'hub',
        action: 'policy.published',
        subject: `policy:${bundle.scope}`,
        text: `Policy version ${bundle.version} for ${bundle.scope === '*' ? 'the chain' : bundle.scope} published`,
        detail: { hash: signed.hash, bundle },
      });
    }
    return facts;
  }
}

/** Names of the settings in which two bundles differ, with both values, for people who review a change. */
export function policyDiff(
  before: PolicyBundle,
  after: PolicyBundle,
): readonly { readonly path: string; readonly before: unknown; readonly after: unknown }[] {
  const flat = (value: unknown, path: string, into: Map<string, unknown>): Map<string, unknown> => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return into.set(path, value);
    for (const [name, inner] of Object.entries(value)) flat(inner, path ? `${path}.${name}` : name, into);
    return into;
  };
  const [a, b] = [flat(before, '', new Map()), flat(after, '', new Map())];
  return [...new Set([...a.keys(), ...b.keys()])]
    .filter((path) => canonical(a.get(path) ?? null) !== canonical(b.get(path) ?? null))
    .map((path) => ({ path, before: a.get(path), after: b.get(path) }));
}
