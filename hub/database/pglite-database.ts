/**
 * PostgreSQL inside this process. One connection: transactions run one after the other, so they are kept short.
 * The folder is locked by the operating system for as long as the process lives, because two processes on one
 * folder would destroy it.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { PGlite, types } from '@electric-sql/pglite';
import type {
  Database,
  DatabaseSource,
  Queryable,
  SqlValue,
  Transaction,
  TransactionOptions,
} from './database.ts';
import { createCluster } from './create-cluster.ts';
import { DURABLE_START, DurableFiles } from './durable-files.ts';
import { DatabaseFolderInUseError, DatabaseUsageError } from './errors.ts';
import { type Lane, Lanes } from './lanes.ts';
import { PgliteConnection } from './pglite-connection.ts';
import { retryTransaction } from './retry-transaction.ts';
import { tidyRegularly } from './tidy-tables.ts';
import { TransactionScope } from './transaction-scope.ts';

/** The usual 128 MB of buffers would lie in this process's memory; a hub's working set is far smaller. */
const LEAN = ['-c', 'shared_buffers=8MB', '-c', 'max_connections=10'];

const TIDY_EVERY_MS = 5 * 60_000;

export async function openPglite({
  folder,
  image,
  onWarning = () => undefined,
}: Pick<DatabaseSource, 'folder' | 'image' | 'onWarning'>): Promise<Database> {
  const lock = folder === undefined ? undefined : lockFolder(folder);
  try {
    const dataDir = folder === undefined ? undefined : join(folder, 'pgdata');
    if (dataDir !== undefined) await createCluster(dataDir);
    const pglite = await PGlite.create({
      ...(dataDir === undefined ? (image ? { loadDataDir: image } : {}) : { fs: new DurableFiles(dataDir) }),
      parsers: { [types.INT8]: Number },
      startParams: [...(dataDir === undefined ? PGlite.defaultStartParams : DURABLE_START), ...LEAN],
    });
    const connection = new PgliteConnection(pglite);
    const database = new PgliteDatabase({
      pglite,
      connection,
      lock,
      lanes: new Lanes(),
      scope: new TransactionScope(),
    });
    if (folder !== undefined)
      database.stopTidying = tidyRegularly(database, { everyMs: TIDY_EVERY_MS, onWarning });
    return database;
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

interface PgliteParts {
  readonly pglite: PGlite;
  readonly connection: PgliteConnection;
  readonly lock: DatabaseSync | undefined;
  readonly lanes: Lanes;
  readonly scope: TransactionScope;
}

class PgliteDatabase implements Database {
  readonly kind = 'pglite';
  stopTidying: () => Promise<void> = () => Promise.resolve();
  readonly #parts: PgliteParts;
  readonly #lane: Lane;

  constructor(parts: PgliteParts, lane: Lane = 'prompt') {
    this.#parts = parts;
    this.#lane = lane;
  }

  get background(): Database {
    return this.#in('background');
  }

  get door(): Database {
    return this.#in('door');
  }

  query<Row extends object>(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]> {
    return this.#alone(({ connection }) => queryableOf(connection).query<Row>(sql, values));
  }

  exec(sql: string): Promise<readonly object[]> {
    return this.#alone(({ connection }) => connection.exec(sql));
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    const { connection, lanes, scope } = this.#parts;
    return scope.run(() =>
      retryTransaction(() =>
        lanes.run(this.#lane, async () => {
          const effects: (() => void)[] = [];
          const result = await inTransaction(connection, options, (tx) =>
            work({ ...tx, afterCommit: (effect) => effects.push(effect) }),
          );
          for (const effect of effects) effect();
          return result;
        }),
      ),
    );
  }

  async listen(channel: string, onPayload: (payload: string | undefined) => void) {
    const stop = await this.#alone(({ pglite }) => pglite.listen(channel, onPayload));
    return () => this.#alone(() => stop());
  }

  async close(): Promise<void> {
    await this.stopTidying();
    await this.#parts.pglite.close();
    this.#parts.lock?.close();
  }

  #in(lane: Lane): Database {
    return this.#lane === lane ? this : new PgliteDatabase(this.#parts, lane);
  }

  async #alone<T>(work: (parts: PgliteParts) => Promise<T>): Promise<T> {
    const { lanes, scope } = this.#parts;
    scope.assertOutside();
    return lanes.run(this.#lane, () => work(this.#parts));
  }
}

async function inTransaction<T>(
  connection: PgliteConnection,
  options: TransactionOptions | undefined,
  work: (tx: Queryable) => Promise<T>,
): Promise<T> {
  await connection.run(`BEGIN ISOLATION LEVEL ${options?.isolation ?? 'read committed'}`);
  let isOpen = true;
  try {
    const result = await work(queryableOf(connection, () => isOpen));
    isOpen = false;
    const { tag } = await connection.run('COMMIT');
    // COMMIT of a transaction in which a statement failed answers ROLLBACK instead of an error.
    if (tag !== 'COMMIT') throw new Error('the transaction was rolled back by the database');
    return result;
  } catch (error) {
    // What the work still asks after it has failed must not be done outside the transaction.
    isOpen = false;
    await connection.run('ROLLBACK');
    throw error;
  }
}

function queryableOf(connection: PgliteConnection, isOpen: () => boolean = () => true): Queryable {
  const assertOpen = (): void => {
    if (!isOpen()) throw new DatabaseUsageError('this transaction has ended; nothing more can be done in it');
  };
  return {
    query: async <Row extends object>(sql: string, values?: readonly SqlValue[]) => {
      assertOpen();
      // The caller names the columns that its statement selects.
      return (await connection.run(sql, values)).rows as readonly Row[];
    },
    exec: async (sql) => {
      assertOpen();
      return connection.exec(sql);
    },
  };
}
