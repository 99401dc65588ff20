/**
 * The one interface to PostgreSQL, served by PGlite (in this process) or by a server.
 *
 * Invariants: a transaction's function may run again after a serialization failure or a deadlock, so it changes
 * nothing but the database (what must follow a commit goes through `afterCommit`). Inside it only `tx` may be
 * used: PGlite has one connection, and a query beside its own transaction would wait for itself.
 * Both read `int8` as number, `timestamptz` as Date, `json` parsed, `bytea` as Uint8Array.
 */
export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | Date
  | Uint8Array
  | readonly string[]
  | readonly number[];

export interface Queryable {
  query<Row extends object>(sql: string, values?: readonly SqlValue[]): Promise<readonly Row[]>;
  /** Several statements without values; returns the rows of the last one. */
  exec(sql: string): Promise<readonly object[]>;
}

export interface Transaction extends Queryable {
  /** Runs once, after this transaction is durable; never when it is rolled back. Must not throw. */
  afterCommit(effect: () => void): void;
}

export interface TransactionOptions {
  /** Default: read committed. */
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
}

export interface Database extends Queryable {
  readonly kind: 'pglite' | 'postgres';
  /** The same database for a short question that decides who may come in: on one connection it goes before the rest. */
  readonly door: Queryable;
  /** The same database for work that nobody waits for: on one connection it goes after the rest (see lanes.ts). */
  readonly background: Database;
  transaction<T>(work: (tx: Transaction) => Promise<T>, options?: TransactionOptions): Promise<T>;
  /**
   * PostgreSQL LISTEN: `pg_notify(channel, payload)` of any process reaches every listener after its commit.
   * `undefined` instead of a payload says that some may have been missed (the connection was lost).
   */
  listen(channel: string, onPayload: (payload: string | undefined) => void): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

export interface DatabaseSource {
  /** A PostgreSQL server, `postgres://user:password@host:port/database`. Without it PGlite is used. */
  readonly url?: string;
  /** PGlite's folder; without it the database lives in memory. */
  readonly folder?: string;
  /** Of a new database (`clusterImage`): one in memory is then there at once, without the seconds that making it takes. */
  readonly image?: Blob;
  /** Connections to a server at most. Default 10. */
  readonly maxConnections?: number;
  /** What the operator should hear about: a lost connection that is being opened again. */
  readonly onWarning?: (text: string) => void;
}
