/**
 * The first load of a device: what the hub has of its store, newest change first, and then whatever changed meanwhile.
 *
 * Invariant: the load stands for the store's order of changes up to the newest one that was visible when it began. Within
 * a store numbers become visible in order (document-locks.ts), so everything later has a higher number and is
 * pulled after the load; a document that changes while it runs moves up and is pulled then.
 */
import {
  type Checkpoint,
  type CollectionName,
  collections,
  type DeviceAddress,
  type PullResult,
} from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';
import { fittingDocuments } from './fitting-documents.ts';
import { documentsBefore, holdings } from './pull-changes.ts';

export interface LoadPlace {
  readonly collection: CollectionName;
  readonly address: DeviceAddress;
  readonly history: string;
  readonly limit: number;
}

type Load = NonNullable<Checkpoint['load']>;

export async function beginLoad(database: Queryable, place: LoadPlace): Promise<PullResult> {
  const { seq, total } = await holdings(database, place.collection, place.address.store);
  return nextOfLoad(database, place, { seq, load: { before: seq + 1, loaded: 0, total } });
}

export async function nextOfLoad(
  database: Queryable,
  { collection, address, history, limit }: LoadPlace,
  { seq, load }: { readonly seq: number; readonly load: Load },
): Promise<PullResult> {
  const place = { store: address.store, beforeSeq: load.before, limit };
  const found = await documentsBefore(database, collection, place);
  const documents = fittingDocuments(found);
  const loaded = load.loaded + documents.length;
  const last = found[documents.length - 1];
  const isOver = documents.length === found.length && found.length < limit;
  const checkpoint =
    isOver || !last
      ? { history, seq, load: null }
      : { history, seq, load: { before: last.seq, loaded, total: Math.max(load.total, loaded) } };
  // What changed since the load began comes next, where the hub has anything to say about this collection.
  return { documents, checkpoint, complete: isOver && collections[collection].direction === 'store-to-hub' };
}
