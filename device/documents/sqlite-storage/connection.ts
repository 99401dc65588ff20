import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';

export type Row = readonly (string | number | bigint | null | Uint8Array)[];
export type Params = readonly SQLInputValue[];

/** Queries of an application come in few shapes; the bound only matters to a program that builds shapes endlessly. */
const preparedLimit = 256;

/**
 * One SQLite connection with its prepared statements. Rows come as arrays. A connection serves one caller at a time;
 * whoever hands it out (`DatabaseFile`) sees to that.
 */
export class Connection {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();

  constructor(path: string) {
    this.#database = new DatabaseSync(path, { timeout: 0, returnArrays: true });
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  run(sql: string, params: Params = []): number {
    return Number(this.prepare(sql).run(...params).changes);
  }

  get(sql: string, params: Params = []): Row | undefined {
    return this.prepare(sql).get(...params) as unknown as Row | undefined;
  }

  all(sql: string, params: Params = []): readonly Row[] {
    return this.prepare(sql).all(...params) as unknown as readonly Row[];
  }

  /** For statements with one column of whole numbers: its values. */
  numbers(sql: string, params: Params = []): number[] {
    return this.all(sql, params).map((row) => Number(row[0]));
  }

  prepare(sql: string): StatementSync {
    let statement = this.#prepared.get(sql);
    if (statement) return statement;
    if (this.#prepared.size >= preparedLimit) {
      const oldest = this.#prepared.keys().next();
      if (!oldest.done) this.#prepared.delete(oldest.value);
    }
    statement = this.#database.prepare(sql);
    this.#prepared.set(sql, statement);
    return statement;
  }

  /** After an error, which is the one to report: SQLite may have rolled back by itself (disk full, I/O error). */
  rollBack(): void {
    try {
      this.run('ROLLBACK');
    } catch {
      // Nothing was left to roll back.
    }
  }

  close(): void {
    this.#prepared.clear();
    this.#database.close();
  }
}

export function numberIn(row: Row | undefined): number {
  const value = row?.[0];
  return typeof value === 'number' || typeof value === 'bigint' ? Number(value) : 0;
}
