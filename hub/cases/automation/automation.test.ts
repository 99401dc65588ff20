import { instant, type OrderDocument } from '@truecount/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { anException, aTask } from '../../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../../test/servers/databases.ts';
import {
  HOUR_MS,
  openTrialEngine,
  positionOf,
  type TrialEngine,
} from '../../../test/servers/trial-engine.ts';
import type { Database } from '../../database/index.ts';
import defaultPolicy from '../../governance/policies/default.json' with { type: 'json' };
import { replayDecisions } from '../index.ts';
import type { StandingRow } from './standings.ts';

const SKU = '4001';
const ops = { name: 'Ada', role: 'ops' } as const;
const policyWith = (automation: object, more: object = {}): object => ({
  chain: {
    ...defaultPolicy.chain,
    ...more,
    automation: {
      ...defaultPolicy.chain.automation,
      targetRate: 0.5,
      confidence: 0.8,
      minOutcomes: 4,
      holdoutShare: 0,
      ...automation,
    },
  },
});

describeOnEachDatabase('automation', (openEmpty) => {
  let database: Database;
  let hub: TrialEngine;
  let orders = 0;
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  beforeEach(() => {
    orders = 0;
  });
  afterEach(() => hub.close());

  const open = async (automation: object = {}, more: object = {}): Promise<void> => {
    hub = await openTrialEngine(database, { policy: policyWith(automation, more) });
    await hub.says(
      'positions',
      positionOf('harbour', SKU, { mean: 60, p0: 0.0001, rate: 1 }),
      positionOf('market', SKU, { mean: 60, p0: 0.0001, rate: 1 }),
    );
  };
  /** An order whose pick fails at Harbour. */
  const failingPick = async (): Promise<string> => {
    const id = `o${(orders += 1)}`;
    hub.clock.nowMs += HOUR_MS / 4;
    await hub.engine.placeOrder({
      id,
      store: 'harbour',
      token: id,
      serviceClass: 'collect',
      promisedAt: instant(hub.clock.nowMs + 4 * HOUR_MS),
      lines: [{ sku: SKU, qty: 1 }],
    });
    await hub.says(
      'exceptions',
      anException({
        id: `p-${id}`,
        store: 'harbour',
        kind: 'pick-failed',
        order: id,
        evidence: [
          {
            code: 'pick-short',
            params: { requested: 1, found: 0 },
            at: instant(hub.clock.nowMs),
            text: 'none found',
          },
        ],
      }),
    );
    return id;
  };
  const caseOf = async (order: string) => (await hub.cases()).find((row) => row.order === order);
  const picked = (order: string): Promise<void> =>
    hub.says('tasks', {
      ...aTask({ id: `t-${order}`, store: 'market', kind: 'pick', order: `${order}~market` }),
      done: { at: instant(hub.clock.nowMs), by: 'Sam', qty: 1 },
    });
  /** An order that a person lets another store pick, and that it does pick. */
  const goesWell = async (): Promise<void> => {
    const order = await failingPick();
    const row = await caseOf(order);
    if (row?.state === 'proposed')
      await hub.engine.decide(row.id, { request: { id: `d-${order}`, verdict: 'approve' }, operator: ops });
    await hub.engine.settle();
    await picked(order);
    expect((await caseOf(order))?.state).toBe('resolved');
  };
  const standing = async (): Promise<StandingRow | undefined> =>
    (
      await database.query<StandingRow>(
        `SELECT * FROM automation_standings WHERE kind = 'pick-failed' AND option = 'reassign'`,
      )
    )[0];
  const told = (): readonly string[] =>
    hub.happenings.filter(({ event }) => event.startsWith('automation')).map(({ event }) => event);

  it('is not there before it is earned: the policy says automate, and a person is asked', async () => {
    await open();
    const order = await failingPick();
    expect(await caseOf(order)).toMatchObject({ state: 'proposed', tier: 'recommend' });
    const { timeline } = await hub.onlyCase('pick-failed');
    expect(timeline.map(({ text }) => text).join(' ')).toMatch(/not earned yet: 0 of 4 outcomes are known/);
  });

  it('is earned by orders that were kept, at that store and kind alone, and then acts by itself', async () => {
    await open();
    for (let n = 0; n < 4; n += 1) await goesWell();
    expect(await standing()).toMatchObject({ is_earned: true, successes: 4, outcomes: 4 });
    expect(told()).toEqual(['automation-earned']);
    expect(await caseOf(await failingPick())).toMatchObject({ state: 'acting', tier: 'automate' });
    expect(await database.query(`SELECT store FROM automation_standings WHERE is_earned`)).toEqual([
      { store: 'harbour' },
    ]);
    expect(
      await database.query(`SELECT 1 FROM audit_entries WHERE action = 'automation.earned'`),
    ).toHaveLength(1);
    expect(await hub.verify()).toMatchObject({ ok: true });
  });

  it('is lost at once when what it did turns out badly, and is earned again from nothing', async () => {
    await open();
    for (let n = 0; n < 4; n += 1) await goesWell();
    for (let n = 0; n < 9 && (await standing())?.is_earned === true; n += 1) {
      const order = await failingPick();
      await hub.pass(5);
      expect((await caseOf(order))?.state).toBe('escalated');
    }
    expect(await standing()).toMatchObject({ is_earned: false, successes: 4 });
    expect(told()).toEqual(['automation-earned', 'automation-lost']);
    const lost = await standing();
    await goesWell();
    expect(await standing()).toMatchObject({
      is_earned: false,
      successes: 1,
      outcomes: 1,
      since: lost?.since,
    });
  });

  it('is lost at once when a model drifts at the store, also for what never had to be earned', async () => {
    await open();
    for (let n = 0; n < 4; n += 1) await goesWell();
    const { sku: _, ...drift } = anException({
      id: 'm',
      store: 'harbour',
      kind: 'model-drift',
      owner: 'it',
      evidence: [
        { code: 'drift', params: {}, at: instant(hub.clock.nowMs), text: '61 % came true, 90 % said' },
      ],
    });
    await hub.says('exceptions', drift);
    expect(await standing()).toMatchObject({
      is_earned: false,
      lost_because: 'lost: the model drifts: 61 % came true, 90 % said',
    });
    expect((await caseOf(await failingPick()))?.state).toBe('proposed');
    await hub.says('exceptions', anException({ id: 'c', store: 'harbour', sku: '4009', exposure: eur(900) }));
    await hub.says('positions', positionOf('harbour', '4009', { mean: 6, p0: 0.8, rate: 4, record: 12 }));
    await hub.engine.planNow();
    expect((await hub.onlyCase('phantom-stock')).case.tier).toBe('recommend');
    await hub.says('exceptions', { ...drift, state: 'closed' });
    expect(await standing()).toMatchObject({ is_earned: false, lost_because: null, outcomes: 0 });
  });

  it('is lost at once when a breaker trips', async () => {
    const breakers = {
      perSkuStorePerDay: 2,
      perStorePerHour: 99,
      moneyPerStorePerDayMinor: 1_000_000,
      oscillationDays: 7,
    };
    await open({}, { breakers });
    for (let n = 0; n < 4; n += 1) await goesWell();
    await goesWell();
    await goesWell();
    const order = await failingPick();
    expect(await caseOf(order)).toMatchObject({ state: 'proposed', tier: 'recommend' });
    expect((await standing())?.reason).toMatch(
      /^lost: breaker: 2 automatic acts on this product within a day/,
    );
    expect(told().at(-1)).toBe('automation-lost');
    hub.clock.nowMs += 25 * HOUR_MS;
    await failingPick();
    expect(await standing()).toMatchObject({ is_earned: false, lost_because: null, outcomes: 0 });
  });

  it('counts a person’s no, and a person’s other choice, against what was proposed', async () => {
    await open();
    const declined = await caseOf(await failingPick());
    await hub.engine.decide(declined?.id ?? '', {
      request: { id: 'no', verdict: 'decline' },
      operator: ops,
    });
    const overruled = await failingPick();
    const view = (await hub.cases()).find(({ order }) => order === overruled);
    const [score] = await database.query<{ options: string }>(
      'SELECT options FROM case_scores WHERE case_id = $1',
      [view?.id ?? ''],
    );
    const other = (JSON.parse(score?.options ?? '[]') as { id: string; option: string }[]).find(
      ({ option }) => option === 'delay',
    );
    await hub.engine.decide(view?.id ?? '', {
      request: { id: 'other', verdict: 'approve', optionId: other?.id ?? '' },
      operator: ops,
    });
    await hub.engine.settle();
    expect(
      await database.query(`SELECT how, success FROM outcome_labels WHERE option = 'reassign' ORDER BY at`),
    ).toEqual([
      { how: 'declined', success: false },
      { how: 'overruled', success: false },
    ]);
  });

  it('leaves the held-out share to people, says so, and remembers it for the measurement', async () => {
    await open({ holdoutShare: 1 });
    for (let n = 0; n < 5; n += 1) await goesWell();
    expect(await standing()).toMatchObject({ is_earned: true });
    const order = await failingPick();
    const row = await caseOf(order);
    expect(row).toMatchObject({ state: 'proposed', tier: 'recommend' });
    expect(
      await database.query('SELECT held_out FROM case_scores WHERE case_id = $1', [row?.id ?? '']),
    ).toEqual([{ held_out: true }]);
    expect(await replayDecisions(database, row?.id ?? '')).toEqual({ rounds: 1, same: true });
  });

  it('never comes to an act that cannot be undone, however well it went', async () => {
    await open({ asks: ['delay'] }, { tiers: [{ kind: '*', option: 'delay', tier: 'automate' }] });
    const dear = { price: eur(9000), cost: eur(1000) };
    await hub.says(
      'positions',
      { ...positionOf('harbour', SKU, { mean: 60, p0: 0.0001, rate: 1 }), ...dear },
      { ...positionOf('market', SKU, { mean: 1, p0: 0.9, rate: 5 }), ...dear },
    );
    const order = await failingPick();
    expect(await caseOf(order)).toMatchObject({ tier: 'recommend' });
    expect((await hub.document('orders', order)) satisfies OrderDocument | undefined).toMatchObject({
      state: 'open',
    });
  });
});

const eur = (minor: number) => ({ minor, currency: 'EUR' });
