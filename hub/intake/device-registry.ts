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
  type Origin,
} from '@truecount/protocol';
import type { Queryable } from '../database/index.ts';

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

/** What of a device's row decides whether it is heard. */
export interface DeviceLife {
  readonly epoch: number | null;
  readonly start: string | null;
  readonly revoked_reason: string | null;
}

/** Whether a request of this life of the device may be answered now. */
export function standingIn(row: DeviceLife | undefined, from: Origin): Standing {
  if (row && row.revoked_reason !== null) return { kind: 'revoked', reason: row.revoked_reason };
  return row?.epoch === from.epoch && row.start === from.start ? { kind: 'open' } : { kind: 'unknown' };
}

export async function standingOf(
  database: Queryable,
  { store, device }: DeviceAddress,
  from: Origin,
): Promise<Standing> {
  const [row] = await database.query<DeviceLife>(
    'SELECT epoch, start, revoked_reason FROM devices WHERE id = $1 AND store = $2',
    [device, store],
  );
  return standingIn(row, from);
}

export interface StateNote {
  readonly address: DeviceAddress;
  readonly state: DeviceState;
  readonly heardAt: string;
}

/**
 * What devices say of themselves, of one device the last word. Only the accepted life of a device speaks for it.
 * @returns true where this told the hub something new
 */
export async function noteDeviceStates(
  database: Queryable,
  notes: readonly StateNote[],
): Promise<readonly boolean[]> {
  const lives = notes.map(({ address, state }) => JSON.stringify([address, state.from]));
  const last = new Map(lives.map((life, at) => [life, at]));
  const told = [...last.values()].flatMap((at) => {
    const note = notes[at];
    if (!note) return [];
    const { address, state, heardAt } = note;
    const since = state.online ? (state.since ?? heardAt) : heardAt;
    const { online, version, feeds } = state;
    return { at, id: address.device, store: address.store, ...state.from, online, since, version, feeds };
  });
  const rows = await database.query<{ at: number }>(
    `UPDATE devices SET
       since = CASE WHEN devices.online = said.online AND devices.since IS NOT NULL THEN devices.since ELSE said.since END,
       online = said.online, version = said.version, feeds = said.feeds
     FROM jsonb_to_recordset($1::text::jsonb) AS said(at int, id text, store text, epoch int, start text, online boolean,
       since timestamptz, version text, feeds jsonb)
     WHERE devices.id = said.id AND devices.store = said.store AND devices.epoch = said.epoch AND devices.start = said.start
       AND (devices.online <> said.online OR devices.since IS NULL OR devices.version IS DISTINCT FROM said.version
         OR devices.feeds <> said.feeds)
     RETURNING said.at`,
    [JSON.stringify(told)],
  );
  const news = new Set(rows.map(({ at }) => at));
  return notes.map((_, at) => news.has(at));
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
