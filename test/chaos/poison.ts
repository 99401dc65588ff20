/** Documents that are in a store and that no hub accepts, as a faulty or a newer device would leave them. */
import { openStoreDocuments } from '../../device/documents/index.ts';
import type { CollectionName, DocumentOf } from '../../protocol/index.ts';
import { aPosition, anException } from '../builders/documents.ts';
import { openDeviceStorage } from './device-storage.ts';
import type { Random } from '../twin/random.ts';
import type { StoreProcess } from './store-process.ts';

export interface Poison {
  readonly store: string;
  readonly collection: CollectionName;
  readonly id: string;
}

const AT = '2026-03-02T09:00:00.000Z';

/** The agent of the store must be down. */
export async function plantPoison(store: StoreProcess, random: Random): Promise<readonly Poison[]> {
  const documents = await openStoreDocuments({
    storage: openDeviceStorage(store.dataFolder),
    store: store.id,
  });
  try {
    const { exceptions, positions } = documents.collections;
    const id = `poison-${store.id}-${random.integer(0, 1_000_000_000)}`;
    const closed = anException({ id, store: store.id, state: 'closed', closedAt: AT });
    const kinds: readonly DocumentOf<'exceptions'>[] = [
      { ...closed, confidence: 7 },
      { ...closed, name: 'zero\0character' },
      { ...closed, store: 'elsewhere' },
    ];
    await exceptions.insert(random.pick(kinds));
    const position = aPosition({ store: store.id, sku: `${id}-p` });
    await positions.insert({ ...position, mean: -1 });
    return [
      { store: store.id, collection: 'exceptions', id },
      { store: store.id, collection: 'positions', id: position.id },
    ];
  } finally {
    await documents.close();
  }
}
