/**
 * The store's documents: what screens show and what replicates. Every collection of the protocol, on one
 * RxStorage, with conflicts merged by field owner. A write resolves after it is on disk; the hub's answer
 * comes later. Works the same during an outage.
 */
import { type CollectionName, collectionNames, type DocumentOf } from '@truecount/protocol';
import { addRxPlugin, createRxDatabase, type RxCollection, type RxDatabase, type RxStorage } from 'rxdb';
import { RxDBMigrationSchemaPlugin } from 'rxdb/plugins/migration-schema';
import { conflictHandlerFor } from './conflict-handler.ts';
import { migrationsOf, rxSchemaOf } from './rx-schema.ts';

addRxPlugin(RxDBMigrationSchemaPlugin);

export type StoreCollections = { readonly [C in CollectionName]: RxCollection<DocumentOf<C>> };

export interface StoreDocuments {
  readonly database: RxDatabase;
  readonly collections: StoreCollections;
  close(): Promise<void>;
}

export async function openStoreDocuments(options: {
  // oxlint-disable-next-line typescript/no-explicit-any -- RxDB's own default for a storage of unknown internals
  readonly storage: RxStorage<any, any>;
  readonly store: string;
  /** All of the protocol's when absent. */
  readonly only?: readonly CollectionName[];
}): Promise<StoreDocuments> {
  const database = await createRxDatabase({
    name: 'documents',
    storage: options.storage,
    multiInstance: false,
    eventReduce: true,
  });
  const creators = (options.only ?? collectionNames).map((name) => [
    name,
    {
      schema: rxSchemaOf(name),
      migrationStrategies: migrationsOf(name),
      conflictHandler: conflictHandlerFor<object>(name, options.store),
      // A lost position is written again by the next sweep; everything else must survive a power cut.
      options: {},
      instanceCreationOptions: { durability: name === 'positions' ? 'normal' : 'full' },
    },
  ]);
  await database.addCollections(Object.fromEntries(creators) as never);
  return {
    database: database as unknown as RxDatabase,
    collections: database.collections as unknown as StoreCollections,
    close: async () => {
      await database.close();
    },
  };
}
