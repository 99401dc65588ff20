import { instant, transferStage } from '@truecount/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { anException } from '../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import {
  HOUR_MS,
  openTrialEngine,
  positionOf,
  START,
  type TrialEngine,
} from '../../test/servers/trial-engine.ts';
import type { Database } from '../database/index.ts';
import { replayDecisions, tryPolicy } from './index.ts';
import defaultPolicy from '../governance/policies/default.json' with { type: 'json' };
import { bundlesFrom } from '../governance/index.ts';
import { undoStep } from './undo-case.ts';

const SKU = '4001';
const ops = { name: 'Ada', role: 'ops' } as const;

describeOnEachDatabase('what was done', (openEmpty) => {
  let database: Database;
  let hub: TrialEngine;
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  afterEach(() => hub.close());

  const begin = async (): Promise<string> => {
    const { case: row } = await hub.onlyCase();
    expect(
      await hub.engine.undo(row.id, { request: { id: 'u1', reason: 'it was wrong' }, operator: ops }),
    ).toEqual({ kind: 'done' });
    return row.id;
  };
  const stateOfCase = async (): Promise<string> => (await hub.onlyCase()).case.state;

  /** Market runs out, Harbour gives; approved by its manager. */
  const approved = async (): Promise<string> => {
    hub = await openTrialEngine(database);
    await hub.says(
      'positions',
      positionOf('harbour', SKU, { mean: 30, p0: 0.001, rate: 2 }),
      positionOf('market', SKU, { mean: 1, p0: 0.1, rate: 6 }),
    );
    await hub.says(
      'exceptions',
      anException({ id: 'e1', store: 'market', kind: 'stockout-ahead', owner: 'manager' }),
    );
    const [transfer] = await hub.transfers();
    if (!transfer) throw new Error('nothing was proposed');
    const at = instant(START + HOUR_MS);
    await hub.answers(transfer.id, {
      donor: {
        decision: {
          verdict: 'approve',
          qty: transfer.qty,
          by: 'Kim',
          role: 'manager',
          at,
          offline: false,
          policyHash: 'x',
        },
      },
    });
    return transfer.id;
  };
  const part = (qty: number) => ({ qty, by: 'Sam', at: instant(START + 2 * HOUR_MS) });

  it('is taken back by withdrawing a transfer that has not left, also when it was picked', async () => {
    const id = await approved();
    const proposed = await hub.document('transfers', id);
    await hub.answers(id, { donor: { picked: part(proposed?.qty ?? 0) } });
    expect((await hub.onlyCase()).allowed).toContain('undo');
    await begin();
    await hub.engine.settle();
    expect(await stateOfCase()).toBe('undone');
    const transfer = await hub.document('transfers', id);
    expect(transfer && transferStage(transfer)).toBe('refused');
    expect(await hub.reserved()).toEqual([]);
    expect(await hub.verify()).toMatchObject({ ok: true });
  });

  it('is taken back by a transfer of its own once the units have left', async () => {
    const id = await approved();
    const qty = (await hub.document('transfers', id))?.qty ?? 0;
    await hub.answers(id, {
      donor: { picked: part(qty), shipped: part(qty) },
      receiver: { received: part(qty) },
    });
    expect(await stateOfCase()).toBe('resolved');
    await begin();
    await hub.engine.settle();
    expect(await stateOfCase()).toBe('undone');
    expect(await hub.document('transfers', `${id}|back`)).toMatchObject({
      from: 'market',
      to: 'harbour',
      qty,
    });
    const at = instant(START + 3 * HOUR_MS);
    await hub.answers(`${id}|back`, {
      donor: {
        decision: {
          verdict: 'decline',
          qty: 0,
          by: 'Lee',
          role: 'manager',
          at,
          offline: false,
          policyHash: 'x',
        },
      },
    });
    expect(await hub.reserved()).toEqual([]);
  });

  it('is taken back exactly once when the process dies inside a compensation', async () => {
    hub = await openTrialEngine(database, {
      policy: {
        chain: { ...defaultPolicy.chain, tiers: [{ kind: '*', option: '*', tier: 'recommend' }] },
      },
    });
    await hub.says('positions', positionOf('harbour', SKU, { mean: 6, p0: 0.8, rate: 4, record: 12 }));
    await hub.says('exceptions', anException({ id: 'a', store: 'harbour' }));
    const view = await hub.onlyCase();
    const adjust = view.options.find(({ option }) => option === 'adjust-record');
    await hub.engine.decide(view.case.id, {
      request: { id: 'd', verdict: 'approve', ...(adjust ? { optionId: adjust.id } : {}) },
      operator: ops,
    });
    const caseId = await begin();
    for (let n = 0; n < 3; n += 1) await hub.dies((work) => undoStep(work, caseId, hub.context));
    await hub.engine.settle();
    await hub.engine.settle();
    expect(await stateOfCase()).toBe('undone');
    expect(hub.delivered.map(({ what }) => what)).toEqual(['set-record 0', 'set-record 12']);
  });

  it('stays, loudly, when it cannot be taken back', async () => {
    hub = await openTrialEngine(database);
    await hub.says('positions', positionOf('harbour', SKU, { mean: 3, p0: 0.1, rate: 1 }));
    await hub.engine.placeOrder({
      id: 'o1',
      store: 'harbour',
      token: 'C-1',
      serviceClass: 'collect',
      promisedAt: '2026-03-02T11:00:00.000Z',
      lines: [{ sku: SKU, qty: 1 }],
    });
    const short = {
      code: 'pick-short',
      params: { requested: 1, found: 0 },
      at: instant(START),
      text: 'none found',
    };
    await hub.says(
      'exceptions',
      anException({ id: 'p', store: 'harbour', kind: 'pick-failed', order: 'o1', evidence: [short] }),
    );
    const view = await hub.onlyCase();
    const delay = view.options.find(({ option }) => option === 'delay');
    await hub.engine.decide(view.case.id, {
      request: { id: 'd', verdict: 'approve', ...(delay ? { optionId: delay.id } : {}) },
      operator: ops,
    });
    expect(await stateOfCase()).toBe('acting');
    await begin();
    await hub.engine.settle();
    expect(await hub.onlyCase()).toMatchObject({ case: { state: 'escalated', tier: 'escalate' } });
    expect(hub.happenings.at(-1)?.text).toMatch(/could not be taken back: delay cannot be undone/);
  });

  it('is decided again from its kept inputs to the same bytes, or the missing input is named', async () => {
    await approved();
    const { case: row } = await hub.onlyCase();
    expect(await replayDecisions(database, row.id)).toEqual({ rounds: 1, same: true });
    await database.query(`UPDATE case_scores SET inputs = replace(inputs, '"policy":', '"gone":')`);
    expect(await replayDecisions(database, row.id)).toEqual({
      rounds: 1,
      same: false,
      problem: 'round 1: the input "policy" is gone',
    });
    expect(await replayDecisions(database, 'nothing')).toBeUndefined();
  });

  it('can be compared with what another policy would have decided', async () => {
    await approved();
    const [bundle] = bundlesFrom({
      chain: {
        ...defaultPolicy.chain,
        version: 2,
        planner: { ...defaultPolicy.chain.planner, blockedSkus: [SKU] },
        tiers: [{ kind: '*', option: 'transfer', tier: 'observe' }],
      },
    });
    if (!bundle) throw new Error('no bundle');
    const trial = await tryPolicy(database, bundle, { days: 90, nowMs: hub.clock.nowMs });
    expect(trial).toMatchObject({
      decisions: 1,
      before: { tiers: { recommend: 1 }, options: { transfer: 1 }, approvals: 1 },
      after: { tiers: { observe: 1 }, approvals: 0, expected: { minor: 0 } },
    });
    expect(trial.changed).toMatchObject([
      { store: 'market', before: expect.stringMatching(/recommend: Move/) },
    ]);
    expect((await tryPolicy(database, bundle, { days: 0, nowMs: hub.clock.nowMs + HOUR_MS })).decisions).toBe(
      0,
    );
  });

  it('can be tried and computed again over 90 days of history, without holding up other work for long', async () => {
    await approved();
    const { case: row } = await hub.onlyCase();
    const DAYS = 90;
    const PER_DAY = 4;
    await database.query(
      `INSERT INTO case_scores (case_id, round, at, policy_hash, inputs, options, chosen, chosen_option, expected_minor, tier)
       SELECT case_id, 1 + n, to_char(at::timestamptz AT TIME ZONE 'UTC' - n * interval '6 hours', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"'),
         policy_hash, inputs, options, chosen, chosen_option, expected_minor, tier
       FROM case_scores, generate_series(1, $2::int) AS n WHERE case_id = $1`,
      [row.id, DAYS * PER_DAY - 1],
    );
    const bundles = bundlesFrom({
      chain: {
        ...defaultPolicy.chain,
        version: 9,
        tiers: [{ kind: '*', option: 'transfer', tier: 'observe' }],
      },
    });
    let turns = 0;
    const counting = setInterval(() => (turns += 1), 1);
    const [bundle] = bundles;
    if (!bundle) throw new Error('no bundle');
    const trial = await tryPolicy(database, bundle, { days: DAYS, nowMs: hub.clock.nowMs });
    clearInterval(counting);
    expect(trial).toMatchObject({
      decisions: DAYS * PER_DAY,
      before: { approvals: DAYS * PER_DAY },
      after: { approvals: 0, expected: { minor: 0 } },
    });
    expect(trial.before.expected.minor).toBeGreaterThan(0);
    expect(trial.changed).toHaveLength(100);
    expect(turns).toBeGreaterThan(20);
    expect(await replayDecisions(database, row.id)).toEqual({ rounds: DAYS * PER_DAY, same: true });
  });
});
