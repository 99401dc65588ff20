/**
 * PostgreSQL inside this process. One connection: transactions run one after the other, so they are kept short.
 * The folder is locked by the operating system for as long as the process lives, because two processes on one
 * folder would destroy it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PGlite, types, type Transaction as PgliteTransaction } from '@electric-sql/pglite';
import type { Database, Queryable, SqlValue, Transaction, TransactionOptions } from './database.ts';
import { DatabaseFolderInUseError } from './errors.ts';
import { retryTransaction } from './retry-transaction.ts';
import { TransactionScope } from './transaction-scope.ts';

/** The usual 128 MB of buffers would lie in this process's memory; a hub's working set is far smaller. */
const LEAN = ['-c', 'shared_buffers=16MB', '-c', 'max_connections=10'];

export async function openPglite(folder: string | undefined): Promise<Database> {
  const lock = folder === undefined ? undefined : lockFolder(folder);
  try {
    const pglite = await PGlite.create({
      ...(folder === undefined ? {} : { dataDir: join(folder, 'pgdata') }),
      parsers: { [types.INT8]: Number },
      startParams: [...PGlite.defaultStartParams, ...LEAN],
    });
    return new PgliteDatabase(pglite, lock);
  } catch (error) {
    lock?.close();
    throw error;
  }
}

function lockFolder(folder: string): DatabaseSync {
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(join(folder, 'hub.lock'), { timeout: 0 });
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch {
    lock.close();
    throw new DatabaseFolderInUseError(folder);
  }
}

class PgliteDatabase implements Database {
  readonly kind = 'pglite';
  readonly #pglite: PGlite;
  readonly #lock: DatabaseSync | undefined;
  readonly #scope = new TransactionScope();

  constructor(pglite: PGlite, lock: DatabaseSync | undefined) {
    this.#pglite = pglite;
    this.#lock = lock;
  }

  query<Row extends object>(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]> {
    this.#scope.assertOutside();
    return queryableOf(this.#pglite).query<Row>(sql, values);
  }

  exec(sql: string): Promise<readonly object[]> {
    this.#scope.assertOutside();
    return queryableOf(this.#pglite).exec(sql);
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#scope.run(() =>
      retryTransaction(async () => {
        const effects: (() => void)[] = [];
        const result = await this.#pglite.transaction(async (tx) => {
          if (options?.isolation) await tx.exec(`SET TRANSACTION ISOLATION LEVEL ${options.isolation}`);
          return work({ ...queryableOf(tx), afterCommit: (effect) => effects.push(effect) });
        });
        for (const effect of effects) effect();
        return result;
      }),
    );
  }

  async listen(channel: string, onPayload: (payload: string | undefined) => void) {
    this.#scope.assertOutside();
    const stop = await this.#pglite.listen(channel, onPayload);
    return () => stop();
  }

  async close(): Promise<void> {
    await this.#pglite.close();
    this.#lock?.close();
  }
}

function queryableOf(connection: Pick<PgliteTransaction, 'query' | 'exec'>): Queryable {
  return {
    query: async <Row extends object>(sql: string, values: readonly SqlValue[] = []) =>
      (await connection.query<Row>(sql, [...values])).rows,
    exec: async (sql) => (await connection.exec(sql)).at(-1)?.rows ?? [],
  };
}
