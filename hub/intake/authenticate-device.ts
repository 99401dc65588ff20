/** Checks devices' secrets for the embedded broker. */
import { createHash } from 'node:crypto';
import type { DeviceAddress } from '@truecount/protocol';
import type { Database } from '../database/index.ts';
import { secretHashOf } from './device-registry.ts';
import { isSecret } from './secrets.ts';

/** Secrets found right, most recent last; the bound is far above the devices that one broker holds. */
const MAX_REMEMBERED = 20_000;

/**
 * Remembers secrets it found right (as a digest together with the stored hash, so that a rotated secret is not
 * remembered), because a storm of reconnects would otherwise wait for one scrypt each.
 */
export function deviceAuthenticator(
  database: Database,
): (address: DeviceAddress, secret: string) => Promise<boolean> {
  const right = new Set<string>();
  return async (address, secret) => {
    const stored = await secretHashOf(database, address);
    if (stored === undefined) return false;
    const digest = createHash('sha256').update(`${stored}\n${secret}`).digest('base64');
    if (right.has(digest)) return true;
    if (!(await isSecret(secret, stored))) return false;
    if (right.size >= MAX_REMEMBERED) right.clear();
    right.add(digest);
    return true;
  };
}
