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

interface Generation {
  readonly documents: Map<number, object>;
  bytes: number;
}

const emptyGeneration = (): Generation => ({ documents: new Map(), bytes: 0 });

export class CachedTable {
  readonly #charge: (bytes: number) => boolean;
  #young = emptyGeneration();
  #old = emptyGeneration();

  /** `charge` books bytes on the common budget, or says that a document is too large to keep. */
  constructor(charge: (bytes: number) => boolean) {
    this.#charge = charge;
  }

  get(seq: number): object | undefined {
    return this.#young.documents.get(seq) ?? this.#fromOld(seq);
  }

  set(seq: number, document: object, bytes: number): void {
    if (!this.#charge(bytes)) return;
    this.#young.documents.set(seq, document);
    this.#young.bytes += bytes;
  }

  delete(seq: number): void {
    this.#young.documents.delete(seq);
    this.#old.documents.delete(seq);
  }

  age(): void {
    this.#old = this.#young;
    this.#young = emptyGeneration();
  }

  clear(): void {
    this.#young = emptyGeneration();
    this.#old = emptyGeneration();
  }

  #fromOld(seq: number): object | undefined {
    const { documents, bytes } = this.#old;
    const document = documents.get(seq);
    if (!document) return undefined;
    // What the documents of its generation took on average stands for what it takes itself.
    const share = bytes / documents.size;
    documents.delete(seq);
    this.#old.bytes -= share;
    this.set(seq, document, share);
    return document;
  }
}
