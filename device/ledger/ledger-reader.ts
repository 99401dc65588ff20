/**
 * Reads a journal without writing: what the open `Ledger` answers its questions with, and what other threads look
 * through while the agent goes on writing. A page at a time, so that a long read never holds a statement open over
 * a write.
 */
import { DatabaseSync } from 'node:sqlite';
import type { LedgerEntry } from '@truecount/protocol';
import { toHex } from './hash-chain.ts';
import { type EntryRow, toEntry } from './rows.ts';

export interface ReadOptions {
  /** First sequence number wanted; 1 when absent. */
  readonly fromSeq?: number;
  readonly limit?: number;
}

export interface HistoryOptions {
  /** One SKU; the whole store when absent. */
  readonly sku?: string;
  /** Earliest instant wanted, milliseconds since 1970. */
  readonly fromMs?: number;
}

const PAGE_ROWS = 500;
export const COLUMNS = 'seq, id, epoch, feed, key, t, sku, source, corrects, body, hash';

/** Whose journal it is; entries carry both. */
export interface JournalOf {
  readonly store: string;
  readonly device: string;
}

export class LedgerReader {
  readonly #db: DatabaseSync;
  readonly #of: JournalOf;

  constructor(db: DatabaseSync, of: JournalOf) {
    this.#db = db;
    this.#of = of;
  }

  /** The newest entry that is committed now. */
  head(): { readonly seq: number; readonly hash: string } {
    const row = this.#db.prepare('SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1').get();
    if (row === undefined) return { seq: 0, hash: '' };
    return { seq: Number(row['seq']), hash: toHex(row['hash'] as Uint8Array) };
  }

  /** Entries in sequence order. */
  *read(options: ReadOptions = {}): Generator<LedgerEntry, void, void> {
    const page = this.#db.prepare(`SELECT ${COLUMNS} FROM entry WHERE seq >= ? ORDER BY seq LIMIT ?`);
    let next = options.fromSeq ?? 1;
    let left = options.limit ?? Number.POSITIVE_INFINITY;
    while (left > 0) {
      const rows = page.all(next, Math.min(PAGE_ROWS, left)) as unknown as EntryRow[];
      for (const row of rows) yield this.#entry(row);
      if (rows.length < Math.min(PAGE_ROWS, left)) return;
      left -= rows.length;
      next = (rows.at(-1)?.seq ?? next) + 1;
    }
  }

  /**
   * Entries in order of the time they happened, then of their arrival: of one SKU, or of the whole store. What
   * a belief folds again after a late observation.
   */
  *history(options: HistoryOptions = {}): Generator<LedgerEntry, void, void> {
    const { sku } = options;
    const page = this.#db.prepare(
      `SELECT ${COLUMNS} FROM entry WHERE ${sku === undefined ? '' : 'sku = ? AND'} (t, seq) > (?, ?)
       ORDER BY t, seq LIMIT ${PAGE_ROWS}`,
    );
    let t = options.fromMs ?? Number.MIN_SAFE_INTEGER;
    let seq = 0;
    for (;;) {
      const rows = (sku === undefined ? page.all(t, seq) : page.all(sku, t, seq)) as unknown as EntryRow[];
      for (const row of rows) yield this.#entry(row);
      const last = rows.at(-1);
      if (last === undefined || rows.length < PAGE_ROWS) return;
      t = last.t;
      seq = last.seq;
    }
  }

  /** The newest entries about one SKU, newest first. */
  latest(sku: string, limit: number): readonly LedgerEntry[] {
    const rows = this.#db
      .prepare(`SELECT ${COLUMNS} FROM entry WHERE sku = ? ORDER BY t DESC, seq DESC LIMIT ?`)
      .all(sku, limit) as unknown as EntryRow[];
    return rows.map((row) => this.#entry(row));
  }

  /** Hash of the entry at `seq`, hex; undefined where there is none. */
  hashAt(seq: number): string | undefined {
    const row = this.#db.prepare('SELECT hash FROM entry WHERE seq = ?').get(seq);
    return row === undefined ? undefined : toHex(row['hash'] as Uint8Array);
  }

  find(id: string): LedgerEntry | undefined {
    const row = this.#db.prepare(`SELECT ${COLUMNS} FROM entry WHERE id = ?`).get(id);
    return row === undefined ? undefined : this.#entry(row as unknown as EntryRow);
  }

  /** Ids that later entries took back; a fold leaves these and the entries that took them back out. */
  correctedIds(): ReadonlySet<string> {
    const rows = this.#db.prepare('SELECT corrects FROM entry WHERE corrects IS NOT NULL').all();
    return new Set(rows.map((row) => String(row['corrects'])));
  }

  #entry(row: EntryRow): LedgerEntry {
    return toEntry(row, this.#of.device, this.#of.store);
  }
}

/** A journal that another thread or process writes. @param path of the journal file, which must exist */
export function openLedgerReader(path: string, of: JournalOf): LedgerReader & Disposable {
  const db = new DatabaseSync(path, { readOnly: true, timeout: 5000 });
  return Object.assign(new LedgerReader(db, of), { [Symbol.dispose]: () => db.close() });
}
