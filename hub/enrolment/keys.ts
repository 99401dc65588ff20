/**
 * Keys for codes and secrets, from the hub's own key: hub processes side by side derive the same ones, and a copy of the
 * database alone tells nobody a code or a secret.
 */
import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { HubKey } from '../governance/index.ts';

export interface EnrolmentKeys {
  /** How a code is kept: 40 bits are found by trying where the hash has no key. */
  codeHash(code: string): string;
  /** The same for the same salt and generation, so that a repeated answer is the same answer. */
  secretFor(username: string, generation: number, salt: string): string;
}

/** Ed25519 signatures are deterministic (RFC 8032, 5.1.6), so a signed purpose is a stable key. */
export function enrolmentKeys(key: Pick<HubKey, 'sign'>): EnrolmentKeys {
  const keyFor = (purpose: string): Buffer =>
    createHash('sha256')
      .update(key.sign(`truecount/${purpose}/1`))
      .digest();
  const codes = keyFor('enrolment-codes');
  const secrets = keyFor('device-secrets');
  return {
    codeHash: (code) => createHmac('sha256', codes).update(code).digest('hex'),
    secretFor: (username, generation, salt) =>
      createHmac('sha256', secrets).update(`${username}\n${generation}\n${salt}`).digest('base64url'),
  };
}

export const newSalt = (): string => randomBytes(16).toString('hex');
