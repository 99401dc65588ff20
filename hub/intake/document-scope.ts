/** Which stores hold a document. Fixed when it is made: a document never moves to another store. */
import type { CollectionName, MergeDocument } from '@truecount/protocol';

/** Held by every store. */
export const ALL_STORES = '*';

export interface DocumentScope {
  readonly store: string;
  /** The second store of a transfer. */
  readonly otherStore: string | undefined;
}

export function scopeOf(collection: CollectionName, document: MergeDocument): DocumentScope {
  if (collection !== 'transfers') return { store: String(document['store']), otherStore: undefined };
  return { store: String(document['from']), otherStore: String(document['to']) };
}

export const storesOf = ({ store, otherStore }: DocumentScope): readonly string[] =>
  otherStore === undefined ? [store] : [store, otherStore];

export const isHeldBy = (scope: DocumentScope, store: string): boolean =>
  scope.store === ALL_STORES || storesOf(scope).includes(store);
