import { PGlite } from '@electric-sql/pglite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pgliteImage } from '../../test/servers/pglite-image.ts';
import { sqlStateOf } from './errors.ts';
import { PgliteConnection } from './pglite-connection.ts';

describe('statements over one connection', () => {
  let pglite: PGlite;
  let connection: PgliteConnection;
  beforeAll(async () => {
    pglite = await PGlite.create({ loadDataDir: await pgliteImage() });
    connection = new PgliteConnection(pglite);
    await connection.exec('CREATE TABLE part (id int PRIMARY KEY, name text)');
  });
  afterAll(() => pglite.close());

  const prepared = async (): Promise<number> => {
    const { rows } = await connection.run('SELECT count(*)::int AS n FROM pg_prepared_statements');
    return (rows[0] as { n: number }).n;
  };

  it('gives rows and says what was done', async () => {
    expect(await connection.run('INSERT INTO part VALUES ($1, $2)', [1, 'bolt'])).toEqual({
      rows: [],
      tag: 'INSERT 0 1',
    });
    const read = await connection.run('SELECT * FROM part WHERE id = $1', [1]);
    expect(read.rows).toEqual([{ id: 1, name: 'bolt' }]);
  });

  it('reads a table as it is after it was changed', async () => {
    const read = 'SELECT * FROM part WHERE id = 1';
    await connection.run(read);
    await connection.exec('ALTER TABLE part ADD COLUMN weight int DEFAULT 3');
    expect((await connection.run(read)).rows).toEqual([{ id: 1, name: 'bolt', weight: 3 }]);
  });

  it('gives each of many statements that are asked at once its own rows, also beside one that fails', async () => {
    const read = (n: number) => connection.run('SELECT $1::int AS n', [n]);
    const written = (n: number) => connection.run(`SELECT $1::text AS s${n}`, [`${n}`]);
    const all = Array.from({ length: 40 }, (_, n) => n);
    const failing = connection.run('SELECT 1 / $1::int', [0]).catch((error: unknown) => String(error));
    const [numbers, texts] = await Promise.all([Promise.all(all.map(read)), Promise.all(all.map(written))]);
    expect(await failing).toContain('division by zero');
    expect(numbers.map(({ rows }) => rows)).toEqual(all.map((n) => [{ n }]));
    expect(texts.map(({ rows }) => rows)).toEqual(all.map((n) => [{ [`s${n}`]: `${n}` }]));
  });

  it('goes on after a statement that cannot be read and after one that fails', async () => {
    await expect(connection.run('SELECT nothing FROM nowhere')).rejects.toThrow('nowhere');
    const twice = 'INSERT INTO part (id) VALUES ($1)';
    await connection.run(twice, [2]);
    const failure: unknown = await connection.run(twice, [2]).catch((error: unknown) => error);
    expect(sqlStateOf(failure)).toBe('23505');
    await connection.run(twice, [3]);
    expect((await connection.run('SELECT count(*)::int AS n FROM part')).rows).toEqual([{ n: 3 }]);
  });

  it('can end a transaction in which a statement failed', async () => {
    await connection.run('BEGIN');
    await connection.run('SELECT 1 / $1::int', [0]).catch(() => undefined);
    expect((await connection.run('ROLLBACK')).tag).toBe('ROLLBACK');
    expect((await connection.run('SELECT 4 AS n')).rows).toEqual([{ n: 4 }]);
  });

  it('keeps a bounded number of statements prepared', async () => {
    for (let n = 0; n < 300; n += 1) await connection.run(`SELECT ${n}`);
    expect(await prepared()).toBeLessThanOrEqual(130);
    // One that is used again and again is planned anew now and then, and is still one.
    for (let n = 0; n < 500; n += 1) await connection.run('SELECT $1::int AS n', [n]);
    expect(await prepared()).toBeLessThanOrEqual(130);
  });
});
