/** What a store tells the chain after a night, and what it takes back as the prior of the next. */
import type { KeyObject } from 'node:crypto';
import { CHAIN_ID, type ChainDocument, instant, type StatisticsDocument } from '@truecount/protocol';
import { canonical, isSignedBy, keyIdOf } from '@truecount/protocol/signing';
import { defaultParameters } from '../belief/index.ts';
import { type ChainPrior, chainPrior, type ModelStore } from '../learning/index.ts';
import type { StoreCollections } from '../documents/index.ts';

/** Writes the newest fit's statistics for the hub; nothing when there was none. */
export async function reportStatistics(
  { statistics }: Pick<StoreCollections, 'statistics'>,
  { models, store, nowMs }: { readonly models: ModelStore; readonly store: string; readonly nowMs: number },
): Promise<void> {
  const fitted = models.get('statistics');
  if (fitted === undefined) return;
  const document: StatisticsDocument = {
    id: store,
    store,
    asOf: instant(nowMs),
    version: fitted.version,
    estimates: [...fitted.estimates],
  };
  await statistics.upsert(document);
}

/** The prior that the chain gives; undefined where the hub has said nothing that its key signed. */
export async function priorOfChain(
  { priors }: Pick<StoreCollections, 'priors'>,
  hubKey: KeyObject | undefined,
): Promise<ChainPrior | undefined> {
  const found = await priors.findOne(CHAIN_ID).exec();
  const document = found?.toMutableJSON();
  if (document === undefined || hubKey === undefined || !isTrusted(document, hubKey)) return undefined;
  return chainPrior(document.pooled, defaultParameters);
}

function isTrusted(document: ChainDocument, hubKey: KeyObject): boolean {
  const { signature, ...signed } = document;
  return document.keyId === keyIdOf(hubKey) && isSignedBy(canonical(signed), signature, hubKey);
}
