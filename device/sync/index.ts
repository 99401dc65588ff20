/** Sync's door: keeps the store's documents and the hub's the same. See sync.ts and README.md. */
export type { HubAddress } from './connection.ts';
export type { Refusal } from './session.ts';
export { startSync, type Sync, type SyncOptions } from './sync.ts';
