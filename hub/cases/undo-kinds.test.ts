import { type CaseView, type Exception, instant } from '@truecount/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { anException, aTask } from '../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import {
  HOUR_MS,
  openTrialEngine,
  positionOf,
  START,
  type TrialEngine,
} from '../../test/servers/trial-engine.ts';
import type { Database } from '../database/index.ts';
import defaultPolicy from '../governance/policies/default.json' with { type: 'json' };
import type { PortEvent } from './port-events.ts';
import { undoStep } from './undo-case.ts';

const SKU = '4001';
const OTHER = '4002';
const ops = { name: 'Ada', role: 'ops' } as const;
const policy = {
  chain: {
    ...defaultPolicy.chain,
    tiers: [{ kind: '*', option: '*', tier: 'recommend' }],
    substitutes: [{ skus: [SKU, OTHER], acceptance: 0.8 }],
  },
};
const dear = { price: { minor: 9000, currency: 'EUR' }, cost: { minor: 4000, currency: 'EUR' } };
const at = (hours: number): string => instant(START + hours * HOUR_MS);
const stock = (store: string, mean: number, sku = SKU) => ({
  ...positionOf(store, sku, { mean, p0: mean === 0 ? 0.99 : 0.001, rate: 0.5 }),
  ...dear,
});

/** What each option needs to be among the answers, and what the world looks like after it was taken back. */
interface Kind {
  readonly option: string;
  readonly given: (hub: TrialEngine) => Promise<void>;
  readonly after: (hub: TrialEngine) => Promise<void>;
}

const order = async (hub: TrialEngine, qty: number): Promise<void> => {
  await hub.engine.placeOrder({
    id: 'o1',
    store: 'harbour',
    token: 'C-1',
    serviceClass: 'collect',
    promisedAt: at(6),
    lines: [{ sku: SKU, qty }],
  });
  await hub.says(
    'exceptions',
    anException({
      id: 'p',
      store: 'harbour',
      kind: 'pick-failed',
      order: 'o1',
      evidence: [{ code: 'pick-short', params: { requested: qty, found: 0 }, at: at(0), text: 'none found' }],
    }),
  );
};
const raise = (hub: TrialEngine, fields: Partial<Exception>): Promise<void> =>
  hub.says('exceptions', anException({ id: 'e', store: 'harbour', ...fields }));
const hears = async (hub: TrialEngine, event: PortEvent): Promise<void> => {
  await hub.engine.noteEvents([event]);
  hub.clock.nowMs += 60 * HOUR_MS;
  await hub.engine.check();
  await hub.engine.settle();
};
const told = async (hub: TrialEngine, ...what: readonly string[]): Promise<void> => {
  expect(hub.delivered.map((message) => message.what)).toEqual(what);
};
const backAtHarbour = async (hub: TrialEngine, qty: number): Promise<void> => {
  expect(await hub.document('orders', 'o1~harbour')).toMatchObject({
    store: 'harbour',
    state: 'open',
    lines: [{ sku: SKU, qty }],
  });
  expect(await hub.reserved()).toEqual([{ owner: 'order:o1~harbour', qty }]);
};
const withdrawn = async (hub: TrialEngine, kind: string): Promise<void> => {
  const tasks = await hub.database.query<{ document: { kind: string; withdrawn?: object } }>(
    `SELECT document FROM documents WHERE collection = 'tasks'`,
  );
  expect(tasks.map(({ document }) => [document.kind, document.withdrawn !== undefined])).toEqual([
    [kind, true],
  ]);
};

