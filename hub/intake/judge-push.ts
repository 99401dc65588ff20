/**
 * What becomes of one pushed document. Pure: the same row against the same state always gives the same verdict,
 * so a push that is repeated changes nothing the second time.
 */
import { isDeepStrictEqual } from 'node:util';
import {
  type CollectionName,
  collections,
  mayWrite,
  type MergeDocument,
  mergeByOwner,
  type PushRow,
  type WireDocument,
} from '@truecount/protocol';
import { isHeldBy, scopeOf } from './document-scope.ts';
import { documentProblem } from './document-table.ts';

export interface HubState {
  readonly document: MergeDocument & { readonly id: string };
  readonly deleted: boolean;
}

export type Verdict =
  /** The hub has it already. */
  | { readonly kind: 'same' }
  /** `conflict` is set when others' fields were kept: the device is told the state that came out. */
  | { readonly kind: 'write'; readonly state: HubState; readonly conflict: boolean }
  /** The device changed an older state than the hub's; it merges and pushes again. */
  | { readonly kind: 'conflict'; readonly state: HubState }
  | { readonly kind: 'refused'; readonly reason: string };

export function judgePush(
  collection: CollectionName,
  current: HubState | undefined,
  row: PushRow,
  store: string,
): Verdict {
  const next = readWire(row.next);
  if (collections[collection].direction === 'hub-to-store')
    return refused(`only the hub writes ${collection}`);
  const problem = documentProblem(collection, next.document);
  if (problem !== undefined) return refused(problem);
  const scope = scopeOf(collection, next.document);
  if (!isHeldBy(scope, store)) return refused(`it belongs to another store than ${store}`);
  if (!current) return judgeNew(collection, next, store);
  if (!isDeepStrictEqual(scopeOf(collection, current.document), scope))
    return refused('its id is taken by a document of another store');
  if (isSame(current, next)) return { kind: 'same' };
  if (row.assumed === null || !isSame(current, readWire(row.assumed)))
    return { kind: 'conflict', state: current };
  return judgeChange(collection, current, next, store);
}

function judgeNew(collection: CollectionName, next: HubState, store: string): Verdict {
  const writer = { side: 'store', store } as const;
  if (!mayWrite(collection, 'id', next.document, writer))
    return refused(`the hub does not know this one, and only the hub makes it`);
  // What a store may not write must not arrive with the first version either. The facts that decide who writes
  // what are taken as given: they are what makes the document this one.
  const facts = Object.fromEntries(
    ['id', 'store', 'from', 'to', 'createdBy'].flatMap((field) =>
      next.document[field] === undefined ? [] : [[field, next.document[field]]],
    ),
  );
  const document = mergeByOwner<MergeDocument>(collection, facts, next.document, writer);
  return write({ document: { ...document, id: next.document.id }, deleted: next.deleted }, next);
}

function judgeChange(collection: CollectionName, current: HubState, next: HubState, store: string): Verdict {
  const writer = { side: 'store', store } as const;
  const document = mergeByOwner(collection, current.document, next.document, writer);
  // Whether a document is there at all belongs to whoever owns its identity.
  const deleted = mayWrite(collection, 'id', current.document, writer) ? next.deleted : current.deleted;
  const state = { document, deleted };
  return isSame(state, current) ? { kind: 'conflict', state: current } : write(state, next);
}

const write = (state: HubState, next: HubState): Verdict =>
  isSame(state, next)
    ? { kind: 'write', state: next, conflict: false }
    : { kind: 'write', state, conflict: true };

const refused = (reason: string): Verdict => ({ kind: 'refused', reason });

const isSame = (a: HubState, b: HubState): boolean =>
  a.deleted === b.deleted && isDeepStrictEqual(a.document, b.document);

const read = new WeakMap<WireDocument, HubState>();

/** The same state for the same message, so that what is known of its document stays known. */
export function readWire(wire: WireDocument): HubState {
  const known = read.get(wire);
  if (known) return known;
  const { _deleted, ...document } = wire;
  const state = { document, deleted: _deleted === true };
  read.set(wire, state);
  return state;
}

export const toWire = ({ document, deleted }: HubState): WireDocument =>
  deleted ? { ...document, _deleted: true } : { ...document, _deleted: false };
