import type { SQLInputValue } from 'node:sqlite';
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
import type { ChangeCheckpoint } from './changes.ts';
import { columnReader, quoted } from './collection-layout.ts';
import { highestSeq, type CollectionTable } from './collection-table.ts';
import type { Connection } from './connection.ts';
import { idOf, revisionOf, writeTimeOf, type StoredDocument } from './document-fields.ts';
import { orderedKey } from './key-order.ts';
import { TimeSlice } from './time-slice.ts';

export type ChangeBulk<RxDocType> = EventBulk<
  RxStorageChangeEvent<RxDocumentData<RxDocType>>,
  ChangeCheckpoint
>;

export interface BulkOutcome<RxDocType> {
  readonly error: RxStorageWriteError<RxDocType>[];
  /** Undefined when nothing was written. */
  readonly changes: ChangeBulk<RxDocType> | undefined;
}

export interface BulkWriter<RxDocType> {
  readonly instance: RxStorageInstance<RxDocType, unknown, unknown, ChangeCheckpoint>;
  readonly table: CollectionTable;
  readonly fileId: string;
}

type Categorized<RxDocType> = CategorizeBulkWriteRowsOutput<RxDocType>;
type Row<RxDocType> = BulkWriteRow<RxDocType>;

/** Writes the rows inside the caller's transaction and says which of them conflict and what changed. */
export async function writeBulk<RxDocType>(
  writer: Connection,
  target: BulkWriter<RxDocType>,
  request: { readonly rows: Row<RxDocType>[]; readonly context: string; readonly bytes: AttachmentBytes },
): Promise<BulkOutcome<RxDocType>> {
  const { table } = target;
  const statements = new DocumentStatements(writer, table);
  const slice = new TimeSlice();
  let seq = highestSeq(writer, table);
  const error: RxStorageWriteError<RxDocType>[] = [];
  let changes: ChangeBulk<RxDocType> | undefined;

  for (const rows of withoutRepeatedIds(request.rows, table.layout.primaryPath)) {
    const revisions = await statements.revisionsOf(rows, slice);
    const categorized = categorizeBulkWriteRows<RxDocType>(
      target.instance,
      table.layout.primaryPath as StringKeys<RxDocType>,
      revisions as Map<string, RxDocumentData<RxDocType>>,
      rows,
      request.context,
    );
    for (const { document } of categorized.bulkInsertDocs) {
      statements.insert((seq += 1), document);
      if (slice.isSpent) await slice.pause();
    }
    for (const { document } of categorized.bulkUpdateDocs) {
      statements.update((seq += 1), document);
      if (slice.isSpent) await slice.pause();
    }
    await writeAttachments(writer, table, categorized, request.bytes, slice);
    error.push(...statements.completeConflicts(categorized.errors));
    changes = joinChanges(changes, categorized, (document) => ({
      id: idOf(document, table.layout.primaryPath),
      lwt: writeTimeOf(document),
      seq,
      source: target.fileId,
    }));
  }
  return { error, changes };
}

/**
 * Splits a bulk so that no part names a document twice; almost always one part. RxDB's categorisation compares each row
 * with the stored state and would not see an earlier row of the same bulk.
 */
function withoutRepeatedIds<RxDocType>(rows: Row<RxDocType>[], primaryPath: string): Row<RxDocType>[][] {
  const parts: Row<RxDocType>[][] = [];
  let seen = new Set<unknown>();
  let startedAt = 0;
  rows.forEach((row, at) => {
    const id = (row.document as Readonly<Record<string, unknown>>)[primaryPath];
    if (seen.has(id)) {
      parts.push(rows.slice(startedAt, at));
      startedAt = at;
      seen = new Set();
    }
    seen.add(id);
  });
  parts.push(startedAt === 0 ? rows : rows.slice(startedAt));
  return parts;
}

