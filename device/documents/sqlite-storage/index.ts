export { getRxStorageNodeSqlite } from './storage.ts';
export type { RxStorageNodeSqlite, SqliteStorageOptions } from './storage.ts';
export type { Durability, SqliteCollectionOptions, SqliteInternals } from './storage-instance.ts';
export type { ChangeCheckpoint } from './changes.ts';
export type { StorageError, StorageErrorCode } from './errors.ts';
