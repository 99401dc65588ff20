/** The hub's database: one interface on PGlite and on a PostgreSQL server. See database.ts. */
export type {
  Database,
  Queryable,
  SqlValue,
  Transaction,
} from './database.ts';
export { sqlStateOf } from './errors.ts';
export { gathered } from './gathered.ts';
export { type Migration, migrate } from './migrations.ts';
export { openDatabase } from './open-database.ts';