function joinChanges<RxDocType>(
  before: ChangeBulk<RxDocType> | undefined,
  { eventBulk, newestRow, errors }: Categorized<RxDocType>,
  checkpointAt: (document: RxDocumentData<RxDocType>) => ChangeCheckpoint,
): ChangeBulk<RxDocType> | undefined {
  if (!newestRow) return before;
  // Categorisation announces documents it refuses for a missing attachment; they were not written.
  const refused = new Set(errors.map((error) => error.documentId));
  const written =
    refused.size === 0
      ? eventBulk.events
      : eventBulk.events.filter((event) => !refused.has(event.documentId));
  if (written.length === 0) return before;
  const checkpoint = checkpointAt(newestRow.document);
  return { ...(before ?? eventBulk), events: before ? [...before.events, ...written] : written, checkpoint };
}

async function writeAttachments<RxDocType>(
  writer: Connection,
  table: CollectionTable,
  { attachmentsAdd, attachmentsUpdate, attachmentsRemove }: Categorized<RxDocType>,
  bytes: AttachmentBytes,
  slice: TimeSlice,
): Promise<void> {
  for (const attachment of attachmentsRemove) deleteAttachment(writer, table, attachment);
  for (const attachment of [...attachmentsAdd, ...attachmentsUpdate]) {
    await storeAttachment(writer, table, attachment, bytes, slice);
  }
}

/** The statements of one table, and documents as their rows. */
class DocumentStatements {
  readonly #writer: Connection;
  readonly #layout: CollectionTable['layout'];
  readonly #columnsOf: (document: object) => SQLInputValue[];
  readonly #insert: string;
  readonly #update: string;
  readonly #revision: string;
  readonly #document: string;

  constructor(writer: Connection, table: CollectionTable) {
    const name = quoted(table.name);
    const columns = table.layout.columns.map((column) => quoted(column.name));
    this.#writer = writer;
    this.#layout = table.layout;
    this.#columnsOf = columnReader(table.layout);
    this.#insert = `INSERT INTO ${name} (id, seq, rev, data, ${columns.join(', ')}) VALUES (?, ?, ?, ?${', ?'.repeat(columns.length)})`;
    this.#update = `UPDATE ${name} SET seq = ?, rev = ?, data = ?, ${columns.map((column) => `${column} = ?`).join(', ')} WHERE id = ?`;
    this.#revision = `SELECT rev FROM ${name} WHERE id = ?`;
    this.#document = `SELECT data FROM ${name} WHERE id = ?`;
  }

  insert(seq: number, document: StoredDocument): void {
    this.#writer.run(this.#insert, [
      orderedKey(idOf(document, this.#layout.primaryPath)),
      seq,
      revisionOf(document),
      JSON.stringify(document),
      ...this.#columnsOf(document),
    ]);
  }

  update(seq: number, document: StoredDocument): void {
    this.#writer.run(this.#update, [
      seq,
      revisionOf(document),
      JSON.stringify(document),
      ...this.#columnsOf(document),
      orderedKey(idOf(document, this.#layout.primaryPath)),
    ]);
  }

  /**
   * The stored revisions by id, in the shape of documents: categorisation looks at nothing else of the stored state, so
   * the documents themselves are read only where there is a conflict to answer.
   */
  async revisionsOf<RxDocType>(
    rows: readonly Row<RxDocType>[],
    slice: TimeSlice,
  ): Promise<Map<string, { readonly _rev: string }>> {
    const revisions = new Map<string, { readonly _rev: string }>();
    for (const { document } of rows) {
      const id = idOf(document, this.#layout.primaryPath);
      const row = this.#writer.get(this.#revision, [orderedKey(id)]);
      if (row) revisions.set(id, { _rev: String(row[0]) });
      if (slice.isSpent) await slice.pause();
    }
    return revisions;
  }

  /** Puts the whole stored document into each conflict answer. */
  completeConflicts<RxDocType>(
    errors: readonly RxStorageWriteError<RxDocType>[],
  ): RxStorageWriteError<RxDocType>[] {
    return errors.map((error) => {
      if (!('documentInDb' in error)) return error;
      const row = this.#writer.get(this.#document, [orderedKey(error.documentId)]);
      return { ...error, documentInDb: JSON.parse(String(row?.[0])) as RxDocumentData<RxDocType> };
    });
  }
}
