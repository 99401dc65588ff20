/**
 * The hub's Ed25519 key: signs policies, staff grants and the audit chain. It lives in one file that only the
 * hub's user can read; hub processes that work side by side share it.
 */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isSignedBy, keyIdOf, signText } from '@truecount/protocol/signing';
import { readIfPresent } from '../read-if-present.ts';

export class HubKeyError extends Error {
  readonly code = 'E_HUB_KEY';
}

export interface HubKey {
  readonly keyId: string;
  readonly publicKeyPem: string;
  sign(text: string): string;
  isSigned(text: string, signature: string): boolean;
}

/** Reads the key, or makes one when the file does not exist yet. */
export function loadHubKey(file: string): HubKey {
  return hubKeyOf(createPrivateKey(readOrCreate(file)), file);
}

/** Reads an existing key and never makes one: for a check that must not change anything. */
export function readHubKey(file: string): HubKey | undefined {
  const pem = readIfPresent(file);
  return pem === undefined ? undefined : hubKeyOf(createPrivateKey(pem), file);
}

function hubKeyOf(privateKey: KeyObject, file: string): HubKey {
  if (privateKey.asymmetricKeyType !== 'ed25519')
    throw new HubKeyError(
      `${file} holds a ${privateKey.asymmetricKeyType} key; the hub needs an Ed25519 key`,
    );
  const publicKey = createPublicKey(privateKey);
  return {
    keyId: keyIdOf(publicKey),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    sign: (text) => signText(text, privateKey),
    // Base64 has unused bits at its end: only the one spelling that we write counts as the signature.
    isSigned: (text, signature) =>
      Buffer.from(signature, 'base64').toString('base64') === signature &&
      isSignedBy(text, signature, publicKey),
  };
}

function readOrCreate(file: string): string {
  const existing = readIfPresent(file);
  if (existing !== undefined) return existing;
  mkdirSync(dirname(file), { recursive: true });
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  try {
    writeFileSync(file, pem, { mode: 0o600, flag: 'wx', flush: true });
    return pem;
  } catch (error) {
    // Another hub process on the same folder was first: its key is the key.
    const theirs = readIfPresent(file);
    if (theirs !== undefined) return theirs;
    throw error;
  }
}
