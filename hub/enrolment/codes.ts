/** Codes as rows: made, listed, withdrawn. */
import { randomBytes } from 'node:crypto';
import {
  type Clock,
  type CodeRequest,
  enrolmentCodeFrom,
  instant,
  type IssuedCode,
  newId,
  type OpenCode,
} from '@truecount/protocol';
import type { Queryable, Transaction } from '../database/index.ts';
import { MAX_WRONG_TRIES } from './judge-code.ts';
import type { EnrolmentKeys } from './keys.ts';

export const DEFAULT_MINUTES = 60;
/** Codes that wait at the same time: more than that is a script gone wrong. */
const MAX_OPEN = 20_000;
/** How long rows of codes that are over are kept. */
const KEPT_MS = 30 * 24 * 3_600_000;

export const selectorOf = (code: string): string => code.slice(0, 4);

export async function issueCode(
  tx: Transaction,
  wanted: CodeRequest & { readonly by: string },
  { keys, clock }: { readonly keys: EnrolmentKeys; readonly clock: Clock },
): Promise<Omit<IssuedCode, 'fingerprint'> | { readonly problem: string }> {
  const nowMs = clock.now();
  const device = wanted.device ?? `${wanted.store}-agent`;
  const [known] = await tx.query<{ store: string }>('SELECT store FROM devices WHERE id = $1', [device]);
  if (known && known.store !== wanted.store)
    return { problem: `device ${device} belongs to store ${known.store}; give this one another name` };
  await tx.query('DELETE FROM enrolment_codes WHERE expires_at < $1', [instant(nowMs - KEPT_MS)]);
  const [open] = await tx.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM enrolment_codes
     WHERE redeemed_at IS NULL AND NOT withdrawn AND expires_at > $1`,
    [instant(nowMs)],
  );
  if ((open?.n ?? 0) >= MAX_OPEN)
    return { problem: `${MAX_OPEN} codes are open; withdraw some or wait until they expire` };
  // The newest code of a device is the one that counts.
  await tx.query(
    'UPDATE enrolment_codes SET withdrawn = true WHERE device = $1 AND redeemed_at IS NULL AND NOT withdrawn',
    [device],
  );
  const code = enrolmentCodeFrom(randomBytes(8));
  const id = newId(nowMs);
  const expiresAt = instant(nowMs + (wanted.minutes ?? DEFAULT_MINUTES) * 60_000);
  await tx.query(
    `INSERT INTO enrolment_codes (id, selector, code_hash, store, device, made_by, made_at, expires_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
    [id, selectorOf(code), keys.codeHash(code), wanted.store, device, wanted.by, instant(nowMs), expiresAt],
  );
  return { id, code, store: wanted.store, device, expiresAt };
}

export async function openCodes(database: Queryable, nowMs: number): Promise<readonly OpenCode[]> {
  const rows = await database.query<{
    id: string;
    store: string;
    device: string;
    made_by: string;
    expires_at: Date;
    wrong_tries: number;
  }>(
    `SELECT id, store, device, made_by, expires_at, wrong_tries FROM enrolment_codes
     WHERE redeemed_at IS NULL AND NOT withdrawn AND expires_at > $1 AND wrong_tries < $2 ORDER BY expires_at LIMIT 500`,
    [instant(nowMs), MAX_WRONG_TRIES],
  );
  return rows.map((row) => ({
    id: row.id,
    store: row.store,
    device: row.device,
    by: row.made_by,
    expiresAt: instant(row.expires_at.getTime()),
    wrongTries: row.wrong_tries,
  }));
}
