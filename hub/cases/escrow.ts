/**
 * Units that are promised: reservation rows with an owner and an expiry. Totals are derived from the rows, never
 * stored, never clamped.
 *
 * There is one way to promise units: `allocate`. It takes the turn of the SKU-store, derives what is promised, and
 * adds a row only if the belief still supports it. A row whose time has passed no longer counts, whoever forgot it.
 */
import { newId, instant } from '@truecount/protocol';
import type { Queryable, Transaction } from '../database/index.ts';
import { getDocument } from '../intake/index.ts';

export interface Pledge {
  readonly store: string;
  readonly sku: string;
  readonly qty: number;
  /** `transfer:<id>`, `order:<id>` or `lease:<id>`; one owner holds at most one row per SKU-store. */
  readonly owner: string;
  readonly expiresAtMs: number;
}

export type Allocation =
  | { readonly ok: true; readonly reservationId: string }
  | { readonly ok: false; readonly asked: number; readonly supported: number; readonly promised: number };

const LOCK_SPACE = 7_236_204;

/** Writers of one SKU-store take turns from here until their transaction ends. */
async function takeTurn(tx: Transaction, store: string, sku: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock($1, hashtext($2))', [LOCK_SPACE, `${store}|${sku}`]);
}

export async function promisedUnits(
  database: Queryable,
  place: {
    readonly store: string;
    readonly sku: string;
    readonly nowMs: number;
    readonly exceptOwner?: string;
  },
): Promise<number> {
  const [row] = await database.query<{ units: number }>(
    `SELECT coalesce(sum(qty), 0)::int AS units FROM reservations
     WHERE store = $1 AND sku = $2 AND ended_at IS NULL AND expires_at > $3 AND owner <> $4`,
    [place.store, place.sku, instant(place.nowMs), place.exceptOwner ?? ''],
  );
  return row?.units ?? 0;
}

/** Largest q with P(on-hand >= q) >= 1 - alpha. */
export function supportedUnits(pmf: readonly number[], alpha: number): number {
  let tail = pmf.reduce((sum, p) => sum + p, 0);
  let q = 0;
  // The pmf arrives trimmed and rounded; a shortfall below 1e-6 is that, not doubt.
  for (let n = 0; n < pmf.length; n += 1) {
    if (tail < 1 - alpha - 1e-6) break;
    q = n;
    tail -= pmf[n] ?? 0;
  }
  return q;
}

/**
 * Promises units, or says how many there are to promise. The same owner asking again for the same SKU-store replaces
 * its row, so a repeated request counts once.
 */
export async function allocate(
  tx: Transaction,
  wanted: Pledge,
  belief: { readonly alpha: number; readonly nowMs: number },
): Promise<Allocation> {
  const { store, sku, owner } = wanted;
  await takeTurn(tx, store, sku);
  const position = await getDocument(tx, 'positions', `${store}|${sku}`);
  const supported = position ? supportedUnits(position.document.pmf, belief.alpha) : 0;
  const promised = await promisedUnits(tx, { store, sku, nowMs: belief.nowMs, exceptOwner: owner });
  if (promised + wanted.qty > supported) return { ok: false, asked: wanted.qty, supported, promised };
  await endRows(tx, wanted, { nowMs: belief.nowMs, reason: 'replaced' });
  const reservationId = newId(belief.nowMs);
  await tx.query(
    `INSERT INTO reservations (id, store, sku, qty, owner, made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [reservationId, store, sku, wanted.qty, owner, instant(belief.nowMs), instant(wanted.expiresAtMs)],
  );
  return { ok: true, reservationId };
}

function endRows(
  tx: Transaction,
  of: { readonly store: string; readonly sku: string; readonly owner: string },
  end: { readonly nowMs: number; readonly reason: string },
): Promise<readonly object[]> {
  return tx.query(
    `UPDATE reservations SET ended_at = $4, end_reason = $5
     WHERE store = $1 AND sku = $2 AND owner = $3 AND ended_at IS NULL`,
    [of.store, of.sku, of.owner, instant(end.nowMs), end.reason],
  );
}

/** Takes units out of what an owner holds, to promise them under another name in the same transaction. */
export async function shrink(
  tx: Transaction,
  owner: string,
  units: { readonly store: string; readonly sku: string; readonly qty: number; readonly nowMs: number },
): Promise<void> {
  const { store, sku, qty, nowMs } = units;
  await takeTurn(tx, store, sku);
  await tx.query(
    `UPDATE reservations SET ended_at = $4, end_reason = 'used'
     WHERE owner = $1 AND sku = $2 AND ended_at IS NULL AND qty <= $3`,
    [owner, sku, qty, instant(nowMs)],
  );
  await tx.query(
    'UPDATE reservations SET qty = qty - $3 WHERE owner = $1 AND sku = $2 AND ended_at IS NULL AND qty > $3',
    [owner, sku, qty],
  );
}

/** Gives back everything an owner holds, or only of one product; giving back twice changes nothing. */
export async function release(
  tx: Transaction,
  owner: string,
  end: { readonly nowMs: number; readonly reason: string },
  sku?: string,
): Promise<void> {
  await tx.query(
    `UPDATE reservations SET ended_at = $2, end_reason = $3
     WHERE owner = $1 AND ended_at IS NULL AND ($4::text IS NULL OR sku = $4)`,
    [owner, instant(end.nowMs), end.reason, sku ?? null],
  );
}
