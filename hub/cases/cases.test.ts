import type { CaseDecisionRequest } from '@truecount/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { anException, aTask } from '../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import {
  openTrialEngine,
  positionOf,
  type TrialEngine,
  trialNetwork,
} from '../../test/servers/trial-engine.ts';
import type { Database } from '../database/index.ts';
import defaultPolicy from '../governance/policies/default.json' with { type: 'json' };

const SKU = '4001';
const ops = { name: 'Ada', role: 'ops' } as const;

describeOnEachDatabase('cases', (openEmpty) => {
  let database: Database;
  let hub: TrialEngine;
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  afterEach(() => hub.close());
  const open = async (policy?: object, rest: { network?: typeof trialNetwork } = {}): Promise<void> => {
    hub = await openTrialEngine(database, { ...(policy === undefined ? {} : { policy }), ...rest });
  };
  const tierRule = (option: string, tier: string): object => ({
    chain: {
      ...defaultPolicy.chain,
      tiers: [{ kind: '*', option, tier }, ...defaultPolicy.chain.tiers],
    },
  });
  /** A policy under which this option need not be earned first. */
  const trusting = (option: string): object => ({
    chain: {
      ...defaultPolicy.chain,
      automation: { ...defaultPolicy.chain.automation, asks: ['count', option] },
    },
  });
  const doubted = positionOf('harbour', SKU, { mean: 6, p0: 0.8, rate: 4, record: 12 });
  const decide = (caseId: string, request: Partial<CaseDecisionRequest>) =>
    hub.engine.decide(caseId, { request: { id: 'd1', verdict: 'approve', ...request }, operator: ops });
  const closed = {
    code: 'counted',
    params: { qty: 0 },
    at: '2026-03-02T10:00:00.000Z',
    text: '0 counted',
  } as const;

  it('groups exceptions with one root into one case and keeps the worst of them in front', async () => {
    await open();
    await hub.says('positions', doubted);
    await hub.says(
      'exceptions',
      anException({ id: 'a', store: 'harbour', exposure: { minor: 500, currency: 'EUR' } }),
    );
    await hub.says(
      'exceptions',
      anException({
        id: 'b',
        store: 'harbour',
        kind: 'negative-record',
        exposure: { minor: 900, currency: 'EUR' },
      }),
    );
    await hub.says('exceptions', anException({ id: 'c', store: 'market' }));
    const cases = await hub.cases();
    expect(cases.map(({ store, exposure }) => [store, exposure.minor])).toEqual(
      expect.arrayContaining([
        ['harbour', 900],
        ['market', 2390],
      ]),
    );
    expect(cases).toHaveLength(2);
  });

  it('asks to count first where doubt is the problem, without a second task for what the store already shows', async () => {
    await open();
    await hub.says('positions', doubted);
    await hub.says('exceptions', anException({ id: 'a', store: 'harbour' }));
    const view = await hub.onlyCase();
    expect(view.case).toMatchObject({ state: 'acting', tier: 'automate' });
    const chosen = view.options.find((option) => option.chosen);
    expect(chosen?.option).toBe('count');
    expect(chosen?.terms.reduce((sum, { minor }) => sum + minor, 0)).toBe(chosen?.expected.minor);
    expect(view.options.map(({ option }) => option)).toContain('adjust-record');
    expect((await hub.document('exceptions', 'a'))?.decision?.option).toBe('count');
    expect(await hub.database.query(`SELECT 1 FROM documents WHERE collection = 'tasks'`)).toEqual([]);
    await hub.says(
      'exceptions',
      anException({ id: 'a', store: 'harbour', state: 'closed', outcome: closed }),
    );
    expect((await hub.onlyCase()).case.state).toBe('resolved');
  });

  it('opens a new case when the same shelf goes wrong again', async () => {
    await open();
    await hub.says('positions', doubted);
    await hub.says('exceptions', anException({ id: 'a', store: 'harbour' }));
    await hub.says(
      'exceptions',
      anException({ id: 'a', store: 'harbour', state: 'closed', outcome: closed }),
    );
    await hub.says('exceptions', anException({ id: 'b', store: 'harbour' }));
    expect((await hub.cases()).map(({ state }) => state).sort()).toEqual(['acting', 'resolved']);
  });

  it('says once what it hears three times', async () => {
    await open();
    await hub.says('positions', doubted);
    for (let n = 0; n < 3; n += 1) await hub.says('exceptions', anException({ id: 'a', store: 'harbour' }));
    const view = await hub.onlyCase();
    expect(await hub.transitions(view.case.id)).toEqual(['open', 'proposed', 'approved', 'acting']);
  });

  it('passes on what nobody did in time', async () => {
    await open();
    await hub.says('positions', doubted);
    await hub.says('exceptions', anException({ id: 'a', store: 'harbour' }));
    await hub.pass(5);
    const view = await hub.onlyCase();
    expect(view.case).toMatchObject({ state: 'escalated', tier: 'escalate' });
    expect(view.allowed).toEqual(['approve', 'decline']);
  });

  it('only watches where the policy says observe, and does nothing where nothing pays', async () => {
    await open(tierRule('count', 'observe'));
    await hub.says('positions', doubted);
    await hub.says('exceptions', anException({ id: 'a', store: 'harbour' }));
    const { sku: _, ...silent } = anException({
      id: 'f',
      store: 'harbour',
      kind: 'feed-silent',
      feed: 'till-1',
    });
    await hub.says('exceptions', silent);
    expect((await hub.cases()).map(({ state }) => state)).toEqual(['observing', 'observing']);
  });

  it('shows what the store holds for the cause, and what its people found it to be', async () => {
    await open(tierRule('count', 'observe'));
    await hub.says('positions', doubted);
    const cause = [{ code: 'theft', probability: 0.48, text: 'taken without being paid for' }];
    const said = anException({ id: 'a', store: 'harbour', cause });
    await hub.says('exceptions', said);
    const found = { cause: 'mis-scan', at: '2026-03-02T11:00:00.000Z' } as const;
    await hub.says('exceptions', { ...said, state: 'closed', closedAt: closed.at, outcome: closed, found });
    const { timeline } = await hub.onlyCase();
    expect(timeline.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['most likely taken without being paid for (48 %)', 'found to be: mis scan']),
    );
    expect(timeline.every(({ at }) => !Number.isNaN(Date.parse(at)))).toBe(true);
  });

  it('waits for an operator where the policy says recommend, takes the word once, and records who gave it', async () => {
    await open(tierRule('count', 'recommend'));
    await hub.says('positions', doubted);
    await hub.says('exceptions', anException({ id: 'a', store: 'harbour' }));
    const { case: waiting } = await hub.onlyCase();
    expect(waiting.state).toBe('proposed');
    expect(await decide(waiting.id, {})).toEqual({ kind: 'done' });
    expect(await decide(waiting.id, {})).toEqual({ kind: 'done' });
    expect(await hub.transitions(waiting.id)).toEqual([
      'open',
      'proposed',
      'open',
      'proposed',
      'approved',
      'acting',
    ]);
    const view = await hub.onlyCase();
    expect(view.timeline.some(({ actor }) => actor === 'Ada (ops)')).toBe(true);
    expect(await hub.verify()).toMatchObject({ ok: true });
  });

  it('keeps a decision that comes before there is anything to decide, and follows it then', async () => {
    await open(tierRule('count', 'recommend'));
    await hub.says('positions', doubted);
    const exception = anException({ id: 'a', store: 'harbour' });
    await hub.says('exceptions', { ...exception, store: 'harbour' });
    const { case: row } = await hub.onlyCase();
    await hub.database.query(`DELETE FROM case_scores`);
    await hub.database.query(`UPDATE cases SET state = 'open', wants_score = true`);
    expect(await decide(row.id, {})).toEqual({ kind: 'waiting' });
    await hub.engine.settle();
    expect((await hub.onlyCase()).case.state).toBe('acting');
  });

  it('carries out another option when the operator names it', async () => {
    await open(tierRule('count', 'recommend'));
    await hub.says('positions', doubted);
    await hub.says('exceptions', anException({ id: 'a', store: 'harbour' }));
    const view = await hub.onlyCase();
    const adjust = view.options.find(({ option }) => option === 'adjust-record');
    expect(await decide(view.case.id, adjust ? { optionId: adjust.id } : {})).toEqual({ kind: 'done' });
    await hub.engine.settle();
    expect(hub.delivered).toMatchObject([{ port: 'erp', what: 'set-record 0', caseId: view.case.id }]);
  });

  it('refuses what does not apply, in words', async () => {
    await open();
    await hub.says('positions', doubted);
    await hub.says('exceptions', anException({ id: 'a', store: 'harbour', state: 'open' }));
    const { case: row } = await hub.onlyCase();
    expect(await decide(row.id, {})).toMatchObject({
      kind: 'refused',
      reason: expect.stringMatching(/acting cannot be approved/),
    });
    expect(await decide('nothing', {})).toEqual({ kind: 'unknown-case' });
  });

  it('scores again when a count that it asked for comes back', async () => {
    // A van that costs as much as three bottles earn: worth sending to an empty shelf, not to a half full one.
    const lanes = trialNetwork.lanes.map((lane) => ({ ...lane, fixedMinor: 3000 }));
    await open(undefined, { network: { ...trialNetwork, lanes } });
    const dear = { price: { minor: 2390, currency: 'EUR' }, cost: { minor: 1200, currency: 'EUR' } };
    await hub.says(
      'positions',
      { ...positionOf('harbour', SKU, { mean: 30, p0: 0.001, rate: 2 }), ...dear },
      { ...positionOf('market', SKU, { mean: 5, p0: 0.45, rate: 3 }), ...dear },
    );
    await hub.says(
      'exceptions',
      anException({ id: 'e1', store: 'market', kind: 'stockout-ahead', owner: 'manager' }),
    );
    const [asked] = await hub.database.query<{ id: string }>(
      `SELECT id FROM documents WHERE collection = 'tasks'`,
    );
    const task = asked && (await hub.document('tasks', asked.id));
    expect(task).toMatchObject({ kind: 'count', store: 'market', createdBy: 'hub', exceptionId: 'e1' });
    if (!task) return;
    await hub.says('positions', { ...positionOf('market', SKU, { mean: 1, p0: 0.02, rate: 3 }), ...dear });
    await hub.says('tasks', { ...task, done: { at: '2026-03-02T09:30:00.000Z', by: 'Sam', qty: 1 } });
    expect((await hub.onlyCase()).case.state).toBe('awaiting-approval');
    expect(await hub.transfers()).toMatchObject([{ from: 'harbour', to: 'market' }]);
  });

  it('gives an order that cannot be picked to a store that is sure', async () => {
    await open(trusting('reassign'));
    await hub.says(
      'positions',
      positionOf('harbour', SKU, { mean: 3, p0: 0.1, rate: 1 }),
      positionOf('market', SKU, { mean: 20, p0: 0.001, rate: 2 }),
    );
    await hub.engine.placeOrder({
      id: 'o1',
      store: 'harbour',
      token: 'C-1',
      serviceClass: 'collect',
      promisedAt: '2026-03-02T11:00:00.000Z',
      lines: [{ sku: SKU, qty: 1 }],
    });
    expect(await hub.reserved()).toEqual([{ owner: 'order:o1', qty: 1 }]);
    await hub.says(
      'exceptions',
      anException({
        id: 'p1',
        store: 'harbour',
        kind: 'pick-failed',
        order: 'o1',
        confidence: 1,
        evidence: [
          {
            code: 'pick-short',
            params: { requested: 1, found: 0 },
            at: '2026-03-02T09:30:00.000Z',
            text: 'x',
          },
        ],
      }),
    );
    expect((await hub.document('orders', 'o1'))?.state).toBe('cancelled');
    expect(await hub.document('orders', 'o1~market')).toMatchObject({
      store: 'market',
      state: 'open',
      token: 'C-1',
    });
    expect(await hub.reserved()).toEqual([{ owner: 'order:o1~market', qty: 1 }]);
    const pick = aTask({ id: 't', store: 'market', kind: 'pick', order: 'o1~market' });
    await hub.says('tasks', { ...pick, done: { at: '2026-03-02T10:00:00.000Z', by: 'Sam', qty: 1 } });
    expect((await hub.document('orders', 'o1~market'))?.state).toBe('picked');
    expect(await hub.reserved()).toEqual([]);
  });

  it('opens a case at once for an order that the belief does not support, and counts the same order once', async () => {
    await open();
    await hub.says('positions', positionOf('harbour', SKU, { mean: 2, p0: 0.5, rate: 1 }));
    const order = {
      id: 'o1',
      store: 'harbour',
      token: 'C-1',
      serviceClass: 'collect',
      promisedAt: '2026-03-02T17:00:00.000Z',
      lines: [{ sku: SKU, qty: 2 }],
    };
    await hub.engine.placeOrder(order);
    await hub.engine.placeOrder(order);
    await hub.engine.settle();
    expect((await hub.onlyCase('order-at-risk')).timeline.at(0)?.text).toMatch(
      /2 wanted, 0 can surely be promised/,
    );
    expect(await hub.reserved()).toEqual([]);
  });

  it('stops by itself when it runs in circles, says so once, and only recommends from then on', async () => {
    const breakers = {
      perSkuStorePerDay: 2,
      perStorePerHour: 99,
      moneyPerStorePerDayMinor: 1_000_000,
      oscillationDays: 7,
    };
    await open({ chain: { ...defaultPolicy.chain, breakers } });
    await hub.says('positions', doubted);
    for (const id of ['a', 'b', 'c', 'd']) {
      await hub.says('exceptions', anException({ id, store: 'harbour' }));
      await hub.says('exceptions', anException({ id, store: 'harbour', state: 'closed', outcome: closed }));
    }
    expect((await hub.cases()).map(({ tier }) => tier).sort()).toEqual([
      'automate',
      'automate',
      'recommend',
      'recommend',
    ]);
    const told = hub.happenings.filter(({ event }) => event.startsWith('breaker'));
    expect(told.map(({ text }) => text)).toEqual([
      'automation is off for Oat drink 1 l at harbour: 2 automatic acts on this product within a day',
    ]);
    hub.clock.nowMs += 25 * 3_600_000;
    await hub.says('exceptions', anException({ id: 'e', store: 'harbour' }));
    expect(hub.happenings.filter(({ event }) => event === 'breaker-closed')).toHaveLength(1);
  });

  it('does the same work once when several engines share the database', async () => {
    await open();
    const engines = [hub.engine, hub.another(), hub.another()];
    await hub.database.query('UPDATE cases SET wants_score = false');
    await hub.says(
      'positions',
      positionOf('harbour', SKU, { mean: 60, p0: 0.001, rate: 2 }),
      ...['a', 'b', 'c', 'd'].map((sku) => positionOf('harbour', sku, { mean: 60, p0: 0.001, rate: 2 })),
      ...['a', 'b', 'c', 'd'].map((sku) => positionOf('market', sku, { mean: 1, p0: 0.1, rate: 6 })),
    );
    const writes = ['a', 'b', 'c', 'd'].map((sku) =>
      hub.says('exceptions', anException({ id: `e-${sku}`, store: 'market', sku, kind: 'stockout-ahead' })),
    );
    await Promise.all([...writes, ...engines.map((engine) => engine.settle())]);
    await Promise.all(engines.map((engine) => engine.settle()));
    expect((await hub.cases()).map(({ state }) => state)).toEqual(
      Array.from({ length: 4 }, () => 'awaiting-approval'),
    );
    expect(await hub.transfers()).toHaveLength(4);
    expect(await hub.reserved()).toHaveLength(4);
    expect(await hub.verify()).toMatchObject({ ok: true });
    for (const engine of engines.slice(1)) await engine.close();
  });
});
