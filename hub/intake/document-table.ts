/**
 * The hub's copy of every replicated document. Whoever changes one, a device or the hub itself, goes through
 * `putDocuments` or `updateDocument` and so gets a sequence number; devices pull by that number, and every
 * change is announced after its commit (document-changes.ts).
 *
 * Other folders may read the table `documents` with SQL of their own (`document` is jsonb); they never write it.
 * A put waits for the other writers of the same store, so it belongs late in a transaction.
 */
import {
  type CollectionName,
  collections,
  type DocumentOf,
  MAX_DOCUMENT_BYTES,
  type MergeDocument,
  mergeByOwner,
  parserFor,
} from '@truecount/protocol';
import type { Queryable, Transaction } from '../database/index.ts';
import { announceChanges } from './document-changes.ts';
import { lockStores } from './document-locks.ts';
import { type DocumentScope, scopeOf, storesOf } from './document-scope.ts';
import { type DocumentRow, documentColumns, storedFrom, type StoredDocument } from './stored-document.ts';
import { storableText } from './storable.ts';

export interface DocumentWrite {
  readonly document: MergeDocument & { readonly id: string };
  readonly deleted: boolean;
}

class DocumentRefusedError extends Error {
  readonly code = 'E_DOCUMENT_REFUSED';
  constructor(collection: string, id: string, problem: string) {
    super(`${collection} ${id} cannot be stored: ${problem}`);
  }
}

export async function getDocument<C extends CollectionName>(
  database: Queryable,
  collection: C,
  id: string,
): Promise<StoredDocument<C> | undefined> {
  const [found] = await getDocuments(database, collection, [id]);
  return found;
}

export async function getDocuments<C extends CollectionName>(
  database: Queryable,
  collection: C,
  ids: readonly string[],
): Promise<readonly StoredDocument<C>[]> {
  const rows = await database.query<DocumentRow>(
    `SELECT ${documentColumns} FROM documents WHERE collection = $1 AND id = ANY($2::text[])`,
    [collection, ids],
  );
  return rows.map((row) => storedFrom<C>(row));
}

export interface ListOptions {
  /** Only documents that this store holds by itself (not those of all stores). */
  readonly store?: string;
  readonly afterSeq?: number;
  /** Default 1,000. */
  readonly limit?: number;
  readonly includeDeleted?: boolean;
}

/** In the order of their last change. */
export async function listDocuments<C extends CollectionName>(
  database: Queryable,
  collection: C,
  options: ListOptions = {},
): Promise<readonly StoredDocument<C>[]> {
  const rows = await database.query<DocumentRow>(
    `SELECT ${documentColumns} FROM documents
     WHERE collection = $1 AND seq > $2 AND ($3::text IS NULL OR store = $3 OR other_store = $3)
       AND (NOT deleted OR $4)
     ORDER BY seq LIMIT $5`,
    [
      collection,
      options.afterSeq ?? 0,
      options.store ?? null,
      options.includeDeleted ?? false,
      options.limit ?? 1000,
    ],
  );
  return rows.map((row) => storedFrom<C>(row));
}

/**
 * The hub's own write of one document. Of a document that exists only the hub's fields are taken, so a stale
 * copy never undoes what a store wrote.
 */
export async function putDocument<C extends CollectionName>(
  tx: Transaction,
  collection: C,
  document: DocumentOf<C>,
  options: { readonly by: string; readonly deleted?: boolean },
): Promise<StoredDocument<C>> {
  const wanted = document as MergeDocument & { readonly id: string };
  await lockStores(tx, storesOf(scopeOf(collection, wanted)));
  const known = await getDocument(tx, collection, wanted.id);
  const merged = known ? mergeByOwner(collection, known.document, wanted, { side: 'hub' }) : wanted;
  const deleted = options.deleted ?? false;
  const [stored] = await writeDocuments(tx, collection, [{ document: merged, deleted }], options.by);
  if (!stored) throw new DocumentRefusedError(collection, wanted.id, 'the database returned no row');
  return stored;
}

/**
 * Reads, changes and writes one document while no other writer can come between.
 * @param change gets the present state; `undefined` leaves it as it is
 * @returns the state that is now stored; undefined when there is no such document
 */
export async function updateDocument<C extends CollectionName>(
  tx: Transaction,
  collection: C,
  id: string,
  change: (current: DocumentOf<C>) => DocumentOf<C> | undefined,
  options: { readonly by: string },
): Promise<StoredDocument<C> | undefined> {
  const seen = await getDocument(tx, collection, id);
  if (!seen) return undefined;
  await lockStores(tx, seen.stores);
  const current = await getDocument(tx, collection, id);
  if (!current || current.deleted) return undefined;
  const next = change(current.document);
  if (next === undefined) return current;
  return putDocument(tx, collection, next, options);
}

