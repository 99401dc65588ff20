/**
 * One entry of the audit chain and what makes it provable, as pure functions.
 *
 * hash      = SHA-256 over the RFC 8785 form of every other column but the signature, the previous hash included
 * signature = Ed25519 over `entry:<hash>`; the head's is over `head:<RFC 8785 form>`, so neither can pass for the other
 */
import { canonical, hashOf } from '@truecount/protocol/signing';
import type { HubKey } from './hub-key.ts';

/** Something that was done, by whom, to what, in words and with its inputs. */
export interface AuditFact {
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly text: string;
  readonly detail?: unknown;
}

export interface AuditEntry {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly action: string;
  readonly subject: string;
  readonly text: string;
  /** RFC 8785 text, kept as written. */
  readonly detail: string;
  readonly previous: string;
  readonly hash: string;
  readonly key_id: string;
  readonly signature: string;
}

/** What the chain ended in when it was last looked at, signed. */
export interface AuditHead {
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
  readonly key_id: string;
  readonly signature: string;
}

/** `previous` of the first entry. */
export const GENESIS = '0'.repeat(64);

export function sealEntry(
  fact: AuditFact,
  place: { readonly seq: number; readonly at: string; readonly previous: string },
  key: HubKey,
): AuditEntry {
  const unsealed = {
    seq: place.seq,
    at: place.at,
    actor: fact.actor,
    action: fact.action,
    subject: fact.subject,
    text: fact.text,
    detail: canonical(fact.detail ?? null),
    previous: place.previous,
    key_id: key.keyId,
  };
  const hash = hashOf(unsealed);
  return { ...unsealed, hash, signature: key.sign(`entry:${hash}`) };
}

export function sealHead(entry: Pick<AuditEntry, 'seq' | 'hash' | 'at'>, key: HubKey): AuditHead {
  const unsealed = { seq: entry.seq, hash: entry.hash, at: entry.at, key_id: key.keyId };
  return { ...unsealed, signature: key.sign(`head:${canonical(unsealed)}`) };
}

/** @returns what is wrong with this entry after `previous`, in words, or undefined */
export function entryFault(
  entry: AuditEntry,
  previous: { readonly seq: number; readonly hash: string },
  key: HubKey,
): string | undefined {
  if (entry.seq !== previous.seq + 1) return `entry ${previous.seq + 1} is missing`;
  if (entry.previous !== previous.hash) return `entry ${entry.seq} does not follow the entry before it`;
  const { hash, signature, ...unsealed } = entry;
  if (hashOf(unsealed) !== hash) return `entry ${entry.seq} was changed`;
  if (entry.key_id !== key.keyId) return `entry ${entry.seq} is signed with another key (${entry.key_id})`;
  if (!key.isSigned(`entry:${hash}`, signature)) return `the signature of entry ${entry.seq} is not valid`;
  return undefined;
}

export function headFault(head: AuditHead, key: HubKey): string | undefined {
  const { signature, ...unsealed } = head;
  if (!key.isSigned(`head:${canonical(unsealed)}`, signature))
    return 'the signature of the head is not valid';
  return undefined;
}
