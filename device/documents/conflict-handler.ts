/** Conflicts between the store's state of a document and the hub's, settled field by field. */
import { type CollectionName, type MergeDocument, mergeByOwner } from '@truecount/protocol';
import type { RxConflictHandler, WithDeleted } from 'rxdb';
import { deepEqual } from 'rxdb/plugins/utils';

export function conflictHandlerFor<D extends object>(
  collection: CollectionName,
  store: string,
): RxConflictHandler<D> {
  return {
    isEqual: (a, b) => deepEqual(a, b),
    resolve: ({ realMasterState, newDocumentState }) => {
      const { _deleted, ...theirs } = realMasterState;
      const { _deleted: _, ...mine } = newDocumentState;
      const writer = { side: 'store', store } as const;
      const merged = mergeByOwner(collection, theirs as MergeDocument, mine as MergeDocument, writer);
      // Documents are never deleted by merging: removal is the master's word.
      return Promise.resolve({ ...merged, _deleted } as unknown as WithDeleted<D>);
    },
  };
}