/**
 * Writes documents as they are, each with a new sequence number in the order given. The caller holds the lock
 * of their stores and has merged them; ids are distinct.
 */
export async function writeDocuments<C extends CollectionName>(
  tx: Transaction,
  collection: C,
  writes: readonly DocumentWrite[],
  by: string,
): Promise<readonly StoredDocument<C>[]> {
  if (writes.length === 0) return [];
  const scopes: DocumentScope[] = [];
  const rows = writes.map(({ document, deleted }) => {
    const problem = documentProblem(collection, document);
    if (problem !== undefined) throw new DocumentRefusedError(collection, document.id, problem);
    const scope = scopeOf(collection, document);
    scopes.push(scope);
    return { id: document.id, store: scope.store, other: scope.otherStore ?? null, document, deleted };
  });
  const [written] = await tx.query<WrittenRows>(
    `WITH written AS (
     INSERT INTO documents (collection, id, seq, store, other_store, document, deleted, updated_by)
     SELECT $1, r.id, nextval('document_seq'), r.store, r.other, r.document, r.deleted, $3
     FROM jsonb_to_recordset($2::text::jsonb)
       AS r(id text, store text, other text, document jsonb, deleted boolean)
     ON CONFLICT (collection, id) DO UPDATE
       SET seq = EXCLUDED.seq, document = EXCLUDED.document, deleted = EXCLUDED.deleted,
           updated_by = EXCLUDED.updated_by, updated_at = now()
       WHERE documents.store = EXCLUDED.store
         AND documents.other_store IS NOT DISTINCT FROM EXCLUDED.other_store
     RETURNING seq, updated_at)
     SELECT string_agg(seq::text, ',' ORDER BY seq) AS seqs, min(updated_at) AS updated_at FROM written`,
    [collection, `[${rows.map(rowText).join(',')}]`, by],
  );
  const seqs = (written?.seqs ?? '').split(',').map(Number);
  const updatedAt = written?.updated_at ?? undefined;
  if (seqs.length !== writes.length || updatedAt === undefined) {
    const stored = await getDocuments(
      tx,
      collection,
      rows.map(({ id }) => id),
    );
    const moved = stored.find(({ seq }) => !seqs.includes(seq));
    throw new DocumentRefusedError(collection, moved?.id ?? '?', 'it belongs to another store');
  }
  await announceChanges(tx, scopes, { collection, seq: Math.max(...seqs), by });
  // What jsonb stores is what was sent: only the order of keys differs.
  return rows.map(({ other, ...row }, at) =>
    storedFrom<C>({
      ...row,
      collection,
      seq: seqs[at] ?? 0,
      other_store: other,
      updated_by: by,
      updated_at: updatedAt,
    }),
  );
}

/** One row for all, because five hundred rows take longer on their way than in the tables. */
interface WrittenRows {
  /** Rising, which is the order given: each row takes the next number. Null when nothing was written. */
  readonly seqs: string | null;
  readonly updated_at: Date | null;
}

const parsers = new Map(
  Object.entries(collections).map(([name, { schema }]) => [name, parserFor(schema)] as const),
);

/** Documents found sound, with their text: one that is judged, merged and written is looked at once. */
const sound = new WeakMap<object, { readonly collection: CollectionName; readonly json: string }>();

/** @returns why the hub cannot hold this document, in plain words; undefined when it can */
export function documentProblem(collection: CollectionName, document: object): string | undefined {
  if (sound.get(document)?.collection === collection) return undefined;
  const parsed = parsers.get(collection)?.(document);
  if (!parsed) return `there is no collection ${collection}`;
  if (!parsed.ok) return parsed.problem;
  const text = storableText(document);
  if (!text.ok) return text.problem;
  const bytes = Buffer.byteLength(text.value);
  if (bytes > MAX_DOCUMENT_BYTES) return `is ${bytes} bytes, more than the ${MAX_DOCUMENT_BYTES} allowed`;
  sound.set(document, { collection, json: text.value });
  return undefined;
}

/** A sound document as a row for SQL, made of the text that was checked. */
function rowText(row: {
  readonly id: string;
  readonly store: string;
  readonly other: string | null;
  readonly document: object;
  readonly deleted: boolean;
}): string {
  const { document, ...rest } = row;
  const text = sound.get(document)?.json ?? JSON.stringify(document);
  return `${JSON.stringify(rest).slice(0, -1)},"document":${text}}`;
}
