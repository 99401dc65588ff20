import { instant, type Lease, type LeasePromise, unitsLeft } from '@truecount/protocol';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { aPosition } from '../../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../../test/servers/databases.ts';
import { HOUR_MS, openTrialEngine, type TrialEngine } from '../../../test/servers/trial-engine.ts';
import type { Database } from '../../database/index.ts';
import defaultPolicy from '../../governance/policies/default.json' with { type: 'json' };
import { lookAtLease } from './look-at-lease.ts';

const SKU = '4001';
const policy = {
  chain: {
    ...defaultPolicy.chain,
    leases: { maxUnits: 3, share: 0.5, hours: 10, holdHours: 20, maxProducts: 10, promiseHours: 4 },
  },
};
const exactly = (units: number): number[] =>
  Array.from({ length: units + 1 }, (_, n) => (n === units ? 1 : 0));

describeOnEachDatabase('a lease', (openEmpty) => {
  let database: Database;
  let hub: TrialEngine;
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  afterEach(() => hub.close());

  const open = async (units: number): Promise<void> => {
    hub = await openTrialEngine(database, { policy });
    await believe(units);
  };
  const believe = (units: number): Promise<void> =>
    hub.says('positions', aPosition({ store: 'harbour', sku: SKU, pmf: exactly(units), rate: 3 }));
  const leases = async (): Promise<readonly Lease[]> =>
    (
      await database.query<{ document: Lease }>(
        `SELECT document FROM documents WHERE collection = 'leases' AND NOT deleted ORDER BY id`,
      )
    ).map(({ document }) => document);
  const held = async (): Promise<number> => (await hub.reserved()).reduce((sum, { qty }) => sum + qty, 0);
  /** What the store promised while it was alone, as its next push brings it. */
  const pushes = (lease: Lease, part: Pick<Lease, 'promises' | 'returnedAt'>): Promise<void> =>
    hub.says('leases', { ...lease, ...part });
  const aPromise = (id: string, qty = 1): LeasePromise => ({
    id,
    qty,
    at: instant(hub.clock.nowMs),
    by: 'Sam',
    token: id,
  });

  it('is granted within what the belief supports and nobody was promised, once', async () => {
    await open(5);
    expect([await hub.engine.grantLeases(), await hub.engine.grantLeases()]).toEqual([1, 0]);
    const [lease] = await leases();
    expect(lease).toMatchObject({ store: 'harbour', sku: SKU, units: 2, promiseHours: 4 });
    expect(await hub.reserved()).toEqual([{ owner: `lease:${lease?.id}`, qty: 2 }]);
  });

  it('becomes an order with its units, in one step, however often the promise arrives', async () => {
    await open(5);
    await hub.engine.grantLeases();
    const [lease] = await leases();
    if (!lease) throw new Error('no lease');
    const promises = [aPromise('p1')];
    for (let n = 0; n < 3; n += 1) await hub.dies((work) => lookAtLease(work, lease.id, hub.context));
    await pushes(lease, { promises });
    await pushes(lease, { promises });
    expect(await hub.document('orders', 'p1')).toMatchObject({
      store: 'harbour',
      state: 'open',
      token: 'p1',
    });
    expect(await hub.reserved()).toEqual(
      expect.arrayContaining([
        { owner: 'order:p1', qty: 1 },
        { owner: `lease:${lease.id}`, qty: 1 },
      ]),
    );
    await pushes(lease, { promises: [...promises, aPromise('p2')] });
    expect((await leases())[0]?.ended?.reason).toBe('all units were promised');
    expect(await held()).toBe(2);
    expect(await hub.cases()).toEqual([]);
  });

  it('is held long after it ended for the store, whose clock may be wrong, and freed when the store has spoken', async () => {
    await open(5);
    await hub.engine.grantLeases();
    const [lease] = await leases();
    if (!lease) throw new Error('no lease');
    hub.clock.nowMs = Date.parse(lease.expiresAt) + HOUR_MS;
    expect(unitsLeft(lease, hub.clock.nowMs)).toBe(0);
    expect(await held()).toBe(2);
    // The store's clock is two hours behind: it promised in good faith, and the unit is still there.
    await pushes(lease, { promises: [aPromise('late')], returnedAt: instant(hub.clock.nowMs) });
    expect(await hub.reserved()).toEqual([{ owner: 'order:late', qty: 1 }]);
    expect(await hub.cases()).toEqual([]);
  });

  it('that nobody was heard about is freed in the end; a promise that comes even later opens one case if it cannot be kept', async () => {
    await open(4);
    await hub.engine.grantLeases();
    const [lease] = await leases();
    if (!lease) throw new Error('no lease');
    hub.clock.nowMs = Date.parse(lease.expiresAt) + 21 * HOUR_MS;
    expect(await held()).toBe(0);
    await hub.engine.placeOrder({
      id: 'web',
      store: 'harbour',
      token: 'w',
      serviceClass: 'collect',
      promisedAt: instant(hub.clock.nowMs + 4 * HOUR_MS),
      lines: [{ sku: SKU, qty: 4 }],
    });
    for (let n = 0; n < 2; n += 1) await pushes(lease, { promises: [aPromise('very-late')] });
    expect((await hub.cases()).map(({ kind, order }) => [kind, order])).toEqual([
      ['order-at-risk', 'very-late'],
    ]);
    expect(await held()).toBe(4);
  });

  type Step =
    | { readonly kind: 'grant' | 'check' }
    | { readonly kind: 'promise' | 'order'; readonly qty: number; readonly crash: boolean }
    | { readonly kind: 'hours'; readonly hours: number }
    | { readonly kind: 'believe'; readonly units: number }
    | { readonly kind: 'return' };
  const step = fc.oneof(
    fc.record({ kind: fc.constantFrom('grant' as const, 'check' as const) }),
    fc.record({
      kind: fc.constantFrom('promise' as const, 'order' as const),
      qty: fc.integer({ min: 1, max: 3 }),
      crash: fc.boolean(),
    }),
    fc.record({ kind: fc.constant('hours' as const), hours: fc.integer({ min: 1, max: 40 }) }),
    fc.record({ kind: fc.constant('believe' as const), units: fc.integer({ min: 0, max: 9 }) }),
    fc.record({ kind: fc.constant('return' as const) }),
  );

  it('keeps leases and reservations within the belief, or one case says that it fell, whatever happens when', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
        await open(8);
        let units = 8;
        let made = 0;
        const one: readonly Step[] = steps;
        for (const now of one) {
          switch (now.kind) {
            case 'grant':
              await hub.engine.grantLeases();
              break;
            case 'check':
              break;
            case 'believe':
              units = now.units;
              await believe(units);
              break;
            case 'hours':
              hub.clock.nowMs += now.hours * HOUR_MS;
              break;
            case 'order': {
              made += 1;
              const order = {
                id: `o${made}`,
                store: 'harbour',
                token: 'C',
                serviceClass: 'collect',
                promisedAt: instant(hub.clock.nowMs + 4 * HOUR_MS),
                lines: [{ sku: SKU, qty: now.qty }],
              };
              if (now.crash) await hub.dies((work) => hub.context.placeOrder(work, order));
              await hub.engine.placeOrder(order);
              break;
            }
            case 'promise': {
              made += 1;
              const lease = (await leases()).find((known) => unitsLeft(known, hub.clock.nowMs) >= now.qty);
              if (!lease) break;
              const promises = [...(lease.promises ?? []), aPromise(`p${made}`, now.qty)];
              await pushes(lease, { promises });
              if (now.crash) await hub.dies((work) => lookAtLease(work, lease.id, hub.context));
              break;
            }
            case 'return': {
              const [lease] = (await leases()).filter(({ returnedAt }) => returnedAt === undefined);
              if (lease) await pushes(lease, { returnedAt: instant(hub.clock.nowMs) });
            }
          }
          await hub.engine.check();
          await hub.engine.settle();
          const conflicts = await database.query(
            `SELECT 1 FROM cases WHERE kind = 'allocation-conflict' AND NOT is_over`,
          );
          expect({ over: (await held()) > units, conflicts: conflicts.length }).toEqual(
            (await held()) > units ? { over: true, conflicts: 1 } : { over: false, conflicts: 0 },
          );
        }
        await hub.close();
      }),
      { numRuns: 6 },
    );
    await open(1);
  }, 60_000);
});
