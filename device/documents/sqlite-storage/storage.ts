import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import {
  ensureRxStorageInstanceParamsAreCorrect,
  RXDB_VERSION,
  type RxStorage,
  type RxStorageInstanceCreationParams,
} from 'rxdb';
import { privateStream } from './change-streams.ts';
import type { AnySchema } from './collection-layout.ts';
import { openCollectionTable } from './collection-table.ts';
import { DocumentCache } from './document-cache.ts';
import { fileNameOf } from './file-name.ts';
import { OpenFiles } from './open-files.ts';
import {
  SqliteStorageInstance,
  type Durability,
  type SqliteCollectionOptions,
  type SqliteInternals,
} from './storage-instance.ts';

export interface SqliteStorageOptions {
  /** Folder of the database files, one per RxDatabase name; created when absent. */
  readonly folder: string;
  /** For collections that do not name their own; `normal` by default. */
  readonly durability?: Durability;
  /** JSON text of documents kept parsed in memory, over all databases of the folder; 8 MiB by default, 0 for none. */
  readonly cacheBytes?: number;
  /** How long an operation waits while another process holds the file; 15 s by default. */
  readonly busyTimeoutMs?: number;
}

const defaultCacheBytes = 8 * 1024 * 1024;

type RxStorageNodeSqlite = RxStorage<SqliteInternals, SqliteCollectionOptions>;

/** An RxStorage on `node:sqlite`; one file per database, shared safely by several processes of one machine. */
export function getRxStorageNodeSqlite(options: SqliteStorageOptions): RxStorageNodeSqlite {
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const cache = new DocumentCache(options.cacheBytes ?? defaultCacheBytes);
  const files = new OpenFiles({
    busyTimeoutMs: options.busyTimeoutMs ?? 15_000,
    // RxDB names the channel between instances after storage and database only. Two stores on one machine may use one
    // database name in two folders, so the folder is part of the storage's name on the channel.
    channelName: `node-sqlite-${createHash('sha256').update(folder).digest('hex').slice(0, 16)}`,
    onReplaced: (path) => cache.forget(path),
  });

  return {
    name: 'node-sqlite',
    rxdbVersion: RXDB_VERSION,
    async createStorageInstance<RxDocType>(
      params: RxStorageInstanceCreationParams<RxDocType, SqliteCollectionOptions>,
    ): Promise<SqliteStorageInstance<RxDocType>> {
      ensureRxStorageInstanceParamsAreCorrect(params);
      const lease = await files.lease(join(folder, fileNameOf(params.databaseName)));
      try {
        // Absent for RxDB's internal collections, whatever the type says.
        const chosen = params.options as SqliteCollectionOptions | undefined;
        const identity = { collectionName: params.collectionName, version: params.schema.version };
        const table = await openCollectionTable(lease.file, identity, params.schema as unknown as AnySchema);
        return new SqliteStorageInstance<RxDocType>(params, {
          file: lease.file,
          table,
          stream: params.multiInstance ? lease.streams.join(params, table) : privateStream<RxDocType>(),
          durability: chosen?.durability ?? options.durability ?? 'normal',
          cache: cache.table(lease.file.path, table.name),
          release: (isRemoved) => {
            if (isRemoved) cache.forget(lease.file.path, table.name);
            return lease.release();
          },
        });
      } catch (error) {
        await lease.release();
        throw error;
      }
    },
  };
}
