import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import { openTrialEngine, positionOf, type TrialEngine } from '../../test/servers/trial-engine.ts';
import type { Database } from '../database/index.ts';

const SKU = '4001';
const ORDER = {
  id: 'o1',
  store: 'harbour',
  token: 'C-1',
  serviceClass: 'collect',
  promisedAt: '2026-03-02T17:00:00.000Z',
  lines: [{ sku: SKU, qty: 2 }],
};

describeOnEachDatabase('the self-check', (openEmpty) => {
  let database: Database;
  let hub: TrialEngine;
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  afterEach(() => hub.close());
  const ordered = async (): Promise<void> => {
    hub = await openTrialEngine(database);
    await hub.says('positions', positionOf('harbour', SKU, { mean: 9, p0: 0.001, rate: 1 }));
    await hub.engine.placeOrder(ORDER);
    expect(await hub.engine.check()).toBe(0);
  };
  const check = async (): Promise<number> => {
    const found = await hub.engine.check();
    await hub.engine.settle();
    return found;
  };

  it('opens one case when an open order holds nothing, and ends it when it does again', async () => {
    await ordered();
    await database.query(`UPDATE reservations SET ended_at = expires_at`);
    expect([await check(), await check()]).toEqual([1, 1]);
    expect((await hub.onlyCase('reservation-mismatch')).timeline.at(0)?.text).toBe(
      'the order wants 2 and holds 0',
    );
    await database.query(`UPDATE reservations SET ended_at = NULL`);
    expect(await check()).toBe(0);
    expect((await hub.onlyCase('reservation-mismatch')).case.state).toBe('resolved');
  });

  it('gives back what is held for an order that is over, with a line in the audit chain', async () => {
    await ordered();
    await database.query(
      `UPDATE documents SET document = jsonb_set(document, '{state}', '"cancelled"') WHERE collection = 'orders'`,
    );
    expect(await check()).toBe(1);
    expect(await hub.reserved()).toEqual([]);
    expect(
      await database.query(`SELECT action FROM audit_entries WHERE action = 'reservation.repaired'`),
    ).toHaveLength(1);
    expect(await check()).toBe(0);
    expect(await hub.verify()).toMatchObject({ ok: true });
  });

  it('opens one case when the belief falls below what is promised', async () => {
    await ordered();
    await hub.says('positions', positionOf('harbour', SKU, { mean: 1, p0: 0.6, rate: 1 }));
    expect([await check(), await check()]).toEqual([1, 1]);
    expect((await hub.onlyCase('allocation-conflict')).timeline.at(0)?.text).toMatch(
      /^2 promised, \d+ % sure/,
    );
    await hub.says('positions', positionOf('harbour', SKU, { mean: 9, p0: 0.001, rate: 1 }));
    await check();
    expect((await hub.onlyCase('allocation-conflict')).case.state).toBe('resolved');
  });
});
