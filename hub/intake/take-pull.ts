/** Answers a pull: changes after the checkpoint, as many as fit into one message. */
import {
  type Checkpoint,
  type CollectionName,
  collections,
  type DeviceAddress,
  type PullRequest,
  type PullResult,
} from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import { fittingDocuments } from './fitting-documents.ts';
import { changesAfter } from './pull-changes.ts';
import { beginLoad, nextOfLoad } from './take-load.ts';

export async function takePull(
  database: Queryable,
  asked: PullRequest & { readonly collection: CollectionName; readonly address: DeviceAddress },
  history: string,
): Promise<PullResult> {
  const { collection, address, checkpoint, limit } = asked;
  const place = { collection, address, history, limit };
  if (checkpoint === null && asked.fill) return beginLoad(database, place);
  if (checkpoint?.load) {
    const { seq, load } = checkpoint;
    const isOurs = checkpoint.history === history && seq <= (await newestSeq(database));
    return isOurs ? nextOfLoad(database, place, { seq, load }) : beginLoad(database, place);
  }
  if (collections[collection].direction === 'store-to-hub')
    return { documents: [], checkpoint: checkpoint ?? { history, seq: 0 }, complete: true };
  const afterSeq = await placeIn(database, checkpoint, history);
  const changes = await changesAfter(database, collection, { store: address.store, afterSeq, limit });
  const fitting = fittingDocuments(changes);
  return {
    documents: fitting,
    checkpoint: { history, seq: changes[fitting.length - 1]?.seq ?? afterSeq },
    complete: fitting.length === changes.length && changes.length < limit,
  };
}

/**
 * Where to go on. A checkpoint of another history, or one ahead of every number ever drawn, was given by a database
 * that is no more (a restored backup): everything is compared again.
 */
async function placeIn(database: Queryable, checkpoint: Checkpoint | null, history: string): Promise<number> {
  if (checkpoint === null || checkpoint.history !== history) return 0;
  return checkpoint.seq <= (await newestSeq(database)) ? checkpoint.seq : 0;
}

/** At least the number of every committed change; some numbers may not be visible yet. */
export async function newestSeq(database: Queryable): Promise<number> {
  const [row] = await database.query<{ last_value: number }>('SELECT last_value FROM document_seq');
  return row?.last_value ?? 0;
}
