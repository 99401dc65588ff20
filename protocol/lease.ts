/**
 * Units that the hub has lent a store to promise to customers while there is no way to the hub. The hub owns the terms,
 * the store owns what it promised. A lease ends for the store at `expiresAt` by the store's own clock; the hub keeps
 * the units much longer than clocks differ, and takes them back for sure when the store has said what it promised.
 */
import { type Static, Type } from 'typebox';
import { Id, Instant, ShortText, Sku, StoreId } from './schema.ts';

export const LeasePromise = Type.Object({
  /** Made by the screen: a repeated request counts once, and it is the id of the order that follows. */
  id: Id,
  qty: Type.Integer({ minimum: 1, maximum: 1000 }),
  at: Instant,
  by: Type.String({ maxLength: 80 }),
  /** What the customer shows; never a name. */
  token: Type.String({ maxLength: 80 }),
});
export type LeasePromise = Static<typeof LeasePromise>;

export const Lease = Type.Object({
  id: Id,
  store: StoreId,
  sku: Sku,
  name: Type.String({ maxLength: 200 }),
  units: Type.Integer({ minimum: 1, maximum: 1000 }),
  grantedAt: Instant,
  expiresAt: Instant,
  /** What is promised is ready within this time. */
  promiseHours: Type.Number({ minimum: 0, maximum: 240 }),
  /** Written by the store only. */
  promises: Type.Optional(Type.Array(LeasePromise, { maxItems: 1000 })),
  /** Written by the store only: nothing more will be promised on this lease. */
  returnedAt: Type.Optional(Instant),
  /** Written by the hub only. */
  ended: Type.Optional(Type.Object({ at: Instant, reason: ShortText })),
});
export type Lease = Static<typeof Lease>;

/** Units that the store may still promise on this lease. */
export function unitsLeft(lease: Lease, nowMs: number): number {
  if (lease.ended || lease.returnedAt !== undefined || nowMs >= Date.parse(lease.expiresAt)) return 0;
  return Math.max(0, lease.units - promisedOn(lease));
}

export const promisedOn = (lease: Lease): number =>
  (lease.promises ?? []).reduce((sum, { qty }) => sum + qty, 0);
