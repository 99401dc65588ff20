/**
 * An urgent exception that came ahead of replication. It is taken like a pushed document, and the push that follows
 * finds it there already; where the hub knows the exception, the alert brings nothing that the push would not.
 */
import type { Alert, DeviceAddress } from '@truecount/protocol';
import type { Database } from '../database/index.ts';
import { standingOf } from './device-registry.ts';
import { lockStores } from './document-locks.ts';
import { getDocument } from './document-table.ts';
import { applyRows, type OnChanges } from './take-push.ts';

export function takeAlert(
  database: Database,
  address: DeviceAddress,
  alert: Alert,
  onChanges: OnChanges,
): Promise<void> {
  return database.transaction(async (tx) => {
    if ((await standingOf(tx, address, alert.from)).kind !== 'open') return;
    await lockStores(tx, [address.store]);
    if (await getDocument(tx, 'exceptions', alert.data.id)) return;
    const row = { assumed: null, next: { ...alert.data, _deleted: false } };
    await applyRows(tx, { address, collection: 'exceptions' }, [row], onChanges);
  });
}
