import { Subject, type Observable } from 'rxjs';
import {
  now,
  type BulkWriteRow,
  type PreparedQuery,
  type RxDocumentData,
  type RxJsonSchema,
  type RxStorageBulkWriteResponse,
  type RxStorageCountResult,
  type RxStorageInstance,
  type RxStorageInstanceCreationParams,
  type RxStorageQueryResult,
} from 'rxdb';
import { loadAttachment, readAttachmentBytes } from './attachments.ts';
import { writeBulk, type ChangeBulk } from './bulk-write.ts';
import { changesSince, type ChangeCheckpoint, type Changes } from './changes.ts';
import { dropCollectionTable, type CollectionTable } from './collection-table.ts';
import type { DatabaseFile } from './database-file.ts';
import { countDocuments, documentsById, findDocuments } from './documents.ts';
import { storageError } from './errors.ts';
import { purgeDeleted } from './cleanup.ts';
import { TimeSlice } from './time-slice.ts';

/**
 * `full`: a write is acknowledged after it is flushed to the disk and survives a power cut.
 * `normal`: it survives the end of the process, not a power cut in the following moments.
 */
export type Durability = 'full' | 'normal';

/** Options of one collection, given as its `instanceCreationOptions`. */
export interface SqliteCollectionOptions {
  readonly durability?: Durability;
}

/** Where a collection's documents lie, for people with an SQLite shell. */
export interface SqliteInternals {
  readonly path: string;
  readonly table: string;
}

export interface InstanceParts {
  readonly file: DatabaseFile;
  readonly table: CollectionTable;
  readonly durability: Durability;
  readonly releaseFile: () => Promise<void>;
}

/**
 * The documents of one collection.
 *
 * States: open, then closed for good. An operation that began before `close()` is finished by it; one that begins after
 * it is refused. `remove()` drops the tables and closes.
 */
export class SqliteStorageInstance<RxDocType>
  implements RxStorageInstance<RxDocType, SqliteInternals, SqliteCollectionOptions, ChangeCheckpoint>
{
  readonly databaseName: string;
  readonly collectionName: string;
  readonly schema: Readonly<RxJsonSchema<RxDocumentData<RxDocType>>>;
  readonly options: Readonly<SqliteCollectionOptions>;
  readonly internals: SqliteInternals;
  readonly #parts: InstanceParts;
  readonly #changes = new Subject<ChangeBulk<RxDocType>>();
  readonly #running = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(
    params: RxStorageInstanceCreationParams<RxDocType, SqliteCollectionOptions>,
    parts: InstanceParts,
  ) {
    this.databaseName = params.databaseName;
    this.collectionName = params.collectionName;
    this.schema = params.schema;
    this.options = params.options;
    this.internals = { path: parts.file.path, table: parts.table.name };
    this.#parts = parts;
  }

  bulkWrite(
    rows: BulkWriteRow<RxDocType>[],
    context: string,
  ): Promise<RxStorageBulkWriteResponse<RxDocType>> {
    return this.#run('bulkWrite', async ({ file, table, durability }) => {
      const bytes = await readAttachmentBytes(this.schema.attachments ? rows : []);
      const target = { instance: this, table, fileId: file.fileId };
      const outcome = await file.write(
        (writer) => writeBulk<RxDocType>(writer, target, { rows, context, bytes }),
        // At once, so that events come in the order of the commits and no query sees a change long before its event.
        ({ changes }) => changes && this.#changes.next(changes),
      );
      if (durability === 'full' && outcome.error.length < rows.length) await file.flush();
      return { error: outcome.error };
    });
  }

  findDocumentsById(ids: string[], withDeleted: boolean): Promise<RxDocumentData<RxDocType>[]> {
    return this.#run('findDocumentsById', ({ file, table }) =>
      file.read((reader) => documentsById(reader, { table, schema: this.schema }, { ids, withDeleted })),
    );
  }

  query(prepared: PreparedQuery<RxDocType>): Promise<RxStorageQueryResult<RxDocType>> {
    return this.#run('query', async ({ file, table }) => ({
      documents: await file.read((reader) => findDocuments(reader, { table, schema: this.schema }, prepared)),
    }));
  }

  count(prepared: PreparedQuery<RxDocType>): Promise<RxStorageCountResult> {
    return this.#run('count', ({ file, table }) =>
      file.read((reader) => countDocuments(reader, { table, schema: this.schema }, prepared)),
    );
  }

  getAttachmentData(documentId: string, attachmentId: string, digest: string): Promise<Blob> {
    return this.#run('getAttachmentData', ({ file, table }) =>
      file.read((reader) =>
        loadAttachment(reader, table, { documentId, attachmentId, digest }, new TimeSlice()),
      ),
    );
  }

  getChangedDocumentsSince(limit: number, checkpoint?: ChangeCheckpoint): Promise<Changes<RxDocType>> {
    return this.#run('getChangedDocumentsSince', ({ file, table }) =>
      file.read((reader) => changesSince(reader, { table, fileId: file.fileId }, { limit, checkpoint })),
    );
  }

  changeStream(): Observable<ChangeBulk<RxDocType>> {
    return this.#changes.asObservable();
  }

  cleanup(minimumDeletedTimeMs: number): Promise<boolean> {
    return this.#run('cleanup', ({ file, table }) =>
      file.write((writer) => purgeDeleted(writer, table, now() - minimumDeletedTimeMs)),
    );
  }

  async remove(): Promise<void> {
    await this.#run('remove', ({ file, table }) =>
      file.write((writer) => dropCollectionTable(writer, table)),
    );
    await this.close();
  }

  close(): Promise<void> {
    this.#closed ??= this.#close();
    return this.#closed;
  }

  async #close(): Promise<void> {
    await Promise.allSettled(this.#running);
    this.#changes.complete();
    await this.#parts.releaseFile();
  }

  #run<Result>(what: string, operation: (parts: InstanceParts) => Promise<Result>): Promise<Result> {
    if (this.#closed) {
      return Promise.reject(
        storageError(
          'STORAGE_CLOSED',
          `${what} on collection ${this.collectionName} of ${this.internals.path}: it is closed. Open the database again.`,
        ),
      );
    }
    const running = operation(this.#parts);
    this.#running.add(running);
    return running.finally(() => this.#running.delete(running));
  }
}
