/** Rows of the journal and the entries they stand for. */
import { type LedgerEntry, parseObservation } from '@truecount/protocol';
import type { ChainedFields } from './hash-chain.ts';

export interface EntryRow extends ChainedFields {
  readonly t: number;
  readonly sku: string | null;
  readonly hash: Uint8Array;
}

export class LedgerCorruptError extends Error {
  readonly code = 'E_LEDGER_CORRUPT';
  readonly seq: number;
  constructor(seq: number, what: string) {
    super(
      `ledger entry ${seq} ${what}; stop the agent and run "truecount restore" with the last good backup, or "truecount rebuild --check" to see how much is affected`,
    );
    this.seq = seq;
  }
}

export function toEntry(row: EntryRow, device: string, store: string): LedgerEntry {
  let body: unknown;
  try {
    body = JSON.parse(row.body);
  } catch {
    throw new LedgerCorruptError(row.seq, 'is not readable');
  }
  const parsed = parseObservation(body);
  if (!parsed.ok) throw new LedgerCorruptError(row.seq, `holds no valid observation (${parsed.problem})`);
  return {
    id: row.id,
    store,
    device,
    epoch: row.epoch,
    seq: row.seq,
    feed: row.feed,
    ...(row.source === null ? {} : { source: row.source }),
    ...(row.corrects === null ? {} : { corrects: row.corrects }),
    observation: parsed.value,
  };
}
