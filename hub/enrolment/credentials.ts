/** The credentials of devices as columns of their rows. Whoever changes them tells the broker (broker-accounts.ts). */
import type { Clock, DeviceAddress, DeviceSecret } from '@truecount/protocol';
import { instant } from '@truecount/protocol';
import { mosquittoPasswordLine, userNameOf } from '../broker/index.ts';
import { gathered, type Queryable, type Transaction } from '../database/index.ts';
import { newSalt, type EnrolmentKeys } from './keys.ts';
import { hashSecret, isSecret, newSecret } from './secrets.ts';

/** Shown once. */
export interface DeviceCredentials {
  readonly username: string;
  readonly password: string;
}

/** Makes a device known, or gives a known one of the same store a new secret (the old one ends at once). */
export async function enrolDevice(
  database: Queryable,
  address: DeviceAddress,
  clock: Clock,
): Promise<DeviceCredentials | { readonly problem: string }> {
  const password = newSecret();
  const isKept = await keepCredentials(database, address, { password, generation: 1 }, clock);
  if (!isKept) return { problem: `device ${address.device} belongs to another store` };
  return { username: userNameOf(address), password };
}

/**
 * Puts a device's secret in force, alone. A device that enrols anew begins a new life, so the life that was accepted
 * before is forgotten: its journal may be on a disk that is no more.
 * @returns false when the id belongs to another store
 */
export async function keepCredentials(
  database: Queryable,
  address: DeviceAddress,
  { password, generation, publicKey }: DeviceSecret & { readonly publicKey?: string },
  clock: Clock,
): Promise<boolean> {
  const rows = await database.query(
    `INSERT INTO devices (id, store, secret_hash, broker_line, enrolled_at, generation, public_key)
     VALUES ($1, $2, $3, $4, $5, $6, $7)
     ON CONFLICT (id) DO UPDATE SET secret_hash = EXCLUDED.secret_hash, broker_line = EXCLUDED.broker_line,
       enrolled_at = EXCLUDED.enrolled_at, generation = EXCLUDED.generation, public_key = EXCLUDED.public_key,
       next_salt = NULL, next_hash = NULL, revoked_reason = NULL, revoked_at = NULL,
       epoch = NULL, start = NULL, opened_at = NULL, refused_start = NULL, refused_at = NULL
     WHERE devices.store = EXCLUDED.store RETURNING id`,
    [
      address.device,
      address.store,
      await hashSecret(password),
      mosquittoPasswordLine(userNameOf(address), password),
      instant(clock.now()),
      generation,
      publicKey ?? null,
    ],
  );
  return rows.length > 0;
}

export interface CredentialRow {
  readonly store: string;
  readonly secret_hash: string;
  readonly next_hash: string | null;
  readonly next_salt: string | null;
  readonly generation: number;
  readonly public_key: string | null;
  readonly revoked_reason: string | null;
}

export async function credentialsOf(
  database: Queryable,
  { store, device }: DeviceAddress,
  lock: '' | 'FOR UPDATE' = '',
): Promise<CredentialRow | undefined> {
  const [row] = await database.query<CredentialRow>(
    `SELECT store, secret_hash, next_hash, next_salt, generation, public_key, revoked_reason FROM devices
     WHERE id = $1 AND store = $2 ${lock}`,
    [device, store],
  );
  return row;
}

/** The same for many devices that come at once. */
export function credentialsOfMany(
  database: Queryable,
): (address: DeviceAddress) => Promise<CredentialRow | undefined> {
  return gathered(async (addresses: readonly DeviceAddress[]) => {
    const rows = await database.query<CredentialRow & { readonly id: string }>(
      `SELECT id, store, secret_hash, next_hash, next_salt, generation, public_key, revoked_reason FROM devices
       WHERE id = ANY($1::text[])`,
      [addresses.map(({ device }) => device)],
    );
    const byId = new Map(rows.map((row) => [row.id, row]));
    return addresses.map(({ store, device }) => {
      const row = byId.get(device);
      return row?.store === store ? row : undefined;
    });
  });
}

