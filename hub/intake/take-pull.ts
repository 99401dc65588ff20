/** Answers a pull: changes after the checkpoint, as many as fit into one message. */
import {
  type CollectionName,
  collections,
  type DeviceAddress,
  type PullRequest,
  type PullResult,
} from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import { fittingDocuments } from './fitting-documents.ts';
import type { News } from './news.ts';
import { changesAfter } from './pull-changes.ts';
import { beginLoad, nextOfLoad } from './take-load.ts';

/** @param news asked for this device and collection */
export async function takePull(
  database: Queryable,
  asked: PullRequest & { readonly collection: CollectionName; readonly address: DeviceAddress },
  history: string,
  news: Pick<News, 'newest' | 'seq'>,
): Promise<PullResult> {
  const { collection, address, checkpoint, limit } = asked;
  const place = { collection, address, history, limit };
  const isOurs = checkpoint?.history === history && checkpoint.seq <= news.newest;
  if (checkpoint?.load || (checkpoint === null && asked.fill)) {
    // The hub holds nothing for this store: the load is over before it begins.
    if (news.seq === 0) return { documents: [], checkpoint: { history, seq: 0, load: null }, complete: true };
    const { load, seq } = checkpoint ?? {};
    return isOurs && load && seq !== undefined
      ? nextOfLoad(database, place, { seq, load })
      : beginLoad(database, place);
  }
  if (collections[collection].direction === 'store-to-hub')
    return { documents: [], checkpoint: checkpoint ?? { history, seq: 0 }, complete: true };
  // A checkpoint of another history, or one ahead of every number ever drawn, was given by a database that is no more
  // (a restored backup): everything is compared again.
  const afterSeq = isOurs ? checkpoint.seq : 0;
  if (news.seq <= afterSeq) return { documents: [], checkpoint: { history, seq: afterSeq }, complete: true };
  const changes = await changesAfter(database, collection, { store: address.store, afterSeq, limit });
  const fitting = fittingDocuments(changes);
  return {
    documents: fitting,
    checkpoint: { history, seq: changes[fitting.length - 1]?.seq ?? afterSeq },
    complete: fitting.length === changes.length && changes.length < limit,
  };
}
