/**
 * What a PostgreSQL server's autovacuum does and PGlite does not: room of old row versions is used again, and the planner
 * knows how large tables are. Without it a table grows by every update of its rows, for ever.
 */
import type { Database } from './database.ts';

/** As autovacuum's own: a fixed number of rows and a share of the table. */
const FIXED_ROWS = 200;
const DEAD_SHARE = 0.2;
const CHANGED_SHARE = 0.1;

/** One table after the other, each when nobody waits for the connection. @returns the tables that needed it */
export async function tidyTables(database: Database): Promise<readonly string[]> {
  const { background } = database;
  // What was just written is counted too; by itself PostgreSQL counts once a second.
  await background.query('SELECT pg_stat_force_next_flush()');
  const tables = await background.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, relname) AS name FROM pg_stat_user_tables
     WHERE n_dead_tup > $1::int + $2::float8 * n_live_tup OR n_mod_since_analyze > $1::int + $3::float8 * n_live_tup
     ORDER BY relname`,
    [FIXED_ROWS, DEAD_SHARE, CHANGED_SHARE],
  );
  for (const { name } of tables) await background.exec(`VACUUM (ANALYZE) ${name}`);
  return tables.map(({ name }) => name);
}

/** @returns what ends it, after the table that is being tidied */
export function tidyRegularly(
  database: Database,
  { everyMs, onWarning }: { readonly everyMs: number; readonly onWarning: (text: string) => void },
): () => Promise<void> {
  let tidying = Promise.resolve();
  let isTidying = false;
  const timer = setInterval(() => {
    if (isTidying) return;
    isTidying = true;
    tidying = tidyTables(database)
      .then(() => undefined)
      .catch((error: unknown) => onWarning(`the embedded database could not be tidied: ${String(error)}`))
      .finally(() => {
        isTidying = false;
      });
  }, everyMs);
  timer.unref();
  return () => {
    clearInterval(timer);
    return tidying;
  };
}
