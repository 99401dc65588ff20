import fc from 'fast-check';
import { instant, type Transfer, type TransferDecision, transferStage } from '@truecount/protocol';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { anException } from '../../test/builders/documents.ts';
import { describeOnEachDatabase, type OpenEmpty } from '../../test/servers/databases.ts';
import type { Database } from '../database/index.ts';
import {
  HOUR_MS,
  openTrialEngine,
  positionOf,
  START,
  type TrialEngine,
} from '../../test/servers/trial-engine.ts';

const SKU = '4001';

describeOnEachDatabase('the path of a transfer', (openEmpty: OpenEmpty) => {
  let database: Database;
  let trial: TrialEngine | undefined;
  beforeAll(async () => {
    database = await openEmpty();
  });
  afterAll(() => database.close());
  afterEach(async () => {
    await trial?.close();
    trial = undefined;
  });

  const opened = async (): Promise<TrialEngine> => {
    trial = await openTrialEngine(database);
    return trial;
  };

  /** Market runs out; Harbour has plenty, Station some. */
  const proposed = async (): Promise<{ hub: TrialEngine; transfer: Transfer }> => {
    const hub = await opened();
    await hub.says(
      'positions',
      positionOf('harbour', SKU, { mean: 30, p0: 0.001, rate: 2 }),
      positionOf('market', SKU, { mean: 1, p0: 0.1, rate: 6 }),
      positionOf('station', SKU, { mean: 20, p0: 0.02, rate: 3 }),
    );
    await hub.says(
      'exceptions',
      anException({ id: 'e1', store: 'market', kind: 'stockout-ahead', confidence: 0.97, owner: 'manager' }),
    );
    const [transfer] = await hub.transfers();
    if (!transfer) throw new Error('nothing was proposed');
    return { hub, transfer };
  };

  const decision = (fields: Partial<TransferDecision> = {}): TransferDecision => ({
    verdict: 'approve',
    qty: 1,
    by: 'Kim',
    role: 'manager',
    at: instant(START + HOUR_MS),
    offline: false,
    policyHash: 'x',
    ...fields,
  });
  const part = (qty: number, hours: number) => ({ qty, by: 'Sam', at: instant(START + hours * HOUR_MS) });

  it('begins with a proposal that says why, what it costs and what else was possible, and holds the units', async () => {
    const { hub, transfer } = await proposed();
    expect(transfer).toMatchObject({ from: 'harbour', to: 'market', sku: SKU });
    expect(transfer.because).toMatch(/Harbour .* sure of \d+ units.*Earns \d+\.\d\d EUR/);
    expect(transfer.otherwise).toMatch(/expected to lose sales worth/);
    expect(transfer.alternatives.map(({ option }) => option)).toEqual(
      expect.arrayContaining(['count', 'transfer']),
    );
    expect(transfer.value.minor).toBeGreaterThan(transfer.cost.minor + transfer.donorLoss.minor);
    expect(await hub.reserved()).toEqual([{ owner: `transfer:${transfer.id}`, qty: transfer.qty }]);
    const view = await hub.onlyCase();
    expect(view.case.state).toBe('awaiting-approval');
    expect(view.transferId).toBe(transfer.id);
    expect(view.options.filter(({ chosen }) => chosen).map(({ option }) => option)).toEqual(['transfer']);
    expect((await hub.document('exceptions', 'e1'))?.caseId).toBe(view.case.id);
    expect(await hub.verify()).toMatchObject({ ok: true });
  });

  it('goes from approval through both stores to a resolved case', async () => {
    const { hub, transfer } = await proposed();
    const { qty } = transfer;
    await hub.answers(transfer.id, { donor: { decision: decision({ qty }) } });
    expect((await hub.onlyCase()).case.state).toBe('acting');
    await hub.answers(transfer.id, { donor: { picked: part(qty, 2) } });
    await hub.answers(transfer.id, { donor: { shipped: part(qty, 2) } });
    expect(await hub.reserved()).toEqual([]);
    await hub.answers(transfer.id, { receiver: { received: part(qty, 5) } });
    const view = await hub.onlyCase();
    expect(view.case.state).toBe('resolved');
    expect(await hub.transitions(view.case.id)).toEqual([
      'open',
      'proposed',
      'awaiting-approval',
      'approved',
      'acting',
      'resolved',
    ]);
    expect((await hub.document('transfers', transfer.id))?.hub?.closed).toMatchObject({ shortUnits: 0 });
    expect(hub.happenings.map(({ event }) => event)).toEqual(
      expect.arrayContaining([
        'transfer-proposed',
        'transfer-approved',
        'transfer-received',
        'transfer-closed',
      ]),
    );
    expect(await hub.verify()).toMatchObject({ ok: true });
  });

  it('ends the same in whatever order and however often the parts arrive', async () => {
    const deliveries = fc.shuffledSubarray(['decision', 'picked', 'shipped', 'received'] as const, {
      minLength: 4,
    });
    const repeats = fc.array(fc.constantFrom('decision', 'picked', 'shipped', 'received' as const), {
      maxLength: 3,
    });
    await fc.assert(
      fc.asyncProperty(deliveries, repeats, async (order, again) => {
        const { hub, transfer } = await proposed();
        const { qty } = transfer;
        const parts = {
          decision: { donor: { decision: decision({ qty }) } },
          picked: { donor: { picked: part(qty, 2) } },
          shipped: { donor: { shipped: part(qty, 2) } },
          received: { receiver: { received: part(qty, 5) } },
        };
        for (const name of [...order, ...again]) await hub.answers(transfer.id, parts[name]);
        const view = await hub.onlyCase();
        const steps = await hub.transitions(view.case.id);
        expect(steps).toEqual(['open', 'proposed', 'awaiting-approval', 'approved', 'acting', 'resolved']);
        expect(await hub.reserved()).toEqual([]);
        await hub.close();
        trial = undefined;
      }),
      { numRuns: 6 },
    );
  }, 180_000);

  it('lets a proposal expire, and scores again', async () => {
    const { hub, transfer } = await proposed();
    await hub.pass(25);
    const expired = await hub.document('transfers', transfer.id);
    expect(expired && transferStage(expired)).toBe('expired');
    const view = await hub.onlyCase();
    expect(view.case.state).toBe('awaiting-approval');
    expect(view.transferId).not.toBe(transfer.id);
    expect(await hub.reserved()).toHaveLength(1);
  });

  it('takes an approval that was given in time but arrived after the proposal had expired', async () => {
    const { hub, transfer } = await proposed();
    await hub.pass(25);
    const late = decision({ qty: transfer.qty, at: instant(START + 20 * HOUR_MS), offline: true });
    await hub.answers(transfer.id, { donor: { decision: late } });
    expect((await hub.document('transfers', transfer.id))?.hub?.refused).toBeUndefined();
    expect(await hub.reserved()).toContainEqual({ owner: `transfer:${transfer.id}`, qty: transfer.qty });
  });

  it('refuses an approval that was given after the end, and gives the units back', async () => {
    const { hub, transfer } = await proposed();
    await hub.answers(transfer.id, {
      donor: { decision: decision({ qty: transfer.qty, at: instant(START + 30 * HOUR_MS) }) },
    });
    const refused = await hub.document('transfers', transfer.id);
    expect(refused?.hub?.refused?.reason).toMatch(/after the proposal had ended/);
    expect(refused?.hub?.refused?.why).toMatchObject({ code: 'approved-late' });
    expect(await hub.reserved()).not.toContainEqual(
      expect.objectContaining({ owner: `transfer:${transfer.id}` }),
    );
    expect((await hub.onlyCase()).case.state).toBe('awaiting-approval');
  });

  it('refuses an approval above what an outage allows, in words that name the limit', async () => {
    const hub = await opened();
    await hub.says(
      'positions',
      {
        ...positionOf('harbour', SKU, { mean: 60, p0: 0.001, rate: 2 }),
        price: { minor: 9900, currency: 'EUR' },
      },
      {
        ...positionOf('market', SKU, { mean: 1, p0: 0.3, rate: 2 }),
        price: { minor: 9900, currency: 'EUR' },
        cost: { minor: 4000, currency: 'EUR' },
      },
    );
    await hub.says(
      'exceptions',
      anException({ id: 'e1', store: 'market', kind: 'stockout-ahead', owner: 'manager' }),
    );
    const [transfer] = await hub.transfers();
    if (!transfer) throw new Error('nothing was proposed');
    await hub.answers(transfer.id, { donor: { decision: decision({ qty: transfer.qty, offline: true }) } });
    expect((await hub.document('transfers', transfer.id))?.hub?.refused?.reason).toMatch(
      /at stake, the limit during the outage was 84\.08 EUR/,
    );
  });

  it('refuses an approval from somebody who may not give it', async () => {
    const { hub, transfer } = await proposed();
    await hub.answers(transfer.id, { donor: { decision: decision({ qty: 1, role: 'associate' }) } });
    expect((await hub.document('transfers', transfer.id))?.hub?.refused?.reason).toMatch(/a manager has to/);
  });

  it('asks another donor when one declines', async () => {
    const { hub, transfer } = await proposed();
    await hub.answers(transfer.id, {
      donor: { decision: decision({ verdict: 'decline', qty: 0, reason: 'need it' }) },
    });
    const next = (await hub.transfers()).find(({ id }) => id !== transfer.id);
    expect(next).toMatchObject({ from: 'station', to: 'market' });
    const view = await hub.onlyCase();
    expect(view.case.state).toBe('awaiting-approval');
    expect(await hub.transitions(view.case.id)).toContain('declined');
  });

  it('plans the rest anew when a pick comes out short', async () => {
    const { hub, transfer } = await proposed();
    await hub.answers(transfer.id, { donor: { decision: decision({ qty: transfer.qty }) } });
    await hub.answers(transfer.id, { donor: { picked: part(0, 2) } });
    expect((await hub.document('transfers', transfer.id))?.hub?.closed).toMatchObject({
      shortUnits: transfer.qty,
    });
    const next = (await hub.transfers()).find(({ id }) => id !== transfer.id);
    expect(next).toMatchObject({ from: 'station', to: 'market' });
  });

  it('opens a case of its own when units are missing on arrival', async () => {
    const { hub, transfer } = await proposed();
    const { qty } = transfer;
    await hub.answers(transfer.id, {
      donor: { decision: decision({ qty }), picked: part(qty, 2), shipped: part(qty, 2) },
      receiver: { received: part(qty - 1, 5) },
    });
    expect((await hub.onlyCase('transfer-failed')).case.headline).toMatch(/went wrong.*Market Square/);
    expect((await hub.onlyCase('stockout-ahead')).case.state).toBe('resolved');
  });

  it('says so when what was approved is never shipped', async () => {
    const { hub, transfer } = await proposed();
    await hub.answers(transfer.id, { donor: { decision: decision({ qty: transfer.qty }) } });
    await hub.pass(5);
    expect((await hub.onlyCase('transfer-failed')).timeline.at(0)?.text).toMatch(/has not shipped/);
  });

  it('takes the proposal back when the shortage is over before anybody decided', async () => {
    const { hub, transfer } = await proposed();
    const counted = anException({
      id: 'e1',
      store: 'market',
      kind: 'stockout-ahead',
      state: 'closed',
      outcome: { code: 'counted', params: { qty: 20 }, at: instant(START + HOUR_MS), text: '20 counted' },
    });
    await hub.says('exceptions', counted);
    expect((await hub.onlyCase()).case.state).toBe('resolved');
    const withdrawn = await hub.document('transfers', transfer.id);
    expect(withdrawn?.hub?.refused?.reason).toMatch(/20 counted/);
    expect(await hub.reserved()).toEqual([]);
    await hub.answers(transfer.id, { donor: { decision: decision({ qty: transfer.qty }) } });
    expect((await hub.document('transfers', transfer.id))?.hub?.refused).toBeDefined();
    expect((await hub.onlyCase()).case.state).toBe('resolved');
  });
});
