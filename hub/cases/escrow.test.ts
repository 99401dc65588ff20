import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aPosition } from '../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import { type Database, migrate } from '../database/index.ts';
import { auditMigrations } from '../governance/index.ts';
import { intakeMigrations, putDocument } from '../intake/index.ts';
import { caseMigrations } from './index.ts';
import { type Allocation, allocate, promisedUnits, release, supportedUnits } from './escrow.ts';

const NOW = Date.parse('2026-03-02T09:00:00.000Z');
const belief = { alpha: 0.1, nowMs: NOW };
const exactly = (units: number): number[] =>
  Array.from({ length: units + 1 }, (_, n) => (n === units ? 1 : 0));

describe('units that a belief supports', () => {
  it('are as many as are there with the asked probability', () => {
    expect(supportedUnits([0.05, 0.05, 0.1, 0.8], 0.1)).toBe(2);
    expect(supportedUnits([0.05, 0.05, 0.1, 0.8], 0.04)).toBe(0);
    expect(supportedUnits(exactly(3), 0.1)).toBe(3);
    expect(supportedUnits([], 0.1)).toBe(0);
    expect(supportedUnits([1], 0.1)).toBe(0);
  });
});

describeOnEachDatabase('escrow', (openEmpty) => {
  let database: Database;
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.exec('DROP SCHEMA public CASCADE; CREATE SCHEMA public');
    await migrate(database, [...intakeMigrations, ...auditMigrations, ...caseMigrations]);
  });
  const believe = (units: number): Promise<unknown> =>
    database.transaction((tx) =>
      putDocument(tx, 'positions', aPosition({ store: 'harbour', sku: 'a', pmf: exactly(units) }), {
        by: 'hub:test',
      }),
    );
  const ask = (owner: string, qty: number, expiresAtMs = NOW + 3_600_000): Promise<Allocation> =>
    database.transaction((tx) =>
      allocate(tx, { store: 'harbour', sku: 'a', qty, owner, expiresAtMs }, belief),
    );
  const promised = (): Promise<number> => promisedUnits(database, { store: 'harbour', sku: 'a', nowMs: NOW });

  it('promises a thousand parallel askers exactly what is there', async () => {
    await believe(100);
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, n) => ask(`order:${n}`, 1)));
    expect(answers.filter(({ ok }) => ok)).toHaveLength(100);
    expect(await promised()).toBe(100);
    expect(answers.find(({ ok }) => !ok)).toMatchObject({ asked: 1, supported: 100, promised: 100 });
  }, 120_000);

  it('counts the same owner once, and gives back once', async () => {
    await believe(5);
    await ask('order:1', 3);
    await ask('order:1', 4);
    expect(await promised()).toBe(4);
    const back = () => database.transaction((tx) => release(tx, 'order:1', { nowMs: NOW, reason: 'picked' }));
    await back();
    await back();
    expect(await promised()).toBe(0);
  });

  it('promises nothing of what it has no belief about', async () => {
    expect(await ask('order:1', 1)).toMatchObject({ ok: false, supported: 0 });
  });

  type Step =
    | { readonly kind: 'ask' | 'crash'; readonly owner: number; readonly qty: number }
    | { readonly kind: 'release'; readonly owner: number };
  /** @returns whether units were granted for good */
  const perform = async (step: Step): Promise<boolean> => {
    const owner = `order:${step.owner}`;
    if (step.kind === 'release') {
      await database.transaction((tx) => release(tx, owner, { nowMs: NOW, reason: 'x' }));
      return false;
    }
    if (step.kind === 'ask') return (await ask(owner, step.qty)).ok;
    const died = new Error('the process died here');
    const wanted = { store: 'harbour', sku: 'a', qty: step.qty, owner, expiresAtMs: NOW + 1 };
    const crash = database.transaction(async (tx) => {
      await allocate(tx, wanted, belief);
      throw died;
    });
    await crash.catch((error: unknown) => {
      if (error !== died) throw error;
    });
    return false;
  };

  it('keeps promises within the belief and equal to a simple model, whatever the order of operations', async () => {
    const operation = fc.oneof(
      fc.record({ kind: fc.constant('ask' as const), owner: fc.nat(4), qty: fc.integer({ min: 1, max: 5 }) }),
      fc.record({
        kind: fc.constant('crash' as const),
        owner: fc.nat(4),
        qty: fc.integer({ min: 1, max: 5 }),
      }),
      fc.record({ kind: fc.constant('release' as const), owner: fc.nat(4) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 15 }), async (operations) => {
        await database.exec('DELETE FROM reservations');
        await believe(8);
        const model = new Map<number, number>();
        const others = (owner: number): number =>
          [...model].filter(([known]) => known !== owner).reduce((sum, [, qty]) => sum + qty, 0);
        for (const step of operations) {
          const fits = step.kind === 'ask' && others(step.owner) + step.qty <= 8;
          if (step.kind === 'release') model.delete(step.owner);
          if (fits) model.set(step.owner, step.qty);
          const granted = await perform(step);
          expect(granted).toBe(fits);
          expect(await promised()).toBe([...model.values()].reduce((sum, qty) => sum + qty, 0));
        }
      }),
      { numRuns: 25 },
    );
  });

  it('forgets a promise whose time has passed, whoever forgot to give it back', async () => {
    await believe(2);
    await ask('order:1', 2, NOW - 1);
    expect(await promised()).toBe(0);
    expect(await ask('order:2', 2)).toMatchObject({ ok: true });
  });
});
