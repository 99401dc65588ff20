/**
 * Canonical bytes, hashes and signatures, the same at device and hub. Needs Node's crypto, so it has its own
 * entry (`@truecount/protocol/signing`) and never reaches a browser.
 */
import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import canonicalize from 'canonicalize';

/** RFC 8785 JSON: the same value always gives the same text. */
export function canonical(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('value has no JSON form');
  return text;
}

export const sha256Hex = (text: string): string => createHash('sha256').update(text).digest('hex');
export const hashOf = (value: unknown): string => sha256Hex(canonical(value));

/** Ed25519, base64. */
export const signText = (text: string, key: KeyObject): string =>
  sign(null, Buffer.from(text), key).toString('base64');

export const isSignedBy = (text: string, signature: string, key: KeyObject): boolean =>
  verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));

export const publicKeyFromPem = (pem: string): KeyObject => createPublicKey(pem);

/** Short public name of a key: the first 16 hex digits of the SHA-256 of its SPKI form. */
export const keyIdOf = (key: KeyObject): string =>
  createHash('sha256')
    .update((key.type === 'private' ? createPublicKey(key) : key).export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 16);
