/**
 * Who writes this journal, and in which of its lives.
 *
 * `device` names the installation, `epoch` rises when a backup is restored, and every start adds a random
 * nonce to `lineage`. The hub remembers the last nonce it saw: a start whose lineage does not contain it comes
 * from a copied folder (the other copy has gone on meanwhile) and is refused instead of merged. The lineage
 * begins with the last nonce that the hub confirmed, so a start the hub never heard of (a crash, an outage)
 * is no fork.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { readMeta, writeMeta } from './tables.ts';

export interface LedgerIdentity {
  readonly device: string;
  readonly epoch: number;
  /** This start's own nonce: the last of `lineage`. */
  readonly start: string;
  /** Nonces from the one the hub last confirmed up to this start, oldest first. */
  readonly lineage: readonly string[];
}

/** Starts kept between two confirmations; the confirmed one and the newest always stay. */
const MAX_LINEAGE = 200;

/** Adds one start. Pure: the nonce comes in. */
function extendLineage(lineage: readonly string[], nonce: string): readonly string[] {
  const next = [...lineage, nonce];
  if (next.length <= MAX_LINEAGE) return next;
  return [...next.slice(0, 1), ...next.slice(next.length - MAX_LINEAGE + 1)];
}

export function startIdentity(db: DatabaseSync, device: string | undefined): LedgerIdentity {
  const known = readMeta(db, 'device');
  const name = known ?? device ?? randomUUID();
  const epoch = Number(readMeta(db, 'epoch') ?? 1);
  const lineage = extendLineage(readLineage(db), randomBytes(16).toString('hex'));
  db.exec('BEGIN IMMEDIATE');
  writeMeta(db, 'device', name);
  writeMeta(db, 'epoch', String(epoch));
  writeMeta(db, 'lineage', JSON.stringify(lineage));
  db.exec('COMMIT');
  return { device: name, epoch, start: lineage.at(-1) ?? '', lineage };
}

/** The hub knows this start: earlier nonces are no longer needed. */
export function confirmStart(db: DatabaseSync, identity: LedgerIdentity): LedgerIdentity {
  const lineage = [identity.start];
  writeMeta(db, 'lineage', JSON.stringify(lineage));
  return { ...identity, lineage };
}

/** A restored journal lives on under a higher epoch and without a lineage, so it never passes for its source. */
export function beginNextEpoch(db: DatabaseSync): number {
  const epoch = Number(readMeta(db, 'epoch') ?? 1) + 1;
  db.exec('BEGIN IMMEDIATE');
  writeMeta(db, 'epoch', String(epoch));
  writeMeta(db, 'lineage', '[]');
  db.exec('COMMIT');
  return epoch;
}

function readLineage(db: DatabaseSync): readonly string[] {
  const stored: unknown = JSON.parse(readMeta(db, 'lineage') ?? '[]');
  return Array.isArray(stored) ? stored.filter((nonce) => typeof nonce === 'string') : [];
}
