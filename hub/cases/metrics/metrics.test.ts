import { type Exception, instant, metricNames } from '@truecount/protocol';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { anException, aTask } from '../../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../../test/servers/databases.ts';
import {
  HOUR_MS,
  openTrialEngine,
  positionOf,
  START,
  type TrialEngine,
} from '../../../test/servers/trial-engine.ts';
import type { Database } from '../../database/index.ts';
import defaultPolicy from '../../governance/policies/default.json' with { type: 'json' };
import { rateOf, readMetric, readMetrics } from './read-metrics.ts';

const SKU = '4001';
const ops = { name: 'Ada', role: 'ops' } as const;
const at = (hours: number): string => instant(START + hours * HOUR_MS);
const policy = {
  chain: {
    ...defaultPolicy.chain,
    automation: { ...defaultPolicy.chain.automation, asks: ['count', 'reassign'], holdoutShare: 0 },
  },
};

describeOnEachDatabase('metrics', (openEmpty) => {
  let database: Database;
  let hub: TrialEngine;
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    hub = await openTrialEngine(database, { policy });
  });
  afterEach(() => hub.close());

  const period = () => ({ nowMs: hub.clock.nowMs, days: 90, currency: 'EUR' });
  const ended = (code: string, params: Record<string, number>): Partial<Exception> => ({
    state: 'closed',
    closedAt: instant(hub.clock.nowMs),
    outcome: { code, params, at: instant(hub.clock.nowMs), text: code },
  });
  /** An alarm of this confidence, and what somebody found. */
  const alarm = async (id: string, confidence: number, end: Partial<Exception>): Promise<void> => {
    const exception = anException({
      id,
      store: 'harbour',
      sku: id,
      confidence,
      exposure: { minor: 900, currency: 'EUR' },
    });
    await hub.says('exceptions', exception);
    hub.clock.nowMs += HOUR_MS;
    await hub.says('exceptions', { ...exception, ...end });
  };

  it('judge alarms by counts, picks and looks, and by nothing else', async () => {
    await alarm('a', 0.9, ended('counted', { qty: 0 }));
    await alarm('b', 0.8, ended('counted', { qty: 3 }));
    await alarm('c', 0.9, ended('pick-short', { requested: 1, found: 0 }));
    await alarm('d', 0.7, ended('seen', {}));
    await alarm('e', 0.9, ended('delivered', { qty: 9 }));
    const { kinds, weeks } = await readMetric(database, 'detection', period());
    expect(kinds).toEqual([{ kind: 'phantom-stock', precision: rateOf(2, 4), falseAlarmRate: 0.5 }]);
    expect(weeks).toEqual([{ week: '2026-03-02T00:00:00.000Z', precision: rateOf(2, 4) }]);
    const { bands, brier } = await readMetric(database, 'calibration', period());
    expect(bands.map(({ seen }) => [seen.successes, seen.outcomes])).toEqual([
      [0, 1],
      [0, 1],
      [2, 2],
    ]);
    expect(brier).toBeCloseTo((0.01 + 0.64 + 0.01 + 0.49) / 4, 9);
  });

  it('find the drift of a model whose odds do not come true, as one case that asks for a fit', async () => {
    const alarms = Array.from({ length: 30 }, (_, n) =>
      anException({ id: `s${n}`, store: 'harbour', sku: `s${n}`, confidence: 0.9 }),
    );
    await hub.says('exceptions', ...alarms);
    await hub.says(
      'exceptions',
      ...alarms.map((one, n) => ({ ...one, ...ended('counted', { qty: n % 2 }) })),
    );
    await hub.engine.check();
    await hub.engine.check();
    await hub.engine.settle();
    const { case: row, options } = await hub.onlyCase('model-drift');
    expect(row).toMatchObject({ state: 'escalated', store: 'harbour' });
    expect(options.map(({ option }) => option)).toEqual(['retrain']);
    expect((await readMetric(database, 'calibration', period())).bands).toMatchObject([
      { seen: { outcomes: 30, successes: 15 } },
    ]);
  });

  it('know which orders were saved, how long it took, who touched them and what was done alone', async () => {
    await hub.says(
      'positions',
      positionOf('harbour', SKU, { mean: 30, p0: 0.001, rate: 1 }),
      positionOf('market', SKU, { mean: 30, p0: 0.001, rate: 1 }),
    );
    for (const id of ['kept', 'late', 'never']) {
      await hub.engine.placeOrder({
        id,
        store: 'harbour',
        token: id,
        serviceClass: id === 'kept' ? 'express' : 'collect',
        promisedAt: at(6),
        lines: [{ sku: SKU, qty: 1 }],
      });
      const evidence = [
        { code: 'pick-short', params: { requested: 1, found: 0 }, at: at(0), text: 'none found' },
      ];
      await hub.says(
        'exceptions',
        anException({ id: `p-${id}`, store: 'harbour', kind: 'pick-failed', order: id, evidence }),
      );
    }
    const picks = async (id: string, hours: number): Promise<void> => {
      hub.clock.nowMs = START + hours * HOUR_MS;
      const pick = aTask({ id: `t-${id}`, store: 'market', kind: 'pick', order: `${id}~market` });
      await hub.says('tasks', { ...pick, done: { at: at(hours), by: 'Sam', qty: 1 } });
    };
    await picks('kept', 2);
    hub.clock.nowMs = START + 6.5 * HOUR_MS;
    await hub.engine.settle();
    await picks('late', 7);
    hub.clock.nowMs = START + 20 * HOUR_MS;
    await hub.engine.settle();
    const all = await readMetrics(database, period());
    expect(all.orders.saved).toEqual(rateOf(1, 3));
    expect(all.orders.byClass).toEqual([
      { serviceClass: 'collect', saved: rateOf(0, 2) },
      { serviceClass: 'express', saved: rateOf(1, 1) },
    ]);
    expect(all.resolution).toEqual([{ kind: 'pick-failed', cases: 1, medianHours: 2, p90Hours: 2 }]);
    expect(all.coverage).toEqual({ acts: 3, automatic: 3, share: 1 });
    expect(all.touches).toEqual([{ kind: 'pick-failed', cases: 1, perCase: 0 }]);
    const [accuracy] = all.accuracy;
    expect(accuracy).toMatchObject({ store: 'harbour', channel: 'record', positions: 1 });
    expect(accuracy?.accuracy).toBeGreaterThan(0.1);
    expect(all.fairness.byStore).toMatchObject([{ store: 'harbour', saved: { outcomes: 3 }, cases: 1 }]);
  });

  it('compare what was done alone with the share that was left to people, with an interval', async () => {
    await hub.says('positions', positionOf('harbour', SKU, { mean: 30, p0: 0.001, rate: 1 }));
    expect(await readMetric(database, 'effect', period())).toEqual({
      currency: 'EUR',
      automatic: { cases: 0 },
      holdout: { cases: 0 },
    });
    const values = { automatic: [900, 700, 0, 800], holdout: [300, 0] };
    for (const [arm, minors] of Object.entries(values))
      for (const [n, minor] of minors.entries()) {
        const id = `${arm}${n}`;
        await hub.says('exceptions', anException({ id, store: 'harbour', sku: id, kind: 'pick-failed' }));
        const row = (await hub.cases()).find(({ sku }) => sku === id);
        await database.query(
          `INSERT INTO case_scores (case_id, round, at, policy_hash, inputs, options, chosen_option, expected_minor, tier, held_out)
           VALUES ($1, 99, $2, 'x', '{}', '[]', 'reassign', $3, $4, $5)`,
          [row?.id ?? '', at(0), minor, arm === 'automatic' ? 'automate' : 'recommend', arm === 'holdout'],
        );
        await database.query(
          `INSERT INTO case_actions (id, case_id, option, undo, done_at, after_seq) VALUES ($1, $2, 'reassign', '{"kind":"nothing"}', $3, 0)`,
          [`a-${id}`, row?.id ?? '', at(0)],
        );
        await database.query(
          `INSERT INTO case_transitions (case_id, seq, at, to_state, event, actor, source, text) VALUES ($1, 99, $2, 'resolved', $3, 'hub', 'hub', '')`,
          [row?.id ?? '', at(1), minor > 0 ? 'succeed' : 'fail'],
        );
      }
    const effect = await readMetric(database, 'effect', period());
    expect(effect).toMatchObject({
      automatic: { cases: 4, meanMinor: 600 },
      holdout: { cases: 2, meanMinor: 150 },
    });
    const error = 1.959964 * Math.sqrt(166_666.6667 / 4 + 45_000 / 2);
    expect(effect.perCaseMinor).toBe(450);
    expect(effect.lowMinor).toBeCloseTo(450 - error, 2);
    expect(effect.highMinor).toBeCloseTo(450 + error, 2);
  });

  it('are all there, and empty, before anything has happened', async () => {
    const all = await readMetrics(database, period());
    expect(Object.keys(all).sort()).toEqual([...metricNames, 'asOf', 'days'].sort());
    expect(all.orders.saved).toEqual({ outcomes: 0, successes: 0 });
    expect(
      await hub.engine.decide('none', { request: { id: 'x', verdict: 'approve' }, operator: ops }),
    ).toEqual({
      kind: 'unknown-case',
    });
  });
});
