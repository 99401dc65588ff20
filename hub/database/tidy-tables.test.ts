import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgliteImage } from '../../test/servers/pglite-image.ts';
import type { Database } from './database.ts';
import { openPglite } from './pglite-database.ts';
import { tidyTables } from './tidy-tables.ts';

const ROWS = 2000;

describe('an embedded database', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openPglite({ image: await pgliteImage() });
    await database.exec('CREATE TABLE part (id int PRIMARY KEY, units int NOT NULL, name text NOT NULL)');
    await database.query(
      `INSERT INTO part SELECT n, 0, repeat('x', 200) FROM generate_series(1, $1::int) AS n`,
      [ROWS],
    );
  });
  afterAll(() => database.close());

  const bytes = async (): Promise<number> => {
    const [row] = await database.query<{ bytes: number }>(`SELECT pg_table_size('part') AS bytes`);
    return row?.bytes ?? Number.NaN;
  };
  const updateAll = () => database.query('UPDATE part SET units = units + 1');

  it('does not grow by every update of its rows', async () => {
    for (let round = 0; round < 3; round += 1) {
      await updateAll();
      expect(await tidyTables(database)).toEqual(['public.part']);
    }
    const before = await bytes();
    for (let round = 0; round < 5; round += 1) {
      await updateAll();
      await tidyTables(database);
    }
    expect(await bytes()).toBeLessThan(before * 1.5);
  });

  it('is left alone where little has changed', async () => {
    await database.query('UPDATE part SET units = 0 WHERE id < 10');
    expect(await tidyTables(database)).toEqual([]);
  });
});