/** Prepares a new secret; the present one holds until the device has used the new one. */
export async function beginRotation(
  tx: Transaction,
  address: DeviceAddress,
  keys: EnrolmentKeys,
): Promise<'begun' | 'unknown' | 'revoked' | 'from-config'> {
  const row = await credentialsOf(tx, address, 'FOR UPDATE');
  if (!row) return 'unknown';
  if (row.revoked_reason !== null) return 'revoked';
  if (row.generation === 0) return 'from-config';
  const salt = newSalt();
  const secret = keys.secretFor(userNameOf(address), row.generation + 1, salt);
  await tx.query('UPDATE devices SET next_salt = $2, next_hash = $3 WHERE id = $1', [
    address.device,
    salt,
    await hashSecret(secret),
  ]);
  return 'begun';
}

/** The secret that waits for this device. */
export function nextSecret(
  address: DeviceAddress,
  row: CredentialRow,
  keys: EnrolmentKeys,
): DeviceSecret | undefined {
  if (row.next_salt === null) return undefined;
  const generation = row.generation + 1;
  return { password: keys.secretFor(userNameOf(address), generation, row.next_salt), generation };
}

/** The new secret was used, or is safe at the device: from now on it is the only one. */
export async function finishRotation(
  database: Queryable,
  address: DeviceAddress,
  next: DeviceSecret,
): Promise<boolean> {
  const rows = await database.query(
    `UPDATE devices SET secret_hash = next_hash, broker_line = $3, generation = $2, next_hash = NULL, next_salt = NULL
     WHERE id = $1 AND generation = $2 - 1 AND next_hash IS NOT NULL RETURNING id`,
    [address.device, next.generation, mosquittoPasswordLine(userNameOf(address), next.password)],
  );
  return rows.length > 0;
}

/** Withdraws a device's access. @returns what the hub knew of its connection until then */
export async function revokeDevice(
  database: Queryable,
  address: DeviceAddress,
  reason: string,
  clock: Clock,
): Promise<'online' | 'away' | 'unknown'> {
  const at = instant(clock.now());
  const [row] = await database.query<{ online: boolean }>(
    `UPDATE devices d SET revoked_reason = $3, revoked_at = $4, since = CASE WHEN d.online THEN $4 ELSE d.since END,
       online = false, next_salt = NULL, next_hash = NULL
     FROM (SELECT id, online FROM devices WHERE id = $1 AND store = $2 FOR UPDATE) AS before
     WHERE d.id = before.id RETURNING before.online`,
    [address.device, address.store, reason, at],
  );
  if (!row) return 'unknown';
  return row.online ? 'online' : 'away';
}

/** Lines for the password file of a Mosquitto server. */
export async function brokerPasswordLines(database: Queryable): Promise<readonly string[]> {
  const rows = await database.query<{ broker_line: string }>(
    'SELECT broker_line FROM devices WHERE revoked_reason IS NULL ORDER BY id',
  );
  return rows.map((row) => row.broker_line);
}

/**
 * Makes a device known whose secret stands in a config. Called at every start: an unchanged secret leaves the row alone,
 * what was revoked stays revoked, and a device that has enrolled with a code keeps what it got then.
 */
export async function adoptDevice(
  database: Queryable,
  address: DeviceAddress,
  secret: string,
  clock: Clock,
): Promise<{ readonly problem: string } | undefined> {
  const [known] = await database.query<{ store: string; secret_hash: string; public_key: string | null }>(
    'SELECT store, secret_hash, public_key FROM devices WHERE id = $1',
    [address.device],
  );
  if (known && known.store !== address.store)
    return { problem: `device ${address.device} belongs to store ${known.store}, not to ${address.store}` };
  if (known && (known.public_key !== null || (await isSecret(secret, known.secret_hash)))) return undefined;
  await database.query(
    `INSERT INTO devices (id, store, secret_hash, broker_line, enrolled_at) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (id) DO UPDATE SET secret_hash = EXCLUDED.secret_hash, broker_line = EXCLUDED.broker_line`,
    [
      address.device,
      address.store,
      await hashSecret(secret),
      mosquittoPasswordLine(userNameOf(address), secret),
      instant(clock.now()),
    ],
  );
  return undefined;
}
