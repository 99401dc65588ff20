/** Walks the whole journal and names the first entry that does not follow from its predecessor. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { entryHash, GENESIS, toHex } from './hash-chain.ts';
import { type EntryRow } from './rows.ts';
import { openJournalFile, readMeta } from './tables.ts';

export type LedgerVerdict =
  | { readonly whole: true; readonly entries: number; readonly hash: string }
  | { readonly whole: false; readonly entries: number; readonly brokenAt: number; readonly problem: string };

const PAGE_ROWS = 1000;

/** @param path the journal file; it may be in use by a running agent */
export async function verifyLedger(path: string, signal?: AbortSignal): Promise<LedgerVerdict> {
  const db = openJournalFile(path);
  try {
    const stored = JSON.parse(readMeta(db, 'head') ?? '{"seq":0}') as {
      readonly seq: number;
      readonly hash?: string;
    };
    const page = db.prepare(
      'SELECT seq, id, epoch, feed, key, source, corrects, body, hash FROM entry WHERE seq > ? AND seq <= ? ORDER BY seq LIMIT ?',
    );
    let previous = GENESIS;
    let seq = 0;
    while (seq < stored.seq) {
      signal?.throwIfAborted();
      const rows = page.all(seq, stored.seq, PAGE_ROWS) as unknown as EntryRow[];
      for (const row of rows) {
        if (row.seq !== seq + 1) break;
        const hash = entryHash(previous, row);
        if (toHex(hash) !== toHex(row.hash))
          return broken(seq, row.seq, 'was changed after it was written, or an earlier one was');
        previous = hash;
        seq = row.seq;
      }
      if (rows.length === 0 || seq < (rows.at(-1)?.seq ?? 0)) return broken(seq, seq + 1, 'is missing');
      await nextTurn();
    }
    const hash = toHex(previous);
    if (stored.hash !== undefined && stored.hash !== hash)
      return broken(seq, seq, 'is not the one the journal ended with');
    return { whole: true, entries: seq, hash };
  } finally {
    db.close();
  }
}

const broken = (entries: number, at: number, what: string): LedgerVerdict => ({
  whole: false,
  entries,
  brokenAt: at,
  problem: `entry ${at} ${what}`,
});
