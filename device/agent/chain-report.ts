/** What a store tells the chain after a night, and what it takes back as the prior of the next. */
import type { KeyObject } from 'node:crypto';
import { CHAIN_ID, type PooledStatistics } from '@truecount/protocol';
import { canonical, isSignedBy, keyIdOf } from '@truecount/protocol/signing';
import { defaultParameters } from '../belief/index.ts';
import { type ChainPrior, chainPrior, type ModelStore } from '../learning/index.ts';
import type { StoreCollections } from '../documents/index.ts';

/** Writes the newest fit's statistics for the hub; nothing when there was none. */
export async function reportStatistics(
  { learning }: Pick<StoreCollections, 'learning'>,
  { models, store }: { readonly models: ModelStore; readonly store: string },
): Promise<void> {
  const fitted = models.get('statistics');
  if (fitted === undefined) return;
  await learning.upsert({ id: store, store, fitted });
}

/** The prior that the chain gives; undefined where the hub has said nothing that its key signed. */
export async function priorOfChain(
  { learning }: Pick<StoreCollections, 'learning'>,
  hubKey: KeyObject | undefined,
): Promise<ChainPrior | undefined> {
  const found = await learning.findOne(CHAIN_ID).exec();
  const pooled = found?.toMutableJSON().pooled;
  if (pooled === undefined || hubKey === undefined || !isTrusted(pooled, hubKey)) return undefined;
  return chainPrior(pooled.parameters, defaultParameters);
}

function isTrusted(pooled: PooledStatistics, hubKey: KeyObject): boolean {
  const { signature, ...signed } = pooled;
  return pooled.keyId === keyIdOf(hubKey) && isSignedBy(canonical(signed), signature, hubKey);
}
