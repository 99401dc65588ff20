/** Checks devices' secrets for the embedded broker. */
import type { DeviceAddress } from '@truecount/protocol';
import type { Database } from '../database/index.ts';
import { type CredentialRow, credentialsOfMany } from './credentials.ts';
import { isSecret, quickHash } from './secrets.ts';

/** `revoked`: let in only far enough to be told so. */
export type DeviceVerdict = 'known' | 'revoked' | 'unknown';

export type DeviceAuthenticator = (address: DeviceAddress, secret: string) => Promise<DeviceVerdict>;

/** Secrets of configs cost an scrypt each; those found right are remembered by their stored hash. */
const MAX_REMEMBERED = 20_000;

export function deviceAuthenticator(database: Database): DeviceAuthenticator {
  const slow = new Map<string, string>();
  const credentialsOf = credentialsOfMany(database.door);
  const isRight = async (row: CredentialRow, secret: string): Promise<boolean> => {
    if (!row.secret_hash.startsWith('scrypt')) return isSecret(secret, row.secret_hash);
    const known = slow.get(row.secret_hash);
    if (known !== undefined) return isSecret(secret, known);
    if (!(await isSecret(secret, row.secret_hash))) return false;
    if (slow.size >= MAX_REMEMBERED) slow.clear();
    slow.set(row.secret_hash, quickHash(secret));
    return true;
  };
  return async (address, secret) => {
    const row = await credentialsOf(address);
    if (!row) return 'unknown';
    if (await isRight(row, secret)) return row.revoked_reason === null ? 'known' : 'revoked';
    // A rotated secret and the one before both count until the device has opened with the new one.
    const isNext = row.next_hash !== null && (await isSecret(secret, row.next_hash));
    return isNext ? 'known' : 'unknown';
  };
}
