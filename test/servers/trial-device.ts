/** A store's documents and their sync, on RxDB's memory storage or on SQLite, for tests. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RxStorage } from 'rxdb';
import { getRxStorageMemory } from 'rxdb/plugins/storage-memory';
import { openStoreDocuments, type StoreDocuments } from '../../device/documents/index.ts';
import { getRxStorageNodeSqlite } from '../../device/documents/sqlite-storage/index.ts';
import { startSync, type Sync, type SyncOptions } from '../../device/sync/index.ts';
import {
  type Clock,
  type CollectionName,
  collectionNames,
  type DeviceAddress,
  systemClock,
} from '../../protocol/index.ts';

// oxlint-disable-next-line typescript/no-explicit-any -- RxDB's own default for a storage of unknown internals
export type AnyStorage = RxStorage<any, any>;

export interface TrialDevice extends AsyncDisposable {
  readonly documents: StoreDocuments;
  readonly sync: Sync;
  readonly warnings: readonly string[];
}

export interface TrialDeviceOptions {
  readonly address: DeviceAddress;
  readonly hub: SyncOptions['hub'];
  readonly storage?: AnyStorage;
  /** Those that are opened; RxDB without its licence opens about a dozen per process, whatever the database. */
  readonly collections?: readonly CollectionName[];
  readonly clock?: Clock;
  readonly identity?: Partial<SyncOptions['identity']>;
  readonly timing?: SyncOptions['timing'];
  readonly options?: Partial<SyncOptions>;
}

/** Memory of its own: RxDB's memory storage is one for the whole process, by database name. */
export function memoryStorage(): AnyStorage {
  const shared = getRxStorageMemory() as AnyStorage;
  const mark = randomBytes(6).toString('hex');
  return {
    ...shared,
    name: `memory-${mark}`,
    createStorageInstance: (params) =>
      shared.createStorageInstance({ ...params, databaseName: `${mark}-${params.databaseName}` }),
  };
}

/** SQLite in a folder of its own, removed when it is disposed of. */
export function sqliteStorage(): { readonly open: () => AnyStorage } & Disposable {
  const folder = mkdtempSync(join(tmpdir(), 'truecount-documents-'));
  return {
    // RxDB admits one database of a name per storage of a name in one process.
    open: () => ({ ...(getRxStorageNodeSqlite({ folder }) as AnyStorage), name: `sqlite-${folder}` }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Short enough for tests, long enough for a loaded machine. */
const TIMING = { answerMs: 2000, firstRetryMs: 20, maxRetryMs: 200, graceMs: 300, refusedRetryMs: 300 };

/** What replication is tried on: two devices of these fit into one process. */
const USUAL = collectionNames.filter((name) => name !== 'leases' && name !== 'learning');

export async function startTrialDevice(trial: TrialDeviceOptions): Promise<TrialDevice> {
  const { address } = trial;
  const storage = trial.storage ?? memoryStorage();
  const only = trial.collections ?? USUAL;
  const documents = await openStoreDocuments({ storage, store: address.store, only });
  const start = trial.identity?.start ?? randomBytes(16).toString('hex');
  const warnings: string[] = [];
  const sync = await startSync({
    collections: documents.collections,
    clock: trial.clock ?? systemClock,
    hub: trial.hub,
    identity: { ...address, epoch: 1, start, lineage: [start], ...trial.identity },
    version: '0.1.0',
    onWarning: (text) => warnings.push(text),
    timing: { ...TIMING, ...trial.timing },
    ...trial.options,
  });
  return {
    documents,
    sync,
    warnings,
    [Symbol.asyncDispose]: async () => {
      await sync.close();
      await documents.close();
    },
  };
}

/** Resolves when `isDone` holds, looked at whenever `listen` says that something changed. */
export async function until(
  listen: (listener: () => void) => () => void,
  isDone: () => boolean | Promise<boolean>,
): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let looking = Promise.resolve();
  const look = (): void => {
    looking = looking
      .then(async () => {
        if (await isDone()) resolve();
      })
      .catch(reject);
  };
  const stop = listen(look);
  look();
  try {
    await promise;
  } finally {
    stop();
  }
}

/** Resolves when the device is online and everything it has committed is accepted. */
export const untilSent = ({ sync }: TrialDevice): Promise<void> =>
  until(
    (listener) => sync.onChange(listener),
    () => sync.status().online && sync.status().waiting === 0,
  );
