/**
 * Order of sequence numbers. A device pulls "everything after 17", so 17 must never become visible while a
 * lower number of the same store is still uncommitted: it would be skipped for ever. Writers of one store
 * therefore take turns from before they draw a number until after their commit is visible (PostgreSQL releases
 * advisory transaction locks after the commit). Writers of different stores do not wait for each other.
 */
import type { Transaction } from '../database/index.ts';
import { ALL_STORES } from './document-scope.ts';

/** First keys of the two-key advisory locks; any two numbers. */
const ALL_STORES_LOCK = 7_236_202;
const ONE_STORE_LOCK = 7_236_203;

/** Waits for the turn of every store given. Locks are ordered, so two callers cannot block each other. */
export async function lockStores(tx: Transaction, stores: Iterable<string>): Promise<void> {
  const names = [...new Set(stores)];
  if (names.includes(ALL_STORES)) {
    await tx.query('SELECT pg_advisory_xact_lock($1, 0)', [ALL_STORES_LOCK]);
    return;
  }
  await tx.query(
    `SELECT pg_advisory_xact_lock_shared($1, 0), lock_stores.turns FROM (
       SELECT count(pg_advisory_xact_lock($2, key)) AS turns FROM (
         SELECT DISTINCT hashtext(name) AS key FROM unnest($3::text[]) AS name ORDER BY key) AS keys
     ) AS lock_stores`,
    [ALL_STORES_LOCK, ONE_STORE_LOCK, names],
  );
}
