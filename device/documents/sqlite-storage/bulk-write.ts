import {
  categorizeBulkWriteRows,
  type BulkWriteRow,
  type CategorizeBulkWriteRowsOutput,
  type EventBulk,
  type RxDocumentData,
  type RxStorageChangeEvent,
  type RxStorageInstance,
  type RxStorageWriteError,
  type StringKeys,
} from 'rxdb';
import { deleteAttachment, storeAttachment, type AttachmentBytes } from './attachments.ts';
import { checkpointAt, type ChangeCheckpoint } from './changes.ts';
import { highestSeq, type CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import { idOf, writeTimeOf } from './document-fields.ts';
import { DocumentRows, type WrittenVersion } from './document-rows.ts';
import { storedVersions, type StoredVersion } from './documents.ts';
import type { Steps } from './steps.ts';

export type ChangeBulk<RxDocType> = EventBulk<
  RxStorageChangeEvent<RxDocumentData<RxDocType>>,
  ChangeCheckpoint
>;

export interface BulkOutcome<RxDocType> {
  readonly error: readonly RxStorageWriteError<RxDocType>[];
  /** Undefined when nothing was written. */
  readonly changes: ChangeBulk<RxDocType> | undefined;
  readonly written: readonly WrittenVersion[];
  /** The highest sequence number before and after. */
  readonly after: number;
  readonly seq: number;
}

export interface BulkRequest<RxDocType> {
  readonly instance: RxStorageInstance<RxDocType, unknown, unknown, ChangeCheckpoint>;
  readonly table: CollectionTable;
  readonly fileId: string;
  readonly rows: BulkWriteRow<RxDocType>[];
  readonly context: string;
  readonly bytes: AttachmentBytes;
}

type Categorized<RxDocType> = CategorizeBulkWriteRowsOutput<RxDocType>;

/** Writes the rows inside the caller's transaction and says which of them conflict and what changed. */
export function* writeBulk<RxDocType>(
  writer: Connection,
  request: BulkRequest<RxDocType>,
): Steps<BulkOutcome<RxDocType>> {
  const { table } = request;
  const after = highestSeq(writer, table);
  const documents = new DocumentRows(writer, table, after);
  const error: RxStorageWriteError<RxDocType>[] = [];
  let changes: ChangeBulk<RxDocType> | undefined;

  for (const rows of partsOf(request.rows, table.layout.primaryPath)) {
    const categorized =
      (yield* writeNew(documents, request, rows)) ?? (yield* writeKnown(writer, documents, request, rows));
    yield* writeAttachments(writer, request, categorized);
    error.push(...categorized.errors.map((answer) => withStoredDocument(documents, answer)));
    const { last } = documents;
    if (last) {
      const checkpoint = checkpointAt(last, table, { fileId: request.fileId, seq: documents.lastSeq });
      changes = joinChanges(changes, categorized, checkpoint);
    }
  }
  return { error, changes, written: documents.written, after, seq: documents.lastSeq };
}

/** Undefined, with nothing written, when a document is not new after all or does not claim to be. */
function* writeNew<RxDocType>(
  documents: DocumentRows,
  request: BulkRequest<RxDocType>,
  rows: BulkWriteRow<RxDocType>[],
): Steps<Categorized<RxDocType> | undefined> {
  if (rows.some(({ previous }) => previous !== undefined)) return undefined;
  const categorized = categorize(request, rows, new Map());
  const inOrder = inChangeOrder(categorized, request.table.layout.primaryPath);
  return (yield* documents.writeUnlessStored(inOrder)) ? categorized : undefined;
}

function* writeKnown<RxDocType>(
  writer: Connection,
  documents: DocumentRows,
  request: BulkRequest<RxDocType>,
  rows: BulkWriteRow<RxDocType>[],
): Steps<Categorized<RxDocType>> {
  const { primaryPath } = request.table.layout;
  const ids = rows.map(({ document }) => idOf(document, primaryPath));
  const stored = yield* storedVersions(writer, request.table, ids);
  const categorized = categorize(request, rows, stored);
  yield* documents.write(inChangeOrder(categorized, primaryPath), stored);
  return categorized;
}

function categorize<RxDocType>(
  { instance, table, context }: BulkRequest<RxDocType>,
  rows: BulkWriteRow<RxDocType>[],
  stored: ReadonlyMap<string, StoredVersion>,
): Categorized<RxDocType> {
  return categorizeBulkWriteRows<RxDocType>(
    instance,
    table.layout.primaryPath as StringKeys<RxDocType>,
    asDocuments(stored),
    rows,
    context,
  );
}

/** So many rows are looked up, categorised and sorted in one go; the transaction still holds the whole bulk. */
const rowsPerPart = 1_000;

/**
 * Splits a bulk so that no part is long or names a document twice. RxDB's categorisation compares each row with the
 * stored state and would not see an earlier row of the same part.
 */
function partsOf<RxDocType>(
  rows: BulkWriteRow<RxDocType>[],
  primaryPath: string,
): BulkWriteRow<RxDocType>[][] {
  const parts: BulkWriteRow<RxDocType>[][] = [];
  let seen = new Set<string>();
  let startedAt = 0;
  rows.forEach((row, at) => {
    const id = idOf(row.document, primaryPath);
    if (seen.has(id) || seen.size === rowsPerPart) {
      parts.push(rows.slice(startedAt, at));
      startedAt = at;
      seen = new Set();
    }
    seen.add(id);
  });
  parts.push(startedAt === 0 ? rows : rows.slice(startedAt));
  return parts;
}

/**
 * The documents to write, ordered as RxDB's storages order changes: by write time, then id. Within a bulk the order of
 * sequence numbers is thus the usual one, which replications made with other storages expect.
 */
function inChangeOrder<RxDocType>(
  { bulkInsertDocs, bulkUpdateDocs }: Categorized<RxDocType>,
  primaryPath: string,
): RxDocumentData<RxDocType>[] {
  const documents: RxDocumentData<RxDocType>[] = [];
  let isInOrder = true;
  let lastTime = -Infinity;
  for (const rows of [bulkInsertDocs, bulkUpdateDocs]) {
    for (const { document } of rows) {
      const time = writeTimeOf(document);
      isInOrder &&= lastTime < time;
      lastTime = time;
      documents.push(document);
    }
  }
  if (isInOrder) return documents;
  return documents.sort(
    (a, b) => writeTimeOf(a) - writeTimeOf(b) || (idOf(a, primaryPath) < idOf(b, primaryPath) ? -1 : 1),
  );
}

/**
 * Categorisation looks at nothing of a stored document but its revision, so documents are read only where there is a
 * conflict to answer.
 */
function asDocuments<RxDocType>(
  versions: ReadonlyMap<string, StoredVersion>,
): Map<string, RxDocumentData<RxDocType>> {
  const documents = new Map<string, RxDocumentData<RxDocType>>();
  for (const [id, { rev }] of versions) {
    documents.set(id, { _rev: rev } as RxDocumentData<RxDocType>);
  }
  return documents;
}

function withStoredDocument<RxDocType>(
  documents: DocumentRows,
  error: RxStorageWriteError<RxDocType>,
): RxStorageWriteError<RxDocType> {
  if (!('documentInDb' in error)) return error;
  return { ...error, documentInDb: documents.read(error.documentId) as RxDocumentData<RxDocType> };
}

/** Adds the changes of one part to those of the parts before it. */
function joinChanges<RxDocType>(
  before: ChangeBulk<RxDocType> | undefined,
  { eventBulk, errors }: Categorized<RxDocType>,
  checkpoint: ChangeCheckpoint,
): ChangeBulk<RxDocType> | undefined {
  // Categorisation announces documents it refuses for a missing attachment; they were not written.
  const refused = new Set(errors.map((error) => error.documentId));
  const written =
    refused.size === 0
      ? eventBulk.events
      : eventBulk.events.filter((event) => !refused.has(event.documentId));
  if (written.length === 0) return before;
  if (!before) return { ...eventBulk, events: written, checkpoint };
  for (const event of written) before.events.push(event);
  return { ...before, checkpoint };
}

function* writeAttachments<RxDocType>(
  writer: Connection,
  { table, bytes }: BulkRequest<RxDocType>,
  { attachmentsAdd, attachmentsUpdate, attachmentsRemove }: Categorized<RxDocType>,
): Steps<void> {
  for (const attachment of attachmentsRemove) deleteAttachment(writer, table, attachment);
  for (const attachment of [...attachmentsAdd, ...attachmentsUpdate]) {
    yield* storeAttachment(writer, table, attachment, bytes);
  }
}
