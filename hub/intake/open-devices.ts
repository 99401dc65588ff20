/**
 * Decides which of the devices that ask to be let in are accepted, all that ask at the same time together. One that
 * comes back in the life that is accepted changes nothing; for the others copies that ask at once are judged one after
 * the other.
 */
import type { DeviceAddress, Lineage } from '@truecount/protocol';
import type { Database, Queryable } from '../database/index.ts';
import { type Admission, admit } from './admission.ts';
import { type DeviceLife, type Standing, standingIn } from './device-registry.ts';

export interface Opening {
  readonly address: DeviceAddress;
  readonly asking: Lineage & { readonly version: string };
  readonly at: string;
}

export interface Opened {
  readonly verdict: Admission | Exclude<Standing, { readonly kind: 'open' }>;
  /** Documents of this device that wait in quarantine. */
  readonly quarantined: number;
  /** Number of the newest change of all. */
  readonly newest: number;
  /** A new secret waits for it (hub/enrolment). */
  readonly isRotating: boolean;
}

interface OpeningRow extends DeviceLife {
  readonly id: string;
  readonly store: string;
  readonly opened_at: Date | null;
  readonly refused_start: string | null;
  readonly refused_at: Date | null;
  readonly version: string | null;
  readonly is_rotating: boolean;
  readonly quarantined: number;
  readonly newest: number;
}

export async function openDevices(
  database: Database,
  openings: readonly Opening[],
): Promise<readonly Opened[]> {
  const seen = await rowsOf(database, openings);
  const isNews = openings.some((opening) => judged(seen.get(opening.address.device), opening).after);
  if (!isNews) return openings.map((opening) => judged(seen.get(opening.address.device), opening).opened);
  return database.transaction(async (tx) => {
    const rows = await rowsOf(tx, openings, 'FOR UPDATE OF devices');
    const changed = new Map<string, OpeningRow>();
    const opened = openings.map((opening) => {
      const { device } = opening.address;
      const verdict = judged(rows.get(device), opening);
      if (verdict.after) {
        rows.set(device, verdict.after);
        changed.set(device, verdict.after);
      }
      return verdict.opened;
    });
    if (changed.size > 0)
      await tx.query(
        `UPDATE devices SET epoch = life.epoch, start = life.start, opened_at = life.opened_at, version = life.version,
           refused_start = life.refused_start, refused_at = life.refused_at
         FROM jsonb_to_recordset($1::text::jsonb) AS life(id text, epoch int, start text, opened_at timestamptz,
           version text, refused_start text, refused_at timestamptz)
         WHERE devices.id = life.id`,
        [JSON.stringify([...changed.values()])],
      );
    return opened;
  });
}

/** In the order of their ids, so that two hubs that lock several of them cannot block each other. */
async function rowsOf(
  database: Queryable,
  openings: readonly Opening[],
  lock: '' | 'FOR UPDATE OF devices' = '',
): Promise<Map<string, OpeningRow>> {
  const rows = await database.query<OpeningRow>(
    `SELECT id, store, revoked_reason, epoch, start, opened_at, refused_start, refused_at, version,
       next_hash IS NOT NULL AS is_rotating,
       (SELECT count(*)::int FROM quarantine WHERE device = devices.id AND state = 'waiting') AS quarantined,
       (SELECT last_value FROM document_seq) AS newest
     FROM devices WHERE id = ANY($1::text[]) ORDER BY id ${lock}`,
    [openings.map(({ address }) => address.device)],
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** @returns `after`: the row as it is to be, where this changes it */
function judged(
  row: OpeningRow | undefined,
  { address, asking, at }: Opening,
): { readonly opened: Opened; readonly after?: OpeningRow } {
  const facts = {
    quarantined: row?.quarantined ?? 0,
    newest: row?.newest ?? 0,
    isRotating: row?.is_rotating ?? false,
  };
  if (!row || row.store !== address.store) return { opened: { verdict: { kind: 'unknown' }, ...facts } };
  if (row.revoked_reason !== null)
    return { opened: { verdict: { kind: 'revoked', reason: row.revoked_reason }, ...facts } };
  const accepted =
    row.epoch === null || row.start === null ? undefined : { epoch: row.epoch, start: row.start };
  const verdict = admit(accepted, asking);
  const opened = { verdict, ...facts };
  const now = new Date(at);
  if (verdict.kind === 'fenced')
    return { opened, after: { ...row, refused_start: asking.start, refused_at: now } };
  const isSame =
    standingIn(row, asking).kind === 'open' &&
    row.version === asking.version &&
    row.opened_at !== null &&
    (row.refused_at === null || row.refused_at < row.opened_at);
  if (isSame) return { opened };
  const life = { epoch: asking.epoch, start: asking.start, version: asking.version };
  return { opened, after: { ...row, ...life, opened_at: now } };
}
