/** What people do about quarantined documents. */
import type { DeviceAddress } from '@truecount/protocol';
import type { Database, Transaction } from '../database/index.ts';
import { lockStores } from './document-locks.ts';
import { getDocuments } from './document-table.ts';
import { toWire } from './judge-push.ts';
import { type QuarantinedDocument, takeQuarantined } from './quarantine.ts';
import { applyRows, type OnChanges } from './take-push.ts';

export type RetryOutcome =
  | { readonly kind: 'accepted' }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'gone' };

class StillRefused extends Error {}

/** Judged again as if it were pushed now, over the hub's present state; refused again it stays where it is. */
export async function retryQuarantined(
  database: Database,
  id: string,
  onChanges: OnChanges,
): Promise<RetryOutcome> {
  try {
    return await database.transaction(async (tx) => {
      const waiting = await takeQuarantined(tx, id, 'accepted');
      if (!waiting) return { kind: 'gone' };
      await apply(tx, waiting, onChanges);
      return { kind: 'accepted' };
    });
  } catch (error) {
    if (error instanceof StillRefused) return { kind: 'refused', reason: error.message };
    throw error;
  }
}

async function apply(tx: Transaction, waiting: QuarantinedDocument, onChanges: OnChanges): Promise<void> {
  const { store, device, collection, document } = waiting;
  const address: DeviceAddress = { store, device };
  await lockStores(tx, [store]);
  const [current] = await getDocuments(tx, collection, [waiting.documentId]);
  const assumed = current ? toWire(current) : null;
  const { refused } = await applyRows(tx, { address, collection }, [{ assumed, next: document }], onChanges);
  const [refusal] = refused;
  if (refusal) throw new StillRefused(refusal.reason);
}

export function discardQuarantined(database: Database, id: string): Promise<boolean> {
  return database.transaction(async (tx) => (await takeQuarantined(tx, id, 'discarded')) !== undefined);
}
