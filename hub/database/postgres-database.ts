/** A PostgreSQL server behind a connection pool. */
import pg from 'pg';
import type {
  Database,
  DatabaseSource,
  Queryable,
  SqlValue,
  Transaction,
  TransactionOptions,
} from './database.ts';
import { PostgresListener } from './postgres-listener.ts';
import { retryTransaction } from './retry-transaction.ts';
import { TransactionScope } from './transaction-scope.ts';

/** A transaction that holds locks longer than this is a bug or a lost client; the server ends it. */
const STATEMENT_TIMEOUT_MS = 60_000;
const IDLE_IN_TRANSACTION_TIMEOUT_MS = 60_000;
const CONNECT_TIMEOUT_MS = 10_000;

/** `int8` as number: the hub's sequences and sums stay far below 2^53. */
const INT8_OID = 20;
type ParserOf = (oid: number, format?: 'text' | 'binary') => unknown;
const builtIn = pg.types.getTypeParser as ParserOf;
const typeParsers: pg.CustomTypesConfig = {
  getTypeParser: ((oid, format) =>
    oid === INT8_OID ? Number : builtIn(oid, format)) as ParserOf as pg.CustomTypesConfig['getTypeParser'],
};

export async function openPostgres(source: DatabaseSource & { readonly url: string }): Promise<Database> {
  const onWarning = source.onWarning ?? (() => undefined);
  const pool = new pg.Pool({
    connectionString: source.url,
    max: source.maxConnections ?? 10,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: STATEMENT_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_TIMEOUT_MS,
    application_name: 'truecount-hub',
    types: typeParsers,
  });
  // An idle connection may die at any time; the pool replaces it, and without a handler the process would end.
  pool.on('error', (error) => onWarning(`a database connection was lost: ${error.message}`));
  try {
    await pool.query('SELECT 1');
  } catch (error) {
    await pool.end();
    throw error;
  }
  return new PostgresDatabase(pool, new PostgresListener(source.url, onWarning));
}

class PostgresDatabase implements Database {
  readonly kind = 'postgres';
  readonly #pool: pg.Pool;
  readonly #listener: PostgresListener;
  readonly #scope = new TransactionScope();

  constructor(pool: pg.Pool, listener: PostgresListener) {
    this.#pool = pool;
    this.#listener = listener;
  }

  query<Row extends object>(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]> {
    this.#scope.assertOutside();
    return queryableOf(this.#pool).query<Row>(sql, values);
  }

  exec(sql: string): Promise<readonly object[]> {
    this.#scope.assertOutside();
    return queryableOf(this.#pool).exec(sql);
  }

  /** Connections of their own: nobody stands in line. */
  get door(): Database {
    return this;
  }

  get background(): Database {
    return this;
  }

  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    return this.#scope.run(() => retryTransaction(() => this.#once(work, options)));
  }

  async #once<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T> {
    const client = await this.#pool.connect();
    const effects: (() => void)[] = [];
    let broken: Error | undefined;
    try {
      await client.query(`BEGIN ISOLATION LEVEL ${options?.isolation ?? 'read committed'}`);
      const result = await work({ ...queryableOf(client), afterCommit: (effect) => effects.push(effect) });
      const committed = await client.query('COMMIT');
      // COMMIT of a transaction in which a statement failed answers ROLLBACK instead of an error.
      if (committed.command !== 'COMMIT') throw new Error('the transaction was rolled back by the server');
      for (const effect of effects) effect();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((rollback: Error) => {
        broken = rollback;
      });
      throw error;
    } finally {
      client.release(broken);
    }
  }

  listen(channel: string, onPayload: (payload: string | undefined) => void) {
    return this.#listener.listen(channel, onPayload);
  }

  async close(): Promise<void> {
    await this.#listener.close();
    await this.#pool.end();
  }
}

function queryableOf(connection: pg.Pool | pg.PoolClient): Queryable {
  return {
    query: async <Row extends object>(sql: string, values: readonly SqlValue[] = []) =>
      (await connection.query(sql, values.map(toWire))).rows as Row[],
    exec: async (sql) => {
      // Without values pg uses the simple protocol: several statements, and then an array of results.
      const results = (await connection.query(sql)) as pg.QueryResult<object> | pg.QueryResult<object>[];
      return (Array.isArray(results) ? results.at(-1) : results)?.rows ?? [];
    },
  };
}

const toWire = (value: SqlValue): unknown =>
  value instanceof Uint8Array ? Buffer.from(value.buffer, value.byteOffset, value.byteLength) : value;
