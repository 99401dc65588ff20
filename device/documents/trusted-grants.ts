/**
 * Policies and staff as received from the hub: used only when the hub's key signed them, so a changed row in
 * the store's database gives nobody a right. Pure; works offline.
 */
import type { KeyObject } from 'node:crypto';
import { type PolicyBundle, type PolicyDocument, type StaffGrant } from '@truecount/protocol';
import { canonical, hashOf, isSignedBy, keyIdOf } from '@truecount/protocol/signing';

export interface Refusal {
  readonly id: string;
  readonly problem: string;
}

export interface PolicyInForce {
  readonly bundle: PolicyBundle;
  readonly hash: string;
  readonly refused: readonly Refusal[];
}

export interface Scope {
  readonly store: string;
  /** Absent in a store without a hub: then nothing received is trusted. */
  readonly hubKey: KeyObject | undefined;
  readonly nowMs: number;
}

const NO_KEY = "this store knows no hub's key";

function policyProblem(document: PolicyDocument, hubKey: KeyObject | undefined): string | undefined {
  if (hubKey === undefined) return NO_KEY;
  if (document.keyId !== keyIdOf(hubKey)) return `signed by another key (${document.keyId})`;
  if (document.hash !== hashOf(document.bundle)) return 'its content does not match its hash';
  if (!isSignedBy(document.hash, document.signature, hubKey)) return 'its signature is not valid';
  return undefined;
}

/** The store's own bundle before the chain's, then the highest version, among those in effect. */
export function policyInForce(
  documents: readonly PolicyDocument[],
  starting: PolicyBundle,
  scope: Scope,
): PolicyInForce {
  const refused: Refusal[] = [];
  let best: PolicyDocument | undefined;
  for (const document of documents) {
    const problem = policyProblem(document, scope.hubKey);
    const { bundle } = document;
    if (problem !== undefined) refused.push({ id: document.id, problem });
    else if (Date.parse(bundle.effectiveFrom) > scope.nowMs) continue;
    else if (bundle.scope !== '*' && bundle.scope !== scope.store) continue;
    else if (best === undefined || precedes(document, best)) best = document;
  }
  if (best === undefined) return { bundle: starting, hash: hashOf(starting), refused };
  return { bundle: best.bundle, hash: best.hash, refused };
}

function precedes(a: PolicyDocument, b: PolicyDocument): boolean {
  const special = Number(a.bundle.scope !== '*') - Number(b.bundle.scope !== '*');
  if (special !== 0) return special > 0;
  return (
    a.bundle.version - b.bundle.version > 0 || (a.bundle.version === b.bundle.version && a.hash > b.hash)
  );
}

export interface TrustedStaff {
  readonly grants: readonly StaffGrant[];
  readonly refused: readonly Refusal[];
}

export function trustedStaff(grants: readonly StaffGrant[], scope: Scope): TrustedStaff {
  const refused: Refusal[] = [];
  const trusted: StaffGrant[] = [];
  for (const grant of grants) {
    const problem = grantProblem(grant, scope);
    if (problem === undefined) trusted.push(grant);
    else refused.push({ id: grant.id, problem });
  }
  return { grants: trusted, refused };
}

function grantProblem(grant: StaffGrant, { hubKey, nowMs, store }: Scope): string | undefined {
  if (hubKey === undefined) return NO_KEY;
  const { signature, ...signed } = grant;
  if (grant.keyId !== keyIdOf(hubKey)) return `signed by another key (${grant.keyId})`;
  if (!isSignedBy(canonical(signed), signature, hubKey)) return 'its signature is not valid';
  if (grant.store !== store) return `it is for store ${grant.store}`;
  if (Date.parse(grant.validUntil) <= nowMs) return `it expired at ${grant.validUntil}`;
  return undefined;
}
