/**
 * The store's append-only journal of observations: the only thing that cannot be rebuilt.
 *
 * States: open -> closed. Invariants: an append that resolved is on disk; sequence numbers have no gap and
 * never change; an id, or a feed with a key, is stored once; entries are never edited or removed. Needs no
 * network: an outage is invisible here.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { join } from 'node:path';
import { type FeedObservation, type LedgerEntry, newId, parseObservation } from '@truecount/protocol';
import { GroupCommit } from './group-commit.ts';
import { entryHash, GENESIS, toHex } from './hash-chain.ts';
import { confirmStart, type LedgerIdentity, startIdentity } from './identity.ts';
import { COLUMNS, type HistoryOptions, LedgerReader, type ReadOptions } from './ledger-reader.ts';
import { LedgerCorruptError } from './rows.ts';
import { openJournalFile, readMeta } from './tables.ts';

export const LEDGER_FILE = 'ledger.sqlite';

export type AppendResult =
  | { readonly status: 'stored'; readonly entry: LedgerEntry }
  | { readonly status: 'duplicate'; readonly id: string; readonly seq: number }
  | { readonly status: 'refused'; readonly problem: string };

export interface LedgerHead {
  /** 0 while empty. */
  readonly seq: number;
  readonly hash: string;
}

export interface LedgerOptions {
  readonly folder: string;
  readonly store: string;
  /** Name of this installation as enrolled at the hub; a random one when the journal is new and none is given. */
  readonly device?: string;
  /** Milliseconds since 1970, for the ids of entries that bring none. */
  readonly now: () => number;
  /** Most observations in one commit. */
  readonly maxGroup?: number;
}

const MAX_GROUP = 500;
const MAX_WAITING = 50_000;

type Item = FeedObservation & { readonly feed: string };

export class Ledger {
  readonly store: string;
  readonly #db: DatabaseSync;
  readonly #reader: LedgerReader;
  readonly #now: () => number;
  readonly #commits: GroupCommit<Item, AppendResult>;
  readonly #insert: StatementSync;
  readonly #byId: StatementSync;
  readonly #byKey: StatementSync;
  readonly #setHead: StatementSync;
  #identity: LedgerIdentity;
  #seq: number;
  #hash: Uint8Array;
  #closed = false;

