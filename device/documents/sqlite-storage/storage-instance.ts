import type { Observable } from 'rxjs';
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
import { writeBulk, type BulkOutcome, type ChangeBulk } from './bulk-write.ts';
import type { ChangeStream } from './change-streams.ts';
import { changesSince, type ChangeCheckpoint, type Changes } from './changes.ts';
import { purgeDeleted } from './cleanup.ts';
import { dropCollectionTable, type CollectionTable } from './collection-table.ts';
import type { DatabaseFile } from './database-file.ts';
import type { CachedTable } from './document-cache.ts';
import { documentById, documentsById, type DocumentSource } from './documents.ts';
import { storageError } from './errors.ts';
import { countDocuments, findDocuments } from './queries.ts';

/**
 * `normal`: a write is acknowledged when it is committed and survives the end of the process; it is flushed to the disk
 * within a second. A power cut takes back the writes of that second, the latest first and each whole.
 * `full`: a write is acknowledged after it is flushed and survives a power cut, with all that was written before it.
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

export interface InstanceParts<RxDocType> {
  readonly file: DatabaseFile;
  readonly table: CollectionTable;
  readonly cache: CachedTable;
  readonly stream: ChangeStream<RxDocType>;
  readonly durability: Durability;
  /** Gives the file back; `isRemoved` says that the collection's tables are gone. */
  readonly release: (isRemoved: boolean) => Promise<void>;
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
  readonly #parts: InstanceParts<RxDocType>;
  readonly #source: DocumentSource<RxDocType>;
  readonly #running = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  constructor(
    params: RxStorageInstanceCreationParams<RxDocType, SqliteCollectionOptions>,
    parts: InstanceParts<RxDocType>,
  ) {
    this.databaseName = params.databaseName;
    this.collectionName = params.collectionName;
    this.schema = params.schema;
    this.options = params.options;
    this.internals = { path: parts.file.path, table: parts.table.name };
    this.#parts = parts;
    this.#source = { table: parts.table, cache: parts.cache, schema: params.schema };
  }

  bulkWrite(
    rows: BulkWriteRow<RxDocType>[],
    context: string,
  ): Promise<RxStorageBulkWriteResponse<RxDocType>> {
    return this.#run('bulkWrite', async ({ file, table, durability }) => {
      const bytes = await readAttachmentBytes(this.schema.attachments ? rows : []);
      const request = { instance: this, table, fileId: file.fileId, rows, context, bytes };
      const outcome = await file.write((writer) => writeBulk<RxDocType>(writer, request), {
        afterCommit: (committed) => this.#announce(committed),
        isDurable: ({ written }) => durability === 'full' && written.length > 0,
      });
      return { error: [...outcome.error] };
    });
  }

  findDocumentsById(ids: string[], withDeleted: boolean): Promise<RxDocumentData<RxDocType>[]> {
    return this.#run('findDocumentsById', ({ file }) => {
      const [id] = ids;
      if (id !== undefined && ids.length === 1) {
        const found = file.readers.tryReadNow((reader) =>
          documentById(reader, this.#source, { id, withDeleted }),
        );
        if (found) return found.value ? [found.value] : [];
      }
      return file.readers.read((reader) => documentsById(reader, this.#source, { ids, withDeleted }));
    });
  }

  query(prepared: PreparedQuery<RxDocType>): Promise<RxStorageQueryResult<RxDocType>> {
    return this.#run('query', ({ file }) =>
      file.readers.read((reader) => findDocuments(reader, this.#source, prepared)),
    );
  }

  count(prepared: PreparedQuery<RxDocType>): Promise<RxStorageCountResult> {
    return this.#run('count', ({ file }) =>
      file.readers.read((reader) => countDocuments(reader, this.#source, prepared)),
    );
  }

  getAttachmentData(documentId: string, attachmentId: string, digest: string): Promise<Blob> {
    return this.#run('getAttachmentData', ({ file, table }) =>
      file.readers.read((reader) => loadAttachment(reader, table, { documentId, attachmentId, digest })),
    );
  }

  getChangedDocumentsSince(limit: number, checkpoint?: ChangeCheckpoint): Promise<Changes<RxDocType>> {
    return this.#run('getChangedDocumentsSince', ({ file }) =>
      file.readers.read((reader) =>
        changesSince(reader, this.#source, { fileId: file.fileId, limit, checkpoint }),
      ),
    );
  }

  changeStream(): Observable<ChangeBulk<RxDocType>> {
    return this.#parts.stream.changes;
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
    await this.#close(true);
  }

  close(): Promise<void> {
    return this.#close(false);
  }

  #close(isRemoved: boolean): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#running).then(async () => {
      await this.#parts.stream.close();
      await this.#parts.release(isRemoved);
    });
    return this.#closed;
  }

  /** Before any later write, so that events come in the order of the commits. */
  #announce({ changes, written, after, seq }: BulkOutcome<RxDocType>): void {
    const { cache, stream } = this.#parts;
    for (const { seq, document, bytes, replacedSeq } of written) {
      if (replacedSeq !== undefined) cache.delete(replacedSeq);
      cache.set(seq, document, bytes);
    }
    if (seq > after) stream.announce({ after, seq, bulk: changes });
  }

  #run<Result>(
    what: string,
    operation: (parts: InstanceParts<RxDocType>) => Result | Promise<Result>,
  ): Promise<Result> {
    if (this.#closed) {
      return Promise.reject(
        storageError(
          'STORAGE_CLOSED',
          `${what} on collection ${this.collectionName} of ${this.internals.path}: it is closed. Open the database again.`,
        ),
      );
    }
    try {
      const result = operation(this.#parts);
      if (!(result instanceof Promise)) return Promise.resolve(result);
      this.#running.add(result);
      return result.finally(() => this.#running.delete(result));
    } catch (error) {
      return Promise.reject(error);
    }
  }
}
