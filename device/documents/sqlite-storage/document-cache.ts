/**
 * Parsed documents by their sequence number, so that reads need not parse the same JSON again.
 *
 * A sequence number names one version of one document in one file and is never given to another, whichever process
 * writes; the cache therefore cannot be stale. SQLite still answers which versions a query returns. Documents come in by
 * reference, as in RxDB's memory storage: RxDB never changes a document it has read from or handed to a storage.
 *
 * Two generations approximate least-recently-used at the price of one map lookup: when the young one holds half of the
 * budget it becomes the old one, and what is read from the old one moves to the young.
 */
export class DocumentCache {
  readonly #halfBudgetBytes: number;
  readonly #tables = new Map<string, CachedTable>();
  #youngBytes = 0;

  /** The budget counts JSON text; the objects themselves take about three times as much. */
  constructor(budgetBytes: number) {
    this.#halfBudgetBytes = budgetBytes / 2;
  }

  table(path: string, tableName: string): CachedTable {
    const key = `${path}\0${tableName}`;
    let table = this.#tables.get(key);
    if (!table) {
      table = new CachedTable((bytes) => this.#charge(bytes));
      this.#tables.set(key, table);
    }
    return table;
  }

  /** Drops what is known about a file, or about one of its tables. */
  forget(path: string, tableName = ''): void {
    for (const [key, table] of this.#tables) {
      if (!key.startsWith(`${path}\0${tableName}`)) continue;
      table.clear();
      this.#tables.delete(key);
    }
  }

  #charge(bytes: number): boolean {
    if (bytes > this.#halfBudgetBytes / 8) return false;
    this.#youngBytes += bytes;
    if (this.#youngBytes > this.#halfBudgetBytes) {
      for (const table of this.#tables.values()) table.age();
      this.#youngBytes = bytes;
    }
    return true;
  }
}

interface CachedDocument {
  readonly document: object;
  readonly bytes: number;
}

export class CachedTable {
  readonly #charge: (bytes: number) => boolean;
  #young = new Map<number, CachedDocument>();
  #old = new Map<number, CachedDocument>();

  /** `charge` books bytes on the common budget, or says that a document is too large to keep. */
  constructor(charge: (bytes: number) => boolean) {
    this.#charge = charge;
  }

  get(seq: number): object | undefined {
    const young = this.#young.get(seq);
    if (young) return young.document;
    const old = this.#old.get(seq);
    if (!old) return undefined;
    this.#old.delete(seq);
    this.set(seq, old.document, old.bytes);
    return old.document;
  }

  set(seq: number, document: object, bytes: number): void {
    if (this.#charge(bytes)) this.#young.set(seq, { document, bytes });
  }

  delete(seq: number): void {
    this.#young.delete(seq);
    this.#old.delete(seq);
  }

  age(): void {
    this.#old = this.#young;
    this.#young = new Map();
  }

  clear(): void {
    this.#young.clear();
    this.#old.clear();
  }
}
