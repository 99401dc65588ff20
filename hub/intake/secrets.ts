/**
 * Device secrets: made here, shown once, kept as a scrypt hash. They are 256 random bits, so a low cost is enough;
 * it bounds what a thousand devices that reconnect at once take from the hub.
 */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt);
const COST = { N: 4096, r: 8, p: 1 };
const BYTES = 32;

export const newSecret = (): string => randomBytes(BYTES).toString('base64url');

export async function hashSecret(secret: string): Promise<string> {
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, BYTES, COST);
  return ['scrypt', COST.N, COST.r, COST.p, salt.toString('base64'), hash.toString('base64')].join('$');
}

export async function isSecret(secret: string, stored: string): Promise<boolean> {
  const [scheme, n, r, p, salt, hash] = stored.split('$');
  if (scheme !== 'scrypt' || salt === undefined || hash === undefined) return false;
  const wanted = Buffer.from(hash, 'base64');
  const cost = { N: Number(n), r: Number(r), p: Number(p) };
  const given = await derive(secret, Buffer.from(salt, 'base64'), wanted.length, cost);
  return timingSafeEqual(given, wanted);
}
