/**
 * The append-only, hash-chained and signed log of what the hub did and why.
 *
 * Invariants: entries are numbered without gaps; each names the hash of the one before; the head row is replaced in
 * the same transaction. Writers take turns on the head row, so it is locked last in a transaction: everything a
 * transaction has to say is appended in one call right before its end.
 */
import { type Clock, instant } from '@truecount/protocol';
import type { Queryable, Transaction } from '../database/index.ts';
import type { AuditAnchor } from './audit-anchor.ts';
import {
  type AuditEntry,
  type AuditFact,
  type AuditHead,
  GENESIS,
  sealEntry,
  sealHead,
} from './audit-entry.ts';
import type { HubKey } from './hub-key.ts';

/** Any number: the first entry has no head row to lock yet. */
const FIRST_ENTRY_LOCK = 7_236_202;

const insertEntry = `INSERT INTO audit_entries
  (seq, at, actor, action, subject, text, detail, previous, hash, key_id, signature)
  VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`;

const replaceHead = `INSERT INTO audit_head (only_row, seq, hash, at, key_id, signature) VALUES (true, $1, $2, $3, $4, $5)
  ON CONFLICT (only_row) DO UPDATE SET seq = $1, hash = $2, at = $3, key_id = $4, signature = $5`;

export class AuditLog {
  readonly #key: HubKey;
  readonly #anchor: AuditAnchor;
  readonly #clock: Clock;

  constructor(parts: { readonly key: HubKey; readonly anchor: AuditAnchor; readonly clock: Clock }) {
    this.#key = parts.key;
    this.#anchor = parts.anchor;
    this.#clock = parts.clock;
  }

  /** Call once, last in its transaction. */
  async append(tx: Transaction, facts: readonly AuditFact[]): Promise<void> {
    if (facts.length === 0) return;
    const head = await lockHead(tx);
    let previous: Pick<AuditEntry, 'seq' | 'hash'> = head ?? { seq: 0, hash: GENESIS };
    const at = instant(this.#clock.now());
    for (const fact of facts) {
      const entry = sealEntry(fact, { seq: previous.seq + 1, at, previous: previous.hash }, this.#key);
      await tx.query(insertEntry, [
        entry.seq,
        entry.at,
        entry.actor,
        entry.action,
        entry.subject,
        entry.text,
        entry.detail,
        entry.previous,
        entry.hash,
        entry.key_id,
        entry.signature,
      ]);
      previous = entry;
    }
    const sealed = sealHead({ ...previous, at }, this.#key);
    await tx.query(replaceHead, [sealed.seq, sealed.hash, sealed.at, sealed.key_id, sealed.signature]);
    tx.afterCommit(() => this.#anchor.note(sealed));
  }

  /** Resolves once the anchor has seen every committed entry. */
  async close(): Promise<void> {
    await this.#anchor.settled();
  }
}

async function lockHead(tx: Queryable): Promise<AuditHead | undefined> {
  const select = 'SELECT seq, hash, at, key_id, signature FROM audit_head FOR UPDATE';
  const [head] = await tx.query<AuditHead>(select);
  if (head) return head;
  await tx.query('SELECT pg_advisory_xact_lock($1)', [FIRST_ENTRY_LOCK]);
  return (await tx.query<AuditHead>(select))[0];
}
