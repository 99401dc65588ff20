/**
 * A policy file: the chain's bundle and what single stores do differently (JSON merge patch, RFC 7386). Stores
 * inherit: a store without an entry follows the chain, one with an entry gets a full bundle of its own.
 */
import {
  parserFor,
  PolicyBundle,
  type PolicyDocument,
  type PolicyBundle as Bundle,
  StoreId,
} from '@truecount/protocol';
import { Type } from 'typebox';

const PolicyFile = Type.Object({
  chain: PolicyBundle,
  stores: Type.Optional(Type.Record(StoreId, Type.Record(Type.String(), Type.Unknown()))),
});

const parseFile = parserFor(PolicyFile);
const parseBundle = parserFor(PolicyBundle);

export class PolicyFileError extends Error {
  readonly code = 'E_POLICY_FILE';
}

/** @returns full bundles: the chain's first, then one for each store that differs */
export function bundlesFrom(input: unknown): readonly Bundle[] {
  const parsed = parseFile(input);
  if (!parsed.ok) throw new PolicyFileError(`the policy file is not valid: ${parsed.problem}`);
  const { chain, stores = {} } = parsed.value;
  if (chain.scope !== '*') throw new PolicyFileError('the chain bundle must have the scope "*"');
  return [chain, ...Object.entries(stores).map(([store, patch]) => inherit(chain, store, patch))];
}

function inherit(chain: Bundle, store: string, patch: Record<string, unknown>): Bundle {
  const merged = parseBundle({
    ...(mergePatch(chain, patch) as object),
    scope: store,
    version: chain.version,
  });
  if (!merged.ok) throw new PolicyFileError(`the policy of store ${store} is not valid: ${merged.problem}`);
  return merged.value;
}

/** What a store would follow: the chain's newest bundle with a patch, under the next version that is free for it. */
export function draftFor(
  published: readonly PolicyDocument[],
  store: string,
  patch: Record<string, unknown>,
): Bundle | { readonly problem: string } {
  const newest = (scope: string): Bundle | undefined =>
    published
      .map(({ bundle }) => bundle)
      .filter((bundle) => bundle.scope === scope)
      .reduce<Bundle | undefined>(
        (best, next) => (best && best.version >= next.version ? best : next),
        undefined,
      );
  const chain = newest('*');
  if (!chain) return { problem: 'the chain has no policy to inherit from' };
  const version = Math.max(chain.version, (newest(store)?.version ?? 0) + 1);
  const merged = parseBundle({ ...(mergePatch(chain, patch) as object), scope: store, version });
  return merged.ok
    ? merged.value
    : { problem: `the policy of store ${store} is not valid: ${merged.problem}` };
}

/** RFC 7386: objects are merged, null removes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged: Record<string, unknown> = isObject(target) ? { ...target } : {};
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) delete merged[name];
    else merged[name] = mergePatch(merged[name], value);
  }
  return merged;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
