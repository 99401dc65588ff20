import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Clock, type DeviceAddress, instant, type PushRow } from '../../protocol/index.ts';
import { anException } from '../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import { type Database, migrate } from '../database/index.ts';
import { enrolDevice, enrolmentMigrations } from '../enrolment/index.ts';
import { intakeMigrations, listDocuments, putDocument } from './index.ts';
import { newsOf } from './news.ts';
import { openDevices } from './open-devices.ts';
import { listQuarantine } from './quarantine.ts';
import { discardQuarantined, retryQuarantined } from './retry-quarantined.ts';
import { takePull } from './take-pull.ts';
import { type DocumentChange, type OnChanges, type Push, takePush } from './take-push.ts';

const clock: Clock = { now: () => Date.parse('2026-03-02T09:00:00.000Z') };
const from = { epoch: 1, start: 'a' };

describeOnEachDatabase('a push', (openEmpty) => {
  let database: Database;
  let address: DeviceAddress;
  let tests = 0;
  let changes: DocumentChange[] = [];
  /** What consumers derive is written in the same transaction, so it can be compared with what was pushed. */
  const derive: OnChanges = async (tx, all) => {
    for (const { after } of all)
      await tx.query('INSERT INTO derived (document, seq) VALUES ($1, $2)', [after.id, after.seq]);
    changes.push(...all);
  };
  beforeAll(async () => {
    database = await openEmpty();
    await migrate(database, [...intakeMigrations, ...enrolmentMigrations]);
    await database.exec('CREATE TABLE derived (document text NOT NULL, seq bigint NOT NULL)');
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    const store = `store-${(tests += 1)}`;
    address = { store, device: `${store}-agent` };
    changes = [];
    await enrolDevice(database, address, clock);
    const asking = { ...from, lineage: ['a'], version: '1' };
    await openDevices(database, [{ address, asking, at: instant(clock.now()) }]);
  });

  let requests = 0;
  const pushOf = (rows: readonly unknown[], more: Partial<Push> = {}): Push => ({
    address,
    from,
    requestId: `r-${(requests += 1)}`,
    collection: 'exceptions',
    rows,
    atMs: clock.now(),
    ...more,
  });
  const fresh = (id: string, fields: object = {}): PushRow => ({
    assumed: null,
    next: {
      ...anException({ id: `${address.store}-${id}`, store: address.store }),
      ...fields,
      _deleted: false,
    },
  });
  const stored = async () =>
    (await listDocuments(database, 'exceptions', { store: address.store })).map(({ id }) => id);
  const result = async (push: Push, onChanges: OnChanges = derive) => {
    const outcome = await takePush(database, push, onChanges);
    if (outcome.kind !== 'taken') throw new Error(`not taken: ${outcome.kind}`);
    return outcome.result;
  };

  it('gets the same answer under the same id, and changes nothing the second time', async () => {
    const push = pushOf([fresh('1'), fresh('2', { confidence: 9 })]);
    const first = await result(push);
    expect(first).toMatchObject({ conflicts: [], quarantinedTotal: 1 });
    expect(await result(push)).toEqual(first);
    expect(changes).toHaveLength(1);
  });

  it('is taken once when two hubs get it at the same moment', async () => {
    const push = pushOf([fresh('1'), fresh('2')]);
    const [first, second] = await Promise.all([result(push), result(push)]);
    expect(second).toEqual(first);
    expect(new Set(changes.map(({ after }) => `${after.id} ${after.seq}`)).size).toBe(2);
    const derived = await database.query('SELECT * FROM derived WHERE document LIKE $1', [
      `${address.store}%`,
    ]);
    expect(derived).toHaveLength(2);
  });

  it('replayed three times, shuffled and from two sides at once, leaves the hub as one delivery does', async () => {
    // An outbox as a device would have sent it: one document made and changed, others made.
    const made = fresh('x');
    const next = { ...made.next, state: 'closed' };
    const outbox = [
      pushOf([made]),
      pushOf([{ assumed: made.next, next }]),
      ...Array.from({ length: 8 }, (_, n) => pushOf([fresh(String(n))])),
    ];
    for (const push of outbox) await result(push);
    const before = await listDocuments(database, 'exceptions', { store: address.store });
    const order = fc.shuffledSubarray([...outbox, ...outbox, ...outbox], { minLength: outbox.length * 3 });
    await fc.assert(
      fc.asyncProperty(order, fc.boolean(), async (shuffled, isForgotten) => {
        // After a while the hub forgets its answers; the documents alone must then be enough.
        if (isForgotten) await database.query('DELETE FROM answers');
        const half = shuffled.length / 2;
        const drains = [shuffled.slice(0, half), shuffled.slice(half)].map(async (part) => {
          for (const push of part) await result(push);
        });
        await Promise.all(drains);
      }),
      { numRuns: 6 },
    );
    expect(await listDocuments(database, 'exceptions', { store: address.store })).toEqual(before);
    expect(changes).toHaveLength(10);
  });

  const poisons: readonly (readonly [string, (good: PushRow) => unknown])[] = [
    ['a broken field', (good) => ({ ...good, next: { ...good.next, exposure: 'much' } })],
    ['a zero character', (good) => ({ ...good, next: { ...good.next, name: '\0' } })],
    ['a zero character in its id', (good) => ({ ...good, next: { ...good.next, id: 'a\0b' } })],
    ['no id', () => ({ assumed: null, next: { store: 'x' } })],
    ['no row at all', () => 'poison'],
    ['another store', (good) => ({ ...good, next: { ...good.next, store: 'elsewhere' } })],
    ['a failing consumer', (good) => ({ ...good, next: { ...good.next, feed: 'explode' } })],
  ];
  it.each(poisons)('stops only itself, at every position: %s', async (_name, poison) => {
    const exploding: OnChanges = async (tx, all) => {
      await derive(tx, all);
      if (all.some(({ after }) => (after.document as { feed?: string }).feed === 'explode'))
        throw new TypeError('cannot read this');
    };
    for (let position = 0; position < 4; position += 1) {
      const rows = Array.from({ length: 4 }, (_, n) => {
        const good = fresh(`${position}-${n}`);
        return n === position ? poison(good) : good;
      });
      const answer = await result(pushOf(rows), exploding);
      expect(answer.quarantined).toHaveLength(1);
      expect(answer.quarantined[0]?.reason).not.toBe('');
      expect((await stored()).filter((id) => id.startsWith(`${address.store}-${position}-`))).toHaveLength(3);
    }
    const waiting = (await listQuarantine(database)).filter(({ store }) => store === address.store);
    expect(waiting.length).toBeGreaterThanOrEqual(1);
  });

  it('decides nothing while the database is in trouble, so that the device asks again', async () => {
    const dying: OnChanges = () => Promise.reject(Object.assign(new Error('terminating'), { code: '57P01' }));
    await expect(takePush(database, pushOf([fresh('1'), fresh('2')]), dying)).rejects.toThrow('terminating');
    expect(await stored()).toEqual([]);
  });

  it('is refused from a start that is not the accepted one, and after the access was withdrawn', async () => {
    const stale = pushOf([fresh('1')], { from: { epoch: 1, start: 'other' } });
    expect(await takePush(database, stale, derive)).toEqual({ kind: 'unknown' });
    await database.query('UPDATE devices SET revoked_reason = $2 WHERE id = $1', [address.device, 'stolen']);
    expect(await takePush(database, pushOf([fresh('1')]), derive)).toEqual({
      kind: 'revoked',
      reason: 'stolen',
    });
    expect(await stored()).toEqual([]);
  });

  it('releases a quarantined document when a better version comes, and people may retry or discard it', async () => {
    const bad = (id: string) => fresh(id, { feed: 'later' });
    const refusing: OnChanges = () => Promise.reject(new Error('not yet understood'));
    const answer = await result(pushOf([bad('1'), bad('2'), bad('3')]), refusing);
    expect(answer.quarantinedTotal).toBe(3);
    expect((await result(pushOf([fresh('1')]))).quarantinedTotal).toBe(2);
    const waiting = (await listQuarantine(database)).filter(({ store }) => store === address.store);
    const idOf = (name: string) =>
      waiting.find(({ documentId }) => documentId === `${address.store}-${name}`)?.id ?? '';
    const [second, third] = [idOf('2'), idOf('3')];
    expect(await retryQuarantined(database, second, derive)).toEqual({ kind: 'accepted' });
    expect(await discardQuarantined(database, third)).toBe(true);
    expect(await retryQuarantined(database, third, derive)).toEqual({ kind: 'gone' });
    expect((await stored()).toSorted()).toEqual(['1', '2'].map((id) => `${address.store}-${id}`));
    expect((await listQuarantine(database)).filter(({ store }) => store === address.store)).toEqual([]);
  });

  it('that is refused again on retry stays in quarantine', async () => {
    await result(pushOf([fresh('1', { confidence: 9 })]));
    const [waiting] = (await listQuarantine(database)).filter(({ store }) => store === address.store);
    expect(await retryQuarantined(database, waiting?.id ?? '', derive)).toMatchObject({ kind: 'refused' });
    expect((await listQuarantine(database)).map(({ id }) => id)).toContain(waiting?.id);
  });

  it('is pulled page by page within the bound of a message, and from the start by a checkpoint of another history', async () => {
    const big = 'y'.repeat(4000);
    const evidence = Array.from({ length: 15 }, () => ({
      code: 'c',
      params: {},
      at: '2026-03-02T09:00:00.000Z',
      text: 'z'.repeat(500),
      more: big,
    }));
    await database.transaction(async (tx) => {
      for (let n = 0; n < 12; n += 1)
        await putDocument(
          tx,
          'exceptions',
          anException({ id: `${address.store}-${n}`, store: address.store, evidence }),
          { by: 'hub:test' },
        );
    });
    const history = 'h-1';
    const askNews = newsOf(database);
    const pull = async (checkpoint: { history: string; seq: number } | null) => {
      const asked = { address, collection: 'exceptions' as const };
      return takePull(database, { ...asked, checkpoint, limit: 100 }, history, await askNews(asked));
    };
    let place: { history: string; seq: number } | null = null;
    const ids: string[] = [];
    for (let page = 0; page < 12; page += 1) {
      const answer = await pull(place);
      ids.push(...answer.documents.map(({ id }) => id));
      place = answer.checkpoint;
      if (answer.complete) break;
    }
    expect(ids).toEqual(Array.from({ length: 12 }, (_, n) => `${address.store}-${n}`));
    expect((await pull(place)).documents).toEqual([]);
    expect((await pull({ history: 'older', seq: place?.seq ?? 0 })).documents.length).toBeGreaterThan(0);
    expect((await pull({ history, seq: 10 ** 9 })).documents.length).toBeGreaterThan(0);
  });
});
