export { getRxStorageNodeSqlite } from './storage.ts';
export type { SqliteStorageOptions } from './storage.ts';
export type { SqliteCollectionOptions, SqliteInternals } from './storage-instance.ts';
export type { ChangeCheckpoint } from './changes.ts';
