/** PINs are checked against `scrypt$N$r$p$<salt>$<hash>` of a signed staff grant; no PIN is ever stored or logged. */
import { scrypt, type ScryptOptions, timingSafeEqual } from 'node:crypto';

const MAX_MEMORY_BYTES = 128 * 1024 * 1024;

interface PinHash {
  readonly options: ScryptOptions;
  readonly salt: Buffer;
  readonly hash: Buffer;
}

/** Undefined for a text of another form, or one that would cost more than this machine should pay per attempt. */
function parsePinHash(text: string): PinHash | undefined {
  const match = /^scrypt\$(\d{1,7})\$(\d{1,3})\$(\d{1,3})\$([A-Za-z0-9+/=_-]+)\$([A-Za-z0-9+/=_-]+)$/.exec(
    text,
  );
  if (match === null) return undefined;
  const [, n, r, p, salt = '', hash = ''] = match;
  const options = { N: Number(n), r: Number(r), p: Number(p), maxmem: MAX_MEMORY_BYTES };
  const decoded = { options, salt: Buffer.from(salt, 'base64'), hash: Buffer.from(hash, 'base64') };
  if (128 * options.N * options.r > MAX_MEMORY_BYTES || decoded.hash.length < 16) return undefined;
  return decoded;
}

export function pinMatches(pin: string, text: string): Promise<boolean> {
  const known = parsePinHash(text);
  if (known === undefined) return Promise.resolve(false);
  return new Promise((resolve, reject) => {
    scrypt(pin, known.salt, known.hash.length, known.options, (error, derived) =>
      error ? reject(error) : resolve(timingSafeEqual(derived, known.hash)),
    );
  });
}
