/** The key that this device made itself. Its private half stays in the data folder and is never sent anywhere. */
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { signText } from '@truecount/protocol/signing';
import { createPrivate, readPrivate } from './private-file.ts';

const KEY_FILE = 'device-key.pem';

export interface DeviceKey {
  readonly publicKeyPem: string;
  sign(text: string): string;
}

/** The key of this data folder, made at the first call: a try that was cut short goes on with the same one. */
export function deviceKey(dataFolder: string): DeviceKey {
  const file = join(dataFolder, KEY_FILE);
  const known = readPrivate(file);
  if (known !== undefined) return keyOf(createPrivateKey(known));
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  return createPrivate(file, pem) ? keyOf(createPrivateKey(pem)) : deviceKey(dataFolder);
}

function keyOf(key: KeyObject): DeviceKey {
  const publicKeyPem = createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
  return { publicKeyPem, sign: (text) => signText(text, key) };
}