const kinds: readonly Kind[] = [
  {
    option: 'reassign',
    given: async (hub) => {
      await hub.says('positions', stock('harbour', 9), stock('market', 20));
      await order(hub, 1);
    },
    after: async (hub) => {
      expect(await hub.document('orders', 'o1~market')).toMatchObject({ state: 'cancelled' });
      await backAtHarbour(hub, 1);
    },
  },
  {
    option: 'split',
    given: async (hub) => {
      await hub.says('positions', stock('harbour', 9), stock('market', 5), stock('station', 5));
      await order(hub, 5);
    },
    after: async (hub) => {
      for (const store of ['market', 'station'])
        expect(await hub.document('orders', `o1~${store}`)).toMatchObject({ state: 'cancelled' });
      await backAtHarbour(hub, 5);
    },
  },
  {
    option: 'substitute',
    given: async (hub) => {
      await hub.says('positions', stock('harbour', 9), stock('harbour', 9, OTHER));
      await order(hub, 2);
    },
    after: async (hub) => {
      expect(await hub.document('orders', 'o1')).toMatchObject({
        state: 'open',
        lines: [{ sku: SKU, qty: 2 }],
      });
      expect(await hub.reserved()).toEqual([{ owner: 'order:o1', qty: 2 }]);
      await told(hub, `substitute ${SKU} by ${OTHER}`, `no substitute by ${OTHER}`);
    },
  },
  {
    option: 'transfer',
    given: async (hub) => {
      await hub.says('positions', stock('harbour', 30), {
        ...positionOf('market', SKU, { mean: 1, p0: 0.1, rate: 6 }),
        ...dear,
      });
      await raise(hub, { store: 'market', kind: 'stockout-ahead' });
    },
    after: async (hub) => {
      expect((await hub.transfers()).map((transfer) => transfer.hub?.refused?.reason)).toEqual([
        expect.stringMatching(/taken back/),
      ]);
      expect(await hub.reserved()).toEqual([]);
    },
  },
  {
    option: 'count',
    given: async (hub) => {
      await hub.says('positions', { ...positionOf('market', SKU, { mean: 5, p0: 0.45, rate: 3 }), ...dear });
      await raise(hub, { store: 'market', kind: 'stockout-ahead' });
    },
    after: (hub) => withdrawn(hub, 'count'),
  },
  {
    option: 'adjust-record',
    given: async (hub) => {
      await hub.says('positions', positionOf('harbour', SKU, { mean: 6, p0: 0.8, rate: 4, record: 12 }));
      await raise(hub, {});
    },
    after: (hub) => told(hub, 'set-record 0', 'set-record 12'),
  },
  {
    option: 'quarantine',
    given: async (hub) => {
      await hub.says('positions', stock('harbour', 4));
      await hears(hub, { type: 'published', store: 'harbour', sku: SKU, channel: 'web', qty: 9, at: at(0) });
    },
    after: async (hub) => expect(hub.delivered.at(-1)?.what).toBe('expose 9'),
  },
  {
    option: 'claim',
    given: (hub) => raise(hub, { kind: 'receipt-mismatch' }),
    after: (hub) => told(hub, 'open-claim', 'withdraw-claim'),
  },
  {
    option: 'reconcile',
    given: (hub) =>
      hears(hub, {
        type: 'return',
        id: 'r1',
        store: 'harbour',
        sku: SKU,
        qty: 1,
        minor: 9000,
        fact: 'received',
        at: at(0),
      }),
    after: (hub) => told(hub, 'reconcile-return', 'withdraw-reconcile-return'),
  },
  {
    option: 'retrain',
    given: async (hub) => {
      const { sku: _, ...drift } = anException({ id: 'm', store: 'harbour', kind: 'model-drift' });
      await hub.says('exceptions', drift);
    },
    after: (hub) => told(hub, 'retrain', 'withdraw-retrain'),
  },
];

