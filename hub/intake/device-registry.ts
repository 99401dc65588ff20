/**
 * The devices the hub knows: the life it accepts of each, and how each is doing. Who is a device at all, and with which
 * secret, is enrolment's (hub/enrolment).
 */
import {
  type DeviceAddress,
  type DeviceState,
  type DeviceView,
  type FeedHealth,
  instant,
  type Lineage,
  type Origin,
} from '@truecount/protocol';
import type { Queryable, Transaction } from '../database/index.ts';
import { type Admission, admit } from './admission.ts';

export interface DeviceStatus extends DeviceAddress {
  readonly online: boolean;
  /** Since when it is online or out of reach; undefined when it was never seen. */
  readonly since: Date | undefined;
  readonly version: string | undefined;
  readonly epoch: number | undefined;
  readonly feeds: readonly FeedHealth[];
}

interface DeviceRow {
  readonly id: string;
  readonly store: string;
  readonly revoked_reason: string | null;
  readonly epoch: number | null;
  readonly start: string | null;
  readonly opened_at: Date | null;
  readonly refused_at: Date | null;
  readonly version: string | null;
  readonly online: boolean;
  readonly since: Date | null;
  readonly feeds: readonly FeedHealth[];
  readonly enrolled_at: Date;
  readonly next_hash: string | null;
  readonly generation: number;
}

export type Standing =
  | { readonly kind: 'open' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'revoked'; readonly reason: string };

/** Whether a request of this life of the device may be answered now. */
export async function standingOf(
  database: Queryable,
  address: DeviceAddress,
  from: Origin,
): Promise<Standing> {
  const row = await find(database, address);
  if (row?.revoked_reason) return { kind: 'revoked', reason: row.revoked_reason };
  return row?.epoch === from.epoch && row.start === from.start ? { kind: 'open' } : { kind: 'unknown' };
}

/** Decides on a device's life and remembers it. Two copies that ask at once are judged one after the other. */
export async function openDevice(
  tx: Transaction,
  address: DeviceAddress,
  asking: Lineage & { readonly version: string },
  at: string,
): Promise<Admission | Extract<Standing, { kind: 'revoked' | 'unknown' }>> {
  const row = await find(tx, address, 'FOR UPDATE');
  if (!row) return { kind: 'unknown' };
  if (row.revoked_reason) return { kind: 'revoked', reason: row.revoked_reason };
  const accepted =
    row.epoch === null || row.start === null ? undefined : { epoch: row.epoch, start: row.start };
  const admission = admit(accepted, asking);
  await (admission.kind === 'accepted'
    ? tx.query('UPDATE devices SET epoch = $2, start = $3, opened_at = $4, version = $5 WHERE id = $1', [
        address.device,
        asking.epoch,
        asking.start,
        at,
        asking.version,
      ])
    : tx.query('UPDATE devices SET refused_start = $2, refused_at = $3 WHERE id = $1', [
        address.device,
        asking.start,
        at,
      ]));
  return admission;
}

/** @returns true when this told the hub something new. Only the accepted life of a device speaks for it. */
export async function noteDeviceState(
  database: Queryable,
  address: DeviceAddress,
  state: DeviceState,
  heardAt: string,
): Promise<boolean> {
  const rows = await database.query(
    `UPDATE devices SET
       since = CASE WHEN online = $5 AND since IS NOT NULL THEN since ELSE $6::timestamptz END,
       online = $5, version = $7, feeds = $8::text::jsonb
     WHERE id = $1 AND store = $2 AND epoch = $3 AND start = $4
       AND (online <> $5 OR since IS NULL OR version IS DISTINCT FROM $7 OR feeds <> $8::text::jsonb)
     RETURNING id`,
    [
      address.device,
      address.store,
      state.from.epoch,
      state.from.start,
      state.online,
      state.online ? (state.since ?? heardAt) : heardAt,
      state.version,
      JSON.stringify(state.feeds),
    ],
  );
  return rows.length > 0;
}

/** An embedded broker that starts has no connections: whoever was online before is out of reach until it returns. */
export async function noteAllOffline(database: Queryable, at: string): Promise<void> {
  await database.query('UPDATE devices SET online = false, since = $1 WHERE online', [at]);
}

export async function noteOffline(database: Queryable, address: DeviceAddress, at: string): Promise<void> {
  await database.query(
    'UPDATE devices SET online = false, since = $3 WHERE id = $1 AND store = $2 AND online',
    [address.device, address.store, at],
  );
}

export async function deviceStatuses(database: Queryable): Promise<readonly DeviceStatus[]> {
  const rows = await database.query<DeviceRow>('SELECT * FROM devices ORDER BY store, id');
  return rows.map((row) => ({
    store: row.store,
    device: row.id,
    online: row.online,
    since: row.since ?? undefined,
    version: row.version ?? undefined,
    epoch: row.epoch ?? undefined,
    feeds: row.feeds,
  }));
}

/** `fenced`: a second copy of this device has asked since the accepted one opened; somebody has to stop one. */
export async function listDevices(database: Queryable): Promise<readonly DeviceView[]> {
  const rows = await database.query<DeviceRow>('SELECT * FROM devices ORDER BY store, id');
  return rows.map((row) => {
    const isFenced = row.refused_at !== null && row.refused_at >= (row.opened_at ?? row.refused_at);
    return {
      id: row.id,
      store: row.store,
      epoch: row.epoch ?? 0,
      state: row.revoked_reason !== null ? 'revoked' : isFenced ? 'fenced' : 'active',
      ...(row.since ? { lastSeenAt: instant(row.since.getTime()) } : {}),
      online: row.online,
      ...(row.version === null ? {} : { version: row.version }),
      enrolledAt: instant(row.enrolled_at.getTime()),
      hasCode: row.generation > 0,
      isRotating: row.next_hash !== null,
      ...(row.revoked_reason === null ? {} : { revokedReason: row.revoked_reason }),
    };
  });
}

/** Devices that would hear a hint about these stores now; no stores means all. */
export async function devicesOnline(
  database: Queryable,
  stores: readonly string[] | undefined,
): Promise<readonly DeviceAddress[]> {
  return database.query<{ store: string; device: string }>(
    `SELECT store, id AS device FROM devices
     WHERE online AND revoked_reason IS NULL AND ($1::text[] IS NULL OR store = ANY($1::text[]))`,
    [stores ?? null],
  );
}

async function find(
  database: Queryable,
  { store, device }: DeviceAddress,
  lock: '' | 'FOR UPDATE' = '',
): Promise<DeviceRow | undefined> {
  const [row] = await database.query<DeviceRow>(
    `SELECT * FROM devices WHERE id = $1 AND store = $2 ${lock}`,
    [device, store],
  );
  return row;
}
