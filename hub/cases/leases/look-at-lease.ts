/**
 * A lease as the store sees it now: what was promised on it becomes orders, and its units move from the lease to the
 * order in one transaction, so that they are never counted twice and never free in between. Level-triggered: promises
 * may come twice, late, or after the hub gave the lease up; then the order is promised like any other, and where
 * the belief does not support it there is one case.
 */
import { instant, type Lease, type OrderRequest, promisedOn } from '@truecount/protocol';
import { getDocument, putDocument, updateDocument } from '../../intake/index.ts';
import type { CaseWork } from '../case-work.ts';
import { lockRoot } from '../case-rows.ts';
import { release, shrink } from '../escrow.ts';
import { leaseOwner } from './grant-leases.ts';

const HOUR_MS = 3_600_000;
/** A lease that is over stays this long, for late promises; what was done on it stays in the audit chain. */
const KEPT_MS = 14 * 24 * HOUR_MS;

export interface LeaseContext {
  readonly placeOrder: (work: CaseWork, request: OrderRequest) => Promise<unknown>;
}

export async function lookAtLease(work: CaseWork, id: string, context: LeaseContext): Promise<void> {
  await lockRoot(work, id);
  const lease = (await getDocument(work.tx, 'leases', id))?.document;
  if (!lease) return;
  for (const promise of lease.promises ?? []) {
    if (await getDocument(work.tx, 'orders', promise.id)) continue;
    await shrink(work.tx, leaseOwner(id), {
      sku: lease.sku,
      store: lease.store,
      qty: promise.qty,
      nowMs: work.nowMs,
    });
    await context.placeOrder(work, orderOf(lease, promise));
    work.audit({
      actor: `store ${lease.store}`,
      action: 'lease.used',
      subject: `lease:${id}`,
      text: `${promise.qty} x ${lease.name} promised at ${lease.store} by ${promise.by}`,
      detail: promise,
    });
  }
  const reason = endOf(lease, work.nowMs);
  if (reason !== undefined) await end(work, lease, reason);
}

/** Leases whose time is long over: the store has not been heard of since, and the units were freed by their expiry. */
export async function endForgottenLeases(work: CaseWork): Promise<void> {
  const rows = await work.tx.query<{ document: Lease }>(
    `SELECT d.document FROM documents d WHERE d.collection = 'leases' AND NOT d.deleted
       AND d.document -> 'ended' IS NULL AND d.document ->> 'expiresAt' < $1
       AND NOT EXISTS (SELECT 1 FROM reservations r WHERE r.owner = 'lease:' || d.id AND r.ended_at IS NULL
         AND r.expires_at > $1) LIMIT 200`,
    [instant(work.nowMs)],
  );
  for (const { document } of rows) await end(work, document, 'the store was not heard of in time');
  const old = await work.tx.query<{ document: Lease }>(
    `SELECT document FROM documents WHERE collection = 'leases' AND NOT deleted
       AND document -> 'ended' ->> 'at' < $1 LIMIT 200`,
    [instant(work.nowMs - KEPT_MS)],
  );
  for (const { document } of old)
    await putDocument(work.tx, 'leases', document, { by: 'hub:leases', deleted: true });
}

function orderOf(lease: Lease, promise: NonNullable<Lease['promises']>[number]): OrderRequest {
  return {
    id: promise.id,
    store: lease.store,
    token: promise.token,
    serviceClass: 'in-store',
    promisedAt: instant(Date.parse(promise.at) + lease.promiseHours * HOUR_MS),
    lines: [{ sku: lease.sku, qty: promise.qty }],
  };
}

function endOf(lease: Lease, nowMs: number): string | undefined {
  if (lease.ended) return undefined;
  if (lease.returnedAt !== undefined) return 'the store has given back what it did not use';
  if (promisedOn(lease) >= lease.units) return 'all units were promised';
  return nowMs >= Date.parse(lease.expiresAt) + HOUR_MS && lease.promises ? 'its time is over' : undefined;
}

async function end(work: CaseWork, lease: Lease, reason: string): Promise<void> {
  const { id } = lease;
  await release(work.tx, leaseOwner(id), { nowMs: work.nowMs, reason });
  const ended = { at: instant(work.nowMs), reason };
  await updateDocument(work.tx, 'leases', id, (known) => (known.ended ? undefined : { ...known, ended }), {
    by: 'hub:leases',
  });
}
