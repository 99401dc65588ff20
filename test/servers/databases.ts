/** Runs one suite on every kind of database that the hub supports. */
import { afterAll, beforeAll, describe } from 'vitest';
import { type Database, openDatabase } from '../../hub/database/index.ts';
import { pgliteImage } from './pglite-image.ts';
import { type PostgresServer, postgresProgram, startPostgres } from './postgres.ts';
import { skippedWithout } from './programs.ts';

/** Opens an empty database; every call gives another one. */
export type OpenEmpty = () => Promise<Database>;

export function describeOnEachDatabase(title: string, suite: (openEmpty: OpenEmpty) => void): void {
  describe(`${title} on PGlite`, () => {
    suite(async () => openDatabase({ image: await pgliteImage() }));
  });
  describe.skipIf(skippedWithout('postgresql', postgresProgram))(`${title} on PostgreSQL`, () => {
    let server: PostgresServer | undefined;
    beforeAll(async () => {
      server = await startPostgres();
    });
    afterAll(() => server?.stop());
    suite(async () => {
      if (!server) throw new Error('the server is not running');
      return openDatabase({ url: await server.createDatabase() });
    });
  });
}
