/**
 * Device secrets: how they are made, kept and checked. Nothing here can be turned back into a secret.
 *
 * A secret that the hub makes is 256 random bits, so one keyed hash is as hard to reverse as a slow one, and a
 * thousand devices that come back at once cost the hub milliseconds. A secret that somebody wrote into a config may be
 * a word; that one is kept as scrypt.
 */
import { createHmac, randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt);
const COST = { N: 4096, r: 8, p: 1 };
const BYTES = 32;
/** Base64url or hex of 192 bits and more: nobody chooses that as a word. */
const LOOKS_RANDOM = /^[\w-]{32,}$/;

export const newSecret = (): string => randomBytes(BYTES).toString('base64url');

const keyedHash = (secret: string, salt: Buffer): Buffer =>
  createHmac('sha256', salt).update(secret).digest();

/** For random secrets, or to remember in this process alone one that was found right. */
export function quickHash(secret: string): string {
  const salt = randomBytes(16);
  return ['hmac-sha256', salt.toString('base64'), keyedHash(secret, salt).toString('base64')].join('$');
}

export async function hashSecret(secret: string): Promise<string> {
  if (LOOKS_RANDOM.test(secret)) return quickHash(secret);
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

export async function isSecret(secret: string, stored: string): Promise<boolean> {
  const [scheme, ...parts] = stored.split('$');
  const salt = Buffer.from(parts.at(-2) ?? '', 'base64');
  const wanted = Buffer.from(parts.at(-1) ?? '', 'base64');
  if (wanted.length !== BYTES) return false;
  if (scheme === 'hmac-sha256') return timingSafeEqual(keyedHash(secret, salt), wanted);
  if (scheme !== 'scrypt') return false;
  const [n, r, p] = parts.map(Number);
  if (n === undefined || r === undefined || p === undefined) return false;
  return timingSafeEqual(await derive(secret, salt, BYTES, { N: n, r, p }), wanted);
}
