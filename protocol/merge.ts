/**
 * What becomes of a document that two sides changed: every field follows its one writer. The same function
 * runs at the store (its own state against the hub's) and at the hub (a pushed state against its own), so
 * both end with the same document in whatever order the changes met.
 */
import { collections, type CollectionName, type FieldOwner, type Side } from './documents.ts';

export type MergeDocument = Readonly<Record<string, unknown>>;

/** Who is writing: the hub, or one store. */
export type Writer = { readonly side: 'hub' } | { readonly side: 'store'; readonly store: string };

/** True when `writer` may set `field` of this document. `mine` decides donor and receiver by its stores. */
export function mayWrite(
  collection: CollectionName,
  field: string,
  document: MergeDocument,
  writer: Writer,
): boolean {
  const contract = collections[collection];
  const owner: FieldOwner | 'creator' =
    (contract.fields as Readonly<Record<string, FieldOwner>>)[field] ?? contract.defaultOwner;
  switch (owner) {
    case 'store':
    case 'hub':
      return writer.side === owner;
    case 'donor':
      return writer.side === 'store' && document['from'] === writer.store;
    case 'receiver':
      return writer.side === 'store' && document['to'] === writer.store;
    case 'creator':
      return document['createdBy'] === (writer.side satisfies Side);
    default:
      return owner satisfies never;
  }
}

/**
 * @param theirs the state of the other side, whose fields win wherever `writer` is not the owner
 * @param mine the state that `writer` wants
 * @returns `theirs` with exactly the fields of `writer`; a field its owner left out is absent. A field that
 *   this version does not know comes from `theirs`, or from `mine` where theirs has none.
 */
export function mergeByOwner<D extends MergeDocument>(
  collection: CollectionName,
  theirs: D,
  mine: D,
  writer: Writer,
): D {
  const known = collections[collection].schema.properties as Readonly<Record<string, unknown>>;
  const merged: Record<string, unknown> = {};
  for (const field of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    if (!Object.hasOwn(known, field))
      merged[field] = Object.hasOwn(theirs, field) ? theirs[field] : mine[field];
    else {
      // The identity of a document is fixed by its creation, so both sides read owners from the same facts.
      const source = mayWrite(collection, field, theirs, writer) ? mine : theirs;
      if (source[field] !== undefined) merged[field] = source[field];
    }
  }
  return merged as D;
}
