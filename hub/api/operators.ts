/**
 * Who may call the hub: operators with an API key each. Keys are long random texts, so a plain SHA-256 is enough to
 * keep them out of configs and memory dumps; a console session is a random token, kept as a hash in the database so
 * that every hub process knows it.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Role } from '@truecount/protocol';
import type { Database, Migration } from '../database/index.ts';

export interface Operator {
  readonly name: string;
  readonly role: Role;
}

export const keyHashOf = (key: string): string => createHash('sha256').update(key).digest('hex');

const SESSION_HOURS = 12;
export const SESSION_SECONDS = SESSION_HOURS * 3600;

export const sessionMigrations: readonly Migration[] = [
  {
    id: 'api/001-sessions',
    sql: `
      CREATE TABLE operator_sessions (
        token_hash text PRIMARY KEY,
        key_hash text NOT NULL,
        ends_at timestamptz NOT NULL
      );`,
  },
];

export class Operators {
  readonly #byKeyHash: ReadonlyMap<string, Operator>;
  readonly #database: Database;

  /** @param operators with the SHA-256 of their keys, hex */
  constructor(database: Database, operators: readonly (Operator & { readonly keyHash: string })[]) {
    this.#database = database;
    this.#byKeyHash = new Map(operators.map(({ name, role, keyHash }) => [keyHash, { name, role }]));
  }

  /** Looking a hash up says nothing about keys that differ in their last letter. */
  byKey(key: string): Operator | undefined {
    return this.#byKeyHash.get(keyHashOf(key));
  }

  /** @returns the token for the cookie, or undefined when nobody has this key */
  async openSession(
    key: string,
  ): Promise<{ readonly token: string; readonly operator: Operator } | undefined> {
    const operator = this.byKey(key);
    if (!operator) return undefined;
    const token = randomBytes(32).toString('base64url');
    await this.#database.query('DELETE FROM operator_sessions WHERE ends_at < now()');
    await this.#database.query(
      `INSERT INTO operator_sessions (token_hash, key_hash, ends_at) VALUES ($1, $2, now() + $3 * interval '1 hour')`,
      [keyHashOf(token), keyHashOf(key), SESSION_HOURS],
    );
    return { token, operator };
  }

  /** A session ends with its time, at sign-out, or when its operator is taken out of the config. */
  async bySession(token: string): Promise<Operator | undefined> {
    const [row] = await this.#database.query<{ key_hash: string }>(
      'SELECT key_hash FROM operator_sessions WHERE token_hash = $1 AND ends_at > now()',
      [keyHashOf(token)],
    );
    return row && this.#byKeyHash.get(row.key_hash);
  }

  async closeSession(token: string): Promise<void> {
    await this.#database.query('DELETE FROM operator_sessions WHERE token_hash = $1', [keyHashOf(token)]);
  }
}