  constructor(options: LedgerOptions) {
    this.#db = openJournalFile(join(options.folder, LEDGER_FILE));
    this.store = options.store;
    this.#now = options.now;
    const last = this.#db.prepare('SELECT seq, hash FROM entry ORDER BY seq DESC LIMIT 1').get();
    this.#seq = Number(last?.['seq'] ?? 0);
    this.#hash = (last?.['hash'] as Uint8Array | undefined) ?? GENESIS;
    checkHead(this.#db, this.head());
    this.#identity = startIdentity(this.#db, options.device);
    this.#reader = new LedgerReader(this.#db, { store: options.store, device: this.#identity.device });
    this.#insert = this.#db.prepare(
      `INSERT INTO entry (${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
    );
    this.#byId = this.#db.prepare('SELECT seq, id FROM entry WHERE id = ?');
    this.#byKey = this.#db.prepare('SELECT seq, id FROM entry WHERE feed = ? AND key = ?');
    this.#setHead = this.#db.prepare(
      "INSERT INTO meta (key, value) VALUES ('head', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
    );
    this.#commits = new GroupCommit({
      write: (items) => this.#write(items),
      maxGroup: options.maxGroup ?? MAX_GROUP,
      maxWaiting: MAX_WAITING,
    });
  }

  get identity(): LedgerIdentity {
    return this.#identity;
  }

  head(): LedgerHead {
    return { seq: this.#seq, hash: toHex(this.#hash) };
  }

  /** Number of entries; the sequence has no gap. */
  get entries(): number {
    return this.#seq;
  }

  /**
   * Stores observations of one feed and resolves, one result each in the same order, after the commit. A
   * rejection means that some may not be stored: sending the same ids or keys again is safe.
   */
  append(feed: string, observations: readonly FeedObservation[]): Promise<readonly AppendResult[]> {
    if (this.#closed) return Promise.reject(new LedgerClosedError());
    return this.#commits.submit(observations.map((observation) => ({ ...observation, feed })));
  }

  /** See ledger-reader.ts for these. */
  read(options: ReadOptions = {}): Generator<LedgerEntry, void, void> {
    return this.#reader.read(options);
  }

  history(options: HistoryOptions = {}): Generator<LedgerEntry, void, void> {
    return this.#reader.history(options);
  }

  latest(sku: string, limit: number): readonly LedgerEntry[] {
    return this.#reader.latest(sku, limit);
  }

  hashAt(seq: number): string | undefined {
    return this.#reader.hashAt(seq);
  }

  find(id: string): LedgerEntry | undefined {
    return this.#reader.find(id);
  }

  correctedIds(): ReadonlySet<string> {
    return this.#reader.correctedIds();
  }

  /** Tells the journal that the hub knows this start (see identity.ts). */
  confirmStart(): void {
    this.#identity = confirmStart(this.#db, this.#identity);
  }

  /** Writes what still waits and closes the file. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#commits.flush();
    this.#db.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #write(items: readonly Item[]): readonly AppendResult[] {
    const seq = this.#seq;
    const hash = this.#hash;
    this.#db.exec('BEGIN IMMEDIATE');
    try {
      const results = items.map((item) => this.#insertOne(item));
      if (this.#seq !== seq) this.#setHead.run(JSON.stringify(this.head()));
      this.#db.exec('COMMIT');
      return results;
    } catch (error) {
      this.#seq = seq;
      this.#hash = hash;
      if (this.#db.isTransaction) this.#db.exec('ROLLBACK');
      throw new LedgerWriteError(error);
    }
  }

  #insertOne(item: Item): AppendResult {
    const parsed = parseObservation(item.observation);
    if (!parsed.ok) return { status: 'refused', problem: parsed.problem };
    const observation = parsed.value;
    const chained = {
      seq: this.#seq + 1,
      id: item.id ?? newId(this.#now()),
      epoch: this.#identity.epoch,
      feed: item.feed,
      key: item.key ?? null,
      source: item.source ?? null,
      corrects: item.corrects ?? null,
      body: JSON.stringify(observation),
    };
    const hash = entryHash(this.#hash, chained);
    const { seq, id, epoch, feed, key, source, corrects, body } = chained;
    const t = Date.parse(observation.t);
    if (!Number.isFinite(t)) return { status: 'refused', problem: `t is no calendar date: ${observation.t}` };
    const sku = 'sku' in observation ? observation.sku : null;
    const { changes } = this.#insert.run(seq, id, epoch, feed, key, t, sku, source, corrects, body, hash);
    if (changes === 0) return this.#duplicateOf(item);
    this.#seq = seq;
    this.#hash = hash;
    const envelope = { id, store: this.store, device: this.#identity.device, epoch, seq, feed };
    return {
      status: 'stored',
      entry: {
        ...envelope,
        ...(source === null ? {} : { source }),
        ...(corrects === null ? {} : { corrects }),
        observation,
      },
    };
  }

  #duplicateOf(item: Item): AppendResult {
    const known =
      (item.id === undefined ? undefined : this.#byId.get(item.id)) ??
      (item.key === undefined ? undefined : this.#byKey.get(item.feed, item.key));
    return { status: 'duplicate', id: String(known?.['id']), seq: Number(known?.['seq']) };
  }
}

/** The head is written with the entries it names; a difference means that rows were removed or slipped in. */
function checkHead(db: DatabaseSync, found: LedgerHead): void {
  const stored = readMeta(db, 'head');
  const expected: unknown = stored === undefined ? { seq: 0, hash: toHex(GENESIS) } : JSON.parse(stored);
  const { seq, hash } = expected as LedgerHead;
  if (seq !== found.seq || hash !== found.hash)
    throw new LedgerCorruptError(
      Math.min(seq, found.seq) + 1,
      `is not where the journal ended (${seq} entries)`,
    );
}

export class LedgerClosedError extends Error {
  readonly code = 'E_LEDGER_CLOSED';
  constructor() {
    super('the ledger is closed: the agent is shutting down; send the observation again after its restart');
  }
}

export class LedgerWriteError extends Error {
  readonly code = 'E_LEDGER_WRITE';
  constructor(cause: unknown) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    super(
      `the journal could not be written (${reason}); free disk space or check the disk, then send again`,
      {
        cause,
      },
    );
  }
}
