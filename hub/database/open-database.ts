/** Chooses the database by what is configured. */
import type { Database, DatabaseSource } from './database.ts';
import { openPglite } from './pglite-database.ts';
import { openPostgres } from './postgres-database.ts';

export function openDatabase(source: DatabaseSource): Promise<Database> {
  return source.url === undefined ? openPglite(source) : openPostgres({ ...source, url: source.url });
}
