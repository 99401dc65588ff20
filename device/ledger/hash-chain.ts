/**
 * Every entry carries the hash of its predecessor, so an entry that was changed, dropped or slipped in breaks
 * every hash after it. The head (sequence and hash) is kept beside the entries and told to the hub: that is
 * what shows the loss of a tail.
 */
import { hash } from 'node:crypto';

/** The hash before the first entry. */
export const GENESIS: Uint8Array = new Uint8Array(32);

export interface ChainedFields {
  readonly seq: number;
  readonly id: string;
  readonly epoch: number;
  readonly feed: string;
  readonly key: string | null;
  readonly source: string | null;
  readonly corrects: string | null;
  readonly body: string;
}

/** SHA-256 over the previous hash and the entry; JSON keeps the fields apart from each other. */
export function entryHash(previous: Uint8Array, entry: ChainedFields): Uint8Array {
  const { seq, id, epoch, feed, key, source, corrects, body } = entry;
  const text = `${toHex(previous)}\n${JSON.stringify([seq, id, epoch, feed, key, source, corrects])}\n${body}`;
  return hash('sha256', text, 'buffer');
}

export const toHex = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex');
