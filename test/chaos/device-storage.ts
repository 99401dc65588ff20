/** The documents of a store whose agent is down, opened in this process. */
import { getRxStorageNodeSqlite } from '../../device/documents/sqlite-storage/index.ts';
import type { AnyStorage } from '../servers/trial-device.ts';

let opened = 0;

export function openDeviceStorage(folder: string): AnyStorage {
  // RxDB admits one database of a name per storage of a name in one process.
  return { ...(getRxStorageNodeSqlite({ folder }) as AnyStorage), name: `sqlite-chaos-${(opened += 1)}` };
}
