import { rmSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BoardView, instant, type NowView, type Transfer, type TransferView } from '@truecount/protocol';
import { openStoreDocuments } from '../documents/index.ts';
import { getRxStorageNodeSqlite } from '../documents/sqlite-storage/index.ts';
import {
  DAY_MS,
  HOUR_MS,
  NOON_MS,
  openStoreUnderTest,
  signedGrant,
  signedPolicy,
  smallStoreHistory,
  type StoreUnderTest,
} from './store-under-test.ts';

let store: StoreUnderTest;
let manager: Record<string, string>;
const money = (minor: number) => ({ minor, currency: 'EUR' });
const proposal = (fields: Partial<Transfer> = {}): Transfer => ({
  id: 't-1',
  from: 'harbour',
  to: 'market',
  fromName: 'Harbour',
  toName: 'Market Square',
  sku: 'milk',
  name: 'milk of the house',
  qty: 4,
  proposedAt: instant(NOON_MS - HOUR_MS),
  dueAt: instant(NOON_MS + 3 * DAY_MS),
  value: money(3000),
  cost: money(900),
  donorLoss: money(100),
  donorConfidence: 0.97,
  receiverRisk: 0.9,
  because: 'Market Square is out',
  otherwise: 'about four lost sales',
  alternatives: [],
  policyVersion: 'v1',
  ...fields,
});

beforeEach(async () => {
  store = await openStoreUnderTest();
  const { collections } = store.core.documents;
  await collections.policies.insert(signedPolicy());
  await collections.staff.bulkInsert([
    signedGrant('Kim', 'manager', '471100'),
    signedGrant('Sam', 'associate', '1234'),
  ]);
  await store.core.grants.reload();
  await store.hear(...smallStoreHistory({ sku: 'none', fromMs: 0 }));
  await store.tick();
  await collections.transfers.insert(proposal());
  const { cookie } = await store.post('/api/session', { pin: '471100' });
  manager = { cookie: cookie ?? '' };
});
afterEach(async () => {
  await store.close();
  rmSync(store.folder, { recursive: true, force: true });
});

const view = async (): Promise<TransferView> =>
  ((await store.get('/api/transfers')).body as unknown as TransferView[])[0] as TransferView;
const decide = (body: object, headers = manager) =>
  store.post('/api/transfers/t-1/decision', { id: 'r-1', verdict: 'approve', ...body }, headers);
const step = (step: string, qty: number) =>
  store.post('/api/transfers/t-1/steps', { id: `r-${step}`, step, qty });
const moves = () =>
  [...store.core.ledger.read()]
    .map(({ observation }) => observation)
    .filter(({ type }) => type === 'transfer');

describe("a manager's board", () => {
  it('needs a manager, and says what is open and what the day has brought', async () => {
    expect(await store.get('/api/board')).toMatchObject({ status: 401, body: { code: 'E_PIN_NEEDED' } });
    const { cookie } = await store.post('/api/session', { pin: '1234' });
    expect(await store.get('/api/board', { cookie: cookie ?? '' })).toMatchObject({ status: 403 });
    await store.hear(...smallStoreHistory({ sku: 'oat', fromMs: NOON_MS - 4 * DAY_MS }));
    await store.tick();
    const before = (await store.get('/api/board', manager)).body as unknown as BoardView;
    expect(before.kinds.length).toBeGreaterThan(0);
    expect(before.today).toMatchObject({ done: 0, worth: money(0) });
    const { cards } = (await store.get('/api/now')).body as unknown as NowView;
    const card = cards.find(({ kind }) => kind === 'count');
    await store.post('/api/counts', { id: 'count-1', sku: card?.product?.sku, qty: 7, taskId: card?.id });
    const after = (await store.get('/api/board', manager)).body as unknown as BoardView;
    expect(after.today).toMatchObject({ done: 1, worth: card?.value, minutes: card?.minutes });
  });
});