describeOnEachDatabase('an act that is taken back', (openEmpty) => {
  let database: Database;
  let hub: TrialEngine;
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  afterEach(() => hub.close());

  const carriedOut = async (kind: Kind): Promise<CaseView> => {
    hub = await openTrialEngine(database, { policy });
    await kind.given(hub);
    const view = await hub.onlyCase();
    const option = view.options.find((known) => known.option === kind.option);
    expect(view.options.map((known) => known.option)).toContain(kind.option);
    if (['proposed', 'escalated', 'observing'].includes(view.case.state)) {
      const request = { id: 'd', verdict: 'approve', ...(option ? { optionId: option.id } : {}) } as const;
      expect(await hub.engine.decide(view.case.id, { request, operator: ops })).toEqual({ kind: 'done' });
    }
    await hub.engine.settle();
    const [proposed] = await hub.transfers();
    if (kind.option === 'transfer' && proposed)
      await hub.answers(proposed.id, {
        donor: {
          decision: {
            verdict: 'approve',
            qty: proposed.qty,
            by: 'Kim',
            role: 'ops',
            at: at(1),
            offline: false,
            policyHash: 'x',
          },
        },
      });
    return hub.onlyCase();
  };
  const takeBack = async (caseId: string): Promise<void> => {
    expect(
      await hub.engine.undo(caseId, { request: { id: 'u', reason: 'it was wrong' }, operator: ops }),
    ).toEqual({ kind: 'done' });
  };

  for (const kind of kinds) {
    it(`leaves nothing of "${kind.option}", once, also when the process dies inside it`, async () => {
      const { case: row } = await carriedOut(kind);
      await takeBack(row.id);
      for (let n = 0; n < 3; n += 1) await hub.dies((work) => undoStep(work, row.id, hub.context));
      await hub.engine.settle();
      await hub.engine.settle();
      expect((await hub.onlyCase()).case.state).toBe('undone');
      await kind.after(hub);
      expect(
        await database.query(`SELECT 1 FROM audit_entries WHERE action = 'case.compensated'`),
      ).toHaveLength(1);
      expect(await hub.verify()).toMatchObject({ ok: true });
    });
  }

  it('stays, loudly, when another store has already picked the order', async () => {
    const [reassign] = kinds;
    if (!reassign) throw new Error('no kinds');
    const { case: row } = await carriedOut(reassign);
    const pick = aTask({ id: 't', store: 'market', kind: 'pick', order: 'o1~market' });
    await hub.says('tasks', { ...pick, done: { at: at(1), by: 'Sam', qty: 1 } });
    await takeBack(row.id);
    await hub.engine.settle();
    expect(await hub.onlyCase()).toMatchObject({ case: { state: 'escalated', tier: 'escalate' } });
    expect(hub.happenings.at(-1)?.text).toMatch(
      /could not be taken back: the order was already picked at market/,
    );
  });

  it('lets the price go back when the goods that belong to it do not move, and both are in the log', async () => {
    hub = await openTrialEngine(database, { policy });
    await hub.engine.noteEvents([
      {
        type: 'promotion',
        id: 'spring',
        store: 'market',
        sku: SKU,
        minor: 7900,
        startsAt: at(-1),
        endsAt: at(99),
        uplift: 2,
        at: at(-1),
      },
    ]);
    await hub.says('positions', stock('harbour', 30), {
      ...positionOf('market', SKU, { mean: 3, p0: 0.1, rate: 6 }),
      ...dear,
    });
    await raise(hub, { store: 'market', kind: 'stockout-ahead' });
    const view = await hub.onlyCase();
    const paused = view.options.find(({ text }) => text.includes('pause the promotion'));
    expect(paused?.terms.reduce((sum, { minor }) => sum + minor, 0)).toBe(paused?.expected.minor);
    if (!paused?.chosen) {
      const request = { id: 'd', verdict: 'approve', ...(paused ? { optionId: paused.id } : {}) } as const;
      if (view.case.state === 'awaiting-approval')
        await hub.engine.decide(view.case.id, { request: { id: 'x', verdict: 'escalate' }, operator: ops });
      await hub.engine.decide(view.case.id, { request, operator: ops });
      await hub.engine.settle();
    }
    expect((await hub.onlyCase()).case.state).toBe('awaiting-approval');
    await told(hub, 'price 9000');
    const transfer = (await hub.transfers()).find((known) => known.hub?.refused === undefined);
    await hub.answers(transfer?.id ?? '', {
      donor: {
        decision: {
          verdict: 'decline',
          qty: 0,
          by: 'Kim',
          role: 'manager',
          at: at(1),
          offline: false,
          policyHash: 'x',
        },
      },
    });
    await told(hub, 'price 9000', 'price 7900');
    const log = await database.query<{ action: string; text: string }>(
      `SELECT action, text FROM audit_entries WHERE action IN ('case.meanwhile', 'case.compensated') ORDER BY seq`,
    );
    expect(log.map(({ text }) => text)).toEqual([
      'commerce: price 9000',
      'commerce was told: price 7900; the transfer is declined',
    ]);
  });
});
