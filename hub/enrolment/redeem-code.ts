/**
 * One try to redeem a code, in one transaction: of several devices that send the same code at once one gets it, and a
 * device that lost its answer gets the same answer again.
 */
import { timingSafeEqual } from 'node:crypto';
import {
  type Clock,
  type DeviceAddress,
  type DeviceSecret,
  type EnrolmentRequest,
  enrolmentProof,
  instant,
} from '@truecount/protocol';
import { isSignedBy, keyIdOf, publicKeyFromPem } from '@truecount/protocol/signing';
import { userNameOf } from '../broker/index.ts';
import type { Transaction } from '../database/index.ts';
import type { AuditFact } from '../governance/index.ts';
import { selectorOf } from './codes.ts';
import { credentialsOf, keepCredentials } from './credentials.ts';
import { type CodeRefusal, judgeCode, MAX_WRONG_TRIES } from './judge-code.ts';
import { type EnrolmentKeys, newSalt } from './keys.ts';

interface CodeRow {
  readonly id: string;
  readonly code_hash: string;
  readonly store: string;
  readonly device: string;
  readonly made_by: string;
  readonly expires_at: Date;
  readonly wrong_tries: number;
  readonly redeemed_at: Date | null;
  readonly redeemed_key: string | null;
  readonly salt: string | null;
  readonly generation: number | null;
  readonly withdrawn: boolean;
}

export type Redemption =
  | {
      readonly kind: 'redeemed';
      readonly address: DeviceAddress;
      readonly secret: DeviceSecret;
      readonly isFirst: boolean;
      readonly facts: readonly AuditFact[];
    }
  | { readonly kind: 'refused'; readonly why: CodeRefusal; readonly facts: readonly AuditFact[] };

export interface RedeemParts {
  readonly keys: EnrolmentKeys;
  readonly clock: Clock;
}

/** @returns the short public name of the key that signed, or undefined when the proof does not hold */
export function proofOf({ code, publicKeyPem, signature }: EnrolmentRequest): string | undefined {
  try {
    const key = publicKeyFromPem(publicKeyPem);
    const isProven = key.asymmetricKeyType === 'ed25519' && isSignedBy(enrolmentProof(code), signature, key);
    return isProven ? keyIdOf(key) : undefined;
  } catch {
    return undefined;
  }
}

/** @param request its proof was checked */
export async function redeemCode(
  tx: Transaction,
  request: EnrolmentRequest,
  { keys, clock }: RedeemParts,
): Promise<Redemption> {
  const nowMs = clock.now();
  const wanted = Buffer.from(keys.codeHash(request.code));
  // The lock makes tries of one code take turns.
  const rows = await tx.query<CodeRow>(
    `SELECT * FROM enrolment_codes WHERE selector = $1 ORDER BY made_at DESC, id DESC FOR UPDATE`,
    [selectorOf(request.code)],
  );
  const isRight = (row: CodeRow): boolean => timingSafeEqual(Buffer.from(row.code_hash), wanted);
  const row = rows.find(isRight) ?? rows.find(({ withdrawn, redeemed_at }) => !withdrawn && !redeemed_at);
  const verdict = judgeCode(
    row && {
      isRight: isRight(row),
      isWithdrawn: row.withdrawn,
      wrongTries: row.wrong_tries,
      expiresAtMs: row.expires_at.getTime(),
      ...(row.redeemed_at && row.redeemed_key !== null
        ? { redeemed: { atMs: row.redeemed_at.getTime(), publicKey: row.redeemed_key } }
        : {}),
    },
    request.publicKeyPem,
    nowMs,
  );
  if (verdict.kind === 'refused') return refuse(tx, row, verdict);
  if (!row) throw new Error('a code without a row was accepted');
  const address = { store: row.store, device: row.device };
  if (verdict.kind === 'again') return againOf(tx, row, address, { keys, request });
  return firstOf(tx, row, address, { keys, clock, request });
}

async function refuse(
  tx: Transaction,
  row: CodeRow | undefined,
  { why, counts }: { readonly why: CodeRefusal; readonly counts: boolean },
): Promise<Redemption> {
  if (!row || !counts) return { kind: 'refused', why, facts: [] };
  await tx.query('UPDATE enrolment_codes SET wrong_tries = wrong_tries + 1 WHERE id = $1', [row.id]);
  const isSpent = row.wrong_tries + 1 >= MAX_WRONG_TRIES;
  const text = `the code for ${row.store}/${row.device} was mistyped ${MAX_WRONG_TRIES} times and is closed`;
  const fact = { actor: 'hub', action: 'device.code-closed', subject: row.device, text };
  return { kind: 'refused', why, facts: isSpent ? [fact] : [] };
}

interface Asked extends RedeemParts {
  readonly request: EnrolmentRequest;
}

async function firstOf(
  tx: Transaction,
  row: CodeRow,
  address: DeviceAddress,
  { keys, clock, request }: Asked,
): Promise<Redemption> {
  const known = await credentialsOf(tx, address, 'FOR UPDATE');
  const generation = (known?.generation ?? 0) + 1;
  const salt = newSalt();
  const secret = { password: keys.secretFor(userNameOf(address), generation, salt), generation };
  const isKept = await keepCredentials(tx, address, { ...secret, publicKey: request.publicKeyPem }, clock);
  if (!isKept) return { kind: 'refused', why: 'unknown', facts: [] };
  await tx.query(
    `UPDATE enrolment_codes SET redeemed_at = $2, redeemed_key = $3, salt = $4, generation = $5 WHERE id = $1`,
    [row.id, instant(clock.now()), request.publicKeyPem, salt, generation],
  );
  const keyId = keyIdOf(publicKeyFromPem(request.publicKeyPem));
  const text = `${address.store}/${address.device} enrolled with a code of ${row.made_by}; its key is ${keyId}`;
  const detail = { store: address.store, device: address.device, keyId, generation, code: row.id };
  const fact = { actor: `device:${address.device}`, action: 'device.enrolled', subject: address.device };
  return { kind: 'redeemed', address, secret, isFirst: true, facts: [{ ...fact, text, detail }] };
}

/** Only while these are still the device's credentials: after a rotation or a revocation the old answer is void. */
async function againOf(
  tx: Transaction,
  row: CodeRow,
  address: DeviceAddress,
  { keys, request }: Omit<Asked, 'clock'>,
): Promise<Redemption> {
  const known = await credentialsOf(tx, address);
  const isPresent =
    known?.public_key === request.publicKeyPem &&
    known.generation === row.generation &&
    known.revoked_reason === null;
  if (!isPresent || row.salt === null || row.generation === null)
    return { kind: 'refused', why: 'expired', facts: [] };
  const password = keys.secretFor(userNameOf(address), row.generation, row.salt);
  return {
    kind: 'redeemed',
    address,
    secret: { password, generation: row.generation },
    isFirst: false,
    facts: [],
  };
}