describe("a manager's decision", () => {
  it('needs a manager', async () => {
    expect(await decide({}, {})).toMatchObject({ status: 401, body: { code: 'E_PIN_NEEDED' } });
    const { cookie } = await store.post('/api/session', { pin: '1234' });
    expect(await decide({}, { cookie: cookie ?? '' })).toMatchObject({
      status: 403,
      body: { code: 'E_ROLE' },
    });
  });

  it('is stored with who, what and under which policy, once', async () => {
    expect(await view()).toMatchObject({
      stage: 'proposed',
      awaitsDecision: true,
      side: 'donor',
      record: 24,
    });
    expect((await decide({ qty: 3 })).status).toBe(201);
    expect((await decide({ qty: 3 })).status).toBe(201);
    expect(await decide({ verdict: 'decline' })).toMatchObject({
      status: 409,
      body: { code: 'E_TRANSFER_OVER' },
    });
    const { transfer, next, awaitsDecision } = await view();
    expect(transfer.donor?.decision).toEqual({
      verdict: 'approve',
      qty: 3,
      by: 'Kim',
      role: 'manager',
      at: instant(NOON_MS),
      offline: false,
      policyHash: signedPolicy().hash,
    });
    expect({ next, awaitsDecision }).toEqual({ next: ['picked'], awaitsDecision: false });
  });

  it('of more than the limit is refused, with what to do', async () => {
    await store.core.documents.collections.transfers.upsert(proposal({ value: money(9000) }));
    expect(await decide({})).toMatchObject({ status: 403, body: { code: 'E_ABOVE_LIMIT' } });
    expect((await decide({ qty: 2 })).status).toBe(201);
  });

  it('is open in an outage up to a limit that halves with its length', async () => {
    store.sync = { ...store.sync, online: false, since: instant(NOON_MS - 24 * HOUR_MS) };
    // 40.00 at first, 20.00 after a day: 30.00 for four units is too much, 15.00 for two is not.
    expect(await decide({ qty: 4 })).toMatchObject({ status: 403, body: { code: 'E_ABOVE_LIMIT' } });
    expect((await decide({ qty: 2 })).status).toBe(201);
    expect((await view()).transfer.donor?.decision).toMatchObject({ offline: true, qty: 2 });
    store.sync = { ...store.sync, since: instant(NOON_MS - 30 * DAY_MS) };
    await store.core.documents.collections.transfers.insert(
      proposal({ id: 't-2', proposedAt: instant(NOON_MS) }),
    );
    expect((await view()).blocked).toContain('without a route to the hub the limit is now 0.00 EUR');
  });

  it('after its time is refused', async () => {
    store.clock.ms = NOON_MS + 3 * DAY_MS;
    expect(await decide({})).toMatchObject({ status: 409, body: { code: 'E_PROPOSAL_EXPIRED' } });
  });

  it('under a policy that the hub did not sign counts for nothing', async () => {
    const generous = signedPolicy((bundle) => ({ ...bundle, version: 9 }));
    const forged = {
      ...generous,
      bundle: { ...generous.bundle, approvals: { ...generous.bundle.approvals, managerMaxMinor: 1e9 } },
    };
    await store.core.documents.collections.policies.upsert(forged);
    await store.core.grants.reload();
    await store.core.documents.collections.transfers.upsert(proposal({ value: money(900_000) }));
    expect(await decide({})).toMatchObject({ status: 403, body: { code: 'E_ABOVE_LIMIT' } });
    expect((await store.get('/api/health')).body).toMatchObject({ status: 'degraded' });
  });
});

describe('the steps of a transfer', () => {
  it('at the donor: picked and shipped in order, once, and the units leave the record', async () => {
    expect(await step('picked', 1)).toMatchObject({ status: 409, body: { code: 'E_STEP_ORDER' } });
    await decide({});
    expect(await step('picked', 5)).toMatchObject({ status: 422, body: { code: 'E_QUANTITY' } });
    expect((await step('picked', 3)).status).toBe(201);
    const tasks = async () =>
      (await store.core.documents.collections.tasks.findOne('ship-t-1').exec())?.toMutableJSON();
    expect(await tasks()).toMatchObject({ kind: 'ship', qty: 4, transferId: 't-1' });
    expect((await step('shipped', 3)).status).toBe(201);
    expect((await step('shipped', 3)).status).toBe(201);
    expect(moves()).toMatchObject([{ sku: 'milk', qty: -3 }]);
    expect(await view()).toMatchObject({ stage: 'shipped', next: [], record: 21 });
    expect((await tasks())?.dismissed?.reason).toBe('the transfer is shipped');
    const stages = store.events
      .filter(({ event }) => event === 'transfer-stage')
      .map(({ text }) => text.split(':')[0]);
    expect(stages).toEqual(['transfer proposed', 'transfer approved', 'transfer picked', 'transfer shipped']);
  });

  it('at the receiver: a task to receive, and the units enter the record', async () => {
    const arriving = proposal({
      id: 't-9',
      from: 'market',
      to: 'harbour',
      fromName: 'Market Square',
      toName: 'Harbour',
    });
    const part = { qty: 4, by: 'Lou', at: instant(NOON_MS) };
    const decision = {
      verdict: 'approve',
      qty: 4,
      by: 'Lou',
      role: 'manager',
      at: instant(NOON_MS),
      offline: false,
      policyHash: 'x',
    } as const;
    await store.core.documents.collections.transfers.insert({
      ...arriving,
      donor: { decision, picked: part, shipped: part },
    });
    await store.core.transfers.follow({ ...arriving, donor: { decision, picked: part, shipped: part } });
    expect((await store.core.documents.collections.tasks.findOne('receive-t-9').exec())?.qty).toBe(4);
    const received = await store.post('/api/transfers/t-9/steps', { id: 'r', step: 'received', qty: 4 });
    expect(received.status).toBe(201);
    expect(moves()).toMatchObject([{ sku: 'milk', qty: 4 }]);
  });

  it('survive a stop between the document and the journal', async () => {
    await decide({});
    await step('picked', 2);
    const shipped = { qty: 2, by: 'Kim', at: instant(NOON_MS) };
    const document = await store.core.documents.collections.transfers.findOne('t-1').exec();
    const unfollowed = document?.toMutableJSON() as Transfer;
    await store.close();
    // As if the process had died right after the document was written: nothing of the agent saw it.
    const documents = await openStoreDocuments({
      storage: getRxStorageNodeSqlite({ folder: store.folder }),
      store: 'harbour',
    });
    await documents.collections.transfers.upsert({
      ...unfollowed,
      donor: { ...unfollowed.donor, shipped },
    });
    await documents.close();
    store = await openStoreUnderTest({ folder: store.folder });
    expect(moves()).toMatchObject([{ sku: 'milk', qty: -2 }]);
  });
});
