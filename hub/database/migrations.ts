/** Brings the tables up to date: each folder of the hub contributes its own steps, applied once, in the order given. */
import { createHash } from 'node:crypto';
import type { Database } from './database.ts';
import { MigrationError } from './errors.ts';

export interface Migration {
  /** Unique and never changed, e.g. `intake/001-documents`. */
  readonly id: string;
  /** One or more statements. Never edited once released: add a new step instead. */
  readonly sql: string;
}

/** Any number: hubs that start side by side take turns on it. */
const LOCK_KEY = 7_236_201;

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** @returns ids of the steps that were applied now; each commits by itself, so a failed one can be run again */
export async function migrate(
  database: Database,
  migrations: readonly Migration[],
): Promise<readonly string[]> {
  const ids = new Set(migrations.map(({ id }) => id));
  if (ids.size !== migrations.length) throw new MigrationError('two migrations have the same id');
  await database.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    await tx.exec(
      `CREATE TABLE IF NOT EXISTS schema_migrations (
         id text PRIMARY KEY, sha256 text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now())`,
    );
  });
  const applied: string[] = [];
  for (const migration of migrations) if (await applyOnce(database, migration)) applied.push(migration.id);
  return applied;
}

function applyOnce(database: Database, { id, sql }: Migration): Promise<boolean> {
  return database.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [LOCK_KEY]);
    const [known] = await tx.query<{ sha256: string }>('SELECT sha256 FROM schema_migrations WHERE id = $1', [
      id,
    ]);
    if (known) {
      if (known.sha256 !== sha256(sql))
        throw new MigrationError(`migration ${id} was changed after it was applied; add a new one instead`);
      return false;
    }
    await tx.exec(sql);
    await tx.query('INSERT INTO schema_migrations (id, sha256) VALUES ($1, $2)', [id, sha256(sql)]);
    return true;
  });
}
