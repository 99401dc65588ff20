import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import { type Database, migrate } from '../database/index.ts';
import { auditMigrations } from '../governance/index.ts';
import { intakeMigrations } from '../intake/index.ts';
import { caseMigrations } from './index.ts';
import { inTurn } from './turns.ts';

describeOnEachDatabase('a turn', (openEmpty) => {
  let database: Database;
  beforeAll(async () => {
    database = await openEmpty();
    await migrate(database, [...intakeMigrations, ...auditMigrations, ...caseMigrations]);
  });
  afterAll(() => database.close());
  const asked = (owner: string) =>
    inTurn(database, { name: 'planning', owner }, () => Promise.resolve(owner));

  it('is had by one at a time, and given back with the work', async () => {
    const seen = await inTurn(database, { name: 'planning', owner: 'first' }, async () => {
      const counting = inTurn(database, { name: 'counting', owner: 'second' }, () =>
        Promise.resolve('other'),
      );
      return [await asked('second'), await counting];
    });
    expect(seen).toEqual([undefined, 'other']);
    expect(await asked('second')).toBe('second');
  });

  it('is given back by work that fails', async () => {
    const failing = inTurn(database, { name: 'planning', owner: 'first' }, () =>
      Promise.reject(new Error('no plan')),
    );
    await expect(failing).rejects.toThrow('no plan');
    expect(await asked('second')).toBe('second');
  });

  it('is lost by a process that stands still', async () => {
    const seen = await inTurn(database, { name: 'planning', owner: 'first' }, async () => {
      await database.query("UPDATE hub_turns SET until = now() - interval '1 second'");
      const second = inTurn(database, { name: 'planning', owner: 'second' }, () => asked('first'));
      return { second: await second };
    });
    expect(seen).toEqual({ second: undefined });
    expect(await asked('second')).toBe('second');
  });
});
