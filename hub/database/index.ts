/** The hub's database: one interface on PGlite and on a PostgreSQL server. See database.ts. */
export type {
  Database,
  DatabaseSource,
  Queryable,
  SqlValue,
  Transaction,
  TransactionOptions,
} from './database.ts';
export { DatabaseFolderInUseError, DatabaseUsageError, MigrationError, sqlStateOf } from './errors.ts';
export { type Migration, migrate } from './migrations.ts';
export { openDatabase } from './open-database.ts';
