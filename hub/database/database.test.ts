import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import { type Database, migrate, openDatabase, sqlStateOf, type Transaction } from './index.ts';

describeOnEachDatabase('the database', (openEmpty) => {
  let database: Database;
  beforeAll(async () => {
    database = await openEmpty();
    await database.exec('CREATE TABLE account (id int PRIMARY KEY, units int NOT NULL)');
    await database.exec('INSERT INTO account VALUES (1, 10), (2, 10)');
  });
  afterAll(() => database.close());

  const unitsOf = async (id: number): Promise<number> => {
    const [row] = await database.query<{ units: number }>('SELECT units FROM account WHERE id = $1', [id]);
    return row?.units ?? Number.NaN;
  };

  it('reads every type the same way', async () => {
    const [row] = await database.query(
      `SELECT 9007199254740991::int8 AS big, '2026-03-02T09:00:00Z'::timestamptz AS at, '{"a":[1]}'::jsonb AS json,
              $1::bytea AS bytes, $2::text[] AS words, $3::text::jsonb AS given, NULL AS nothing`,
      [new Uint8Array([1, 2]), ['a', 'b"c'], JSON.stringify({ b: 'x' })],
    );
    expect(row).toMatchObject({ big: 9_007_199_254_740_991, json: { a: [1] }, words: ['a', 'b"c'] });
    expect(row).toMatchObject({ at: new Date('2026-03-02T09:00:00Z'), given: { b: 'x' }, nothing: null });
    expect([...(row as { bytes: Uint8Array }).bytes]).toEqual([1, 2]);
  });

  it('keeps nothing of a transaction that throws, and runs no effect of it', async () => {
    const effects: string[] = [];
    const failing = database.transaction(async (tx) => {
      tx.afterCommit(() => effects.push('failed'));
      await tx.query('UPDATE account SET units = 0 WHERE id = 1');
      throw new Error('changed my mind');
    });
    await expect(failing).rejects.toThrow('changed my mind');
    expect(await unitsOf(1)).toBe(10);
    await database.transaction(async (tx) => {
      tx.afterCommit(() => effects.push('kept'));
      await tx.query('UPDATE account SET units = 11 WHERE id = 1');
    });
    expect([await unitsOf(1), effects]).toEqual([11, ['kept']]);
  });

  it('refuses to commit after a failed statement that was swallowed', async () => {
    const swallowed = database.transaction(async (tx) => {
      await tx.query('UPDATE account SET units = 99 WHERE id = 2');
      await tx.query('SELECT 1 / 0').catch(() => undefined);
    });
    await expect(swallowed).rejects.toThrow(/roll(ed)? ?back/i);
    expect(await unitsOf(2)).toBe(10);
  });

  it('names a statement that would bypass the open transaction instead of hanging on it', async () => {
    const beside = database.transaction(() => database.query('SELECT 1'));
    await expect(beside).rejects.toMatchObject({ code: 'E_DATABASE_USAGE' });
  });

  it('gives the SQLSTATE of a failed statement', async () => {
    const error: unknown = await database.query('INSERT INTO account VALUES (1, 0)').catch((e: unknown) => e);
    expect(sqlStateOf(error)).toBe('23505');
  });

  it('runs serializable transactions that met again until both are right', async () => {
    const moveHalf = (from: number, to: number) => async (tx: Transaction) => {
      const [row] = await tx.query<{ units: number }>('SELECT sum(units)::int AS units FROM account');
      await tx.query('UPDATE account SET units = units - 1 WHERE id = $1', [from]);
      await tx.query('UPDATE account SET units = units + 1 WHERE id = $1', [to]);
      return row?.units;
    };
    const before = (await unitsOf(1)) + (await unitsOf(2));
    const sums = await Promise.all(
      Array.from({ length: 8 }, (_, at) =>
        database.transaction(at % 2 ? moveHalf(1, 2) : moveHalf(2, 1), { isolation: 'serializable' }),
      ),
    );
    expect(new Set(sums)).toEqual(new Set([before]));
    expect((await unitsOf(1)) + (await unitsOf(2))).toBe(before);
  });

  it('tells listeners after the commit and not before', async () => {
    const heard = Promise.withResolvers<string | undefined>();
    const stop = await database.listen('trial', heard.resolve);
    await database
      .transaction(async (tx) => {
        await tx.query(`SELECT pg_notify('trial', 'never')`);
        throw new Error('rolled back');
      })
      .catch(() => undefined);
    await database.transaction((tx) => tx.query(`SELECT pg_notify('trial', 'committed')`));
    expect(await heard.promise).toBe('committed');
    await stop();
  });

  it('applies migrations once, in order, also when two hubs start together', async () => {
    const steps = [
      { id: 'trial/1', sql: 'CREATE TABLE parts (id int PRIMARY KEY); INSERT INTO parts VALUES (1)' },
      { id: 'trial/2', sql: 'ALTER TABLE parts ADD COLUMN name text' },
    ];
    const applied = await Promise.all([migrate(database, steps), migrate(database, steps)]);
    expect(applied.flat().sort()).toEqual(['trial/1', 'trial/2']);
    expect(await migrate(database, steps)).toEqual([]);
    expect(await database.query('SELECT id, name FROM parts')).toEqual([{ id: 1, name: null }]);
  });

  it('refuses a migration that was edited after it was applied, and undoes one that fails', async () => {
    await migrate(database, [{ id: 'trial/3', sql: 'CREATE TABLE third (id int)' }]);
    await expect(migrate(database, [{ id: 'trial/3', sql: 'SELECT 1' }])).rejects.toMatchObject({
      code: 'E_MIGRATION',
    });
    const broken = { id: 'trial/4', sql: 'CREATE TABLE fourth (id int); SELECT 1 / 0' };
    await expect(migrate(database, [broken])).rejects.toThrow('division by zero');
    expect(await migrate(database, [{ id: 'trial/4', sql: 'CREATE TABLE fourth (id int)' }])).toEqual([
      'trial/4',
    ]);
  });
});

describe("PGlite's folder", () => {
  const folder = mkdtempSync(join(tmpdir(), 'truecount-pglite-'));
  afterAll(() => rmSync(folder, { recursive: true }));

  it('keeps what was committed and admits one hub at a time', async () => {
    const first = await openDatabase({ folder });
    await first.exec('CREATE TABLE kept (id int); INSERT INTO kept VALUES (7)');
    await expect(openDatabase({ folder })).rejects.toMatchObject({ code: 'E_DATABASE_FOLDER_IN_USE' });
    await first.close();
    const second = await openDatabase({ folder });
    expect(await second.query('SELECT id FROM kept')).toEqual([{ id: 7 }]);
    await second.close();
  }, 120_000);
});
