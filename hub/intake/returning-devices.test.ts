import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Clock, type DeviceAddress, type DeviceState, instant } from '../../protocol/index.ts';
import { anException, aTask } from '../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import { type Database, gathered, migrate, type Queryable } from '../database/index.ts';
import { enrolDevice, enrolmentMigrations } from '../enrolment/index.ts';
import { deviceStatuses, listDevices, noteDeviceStates, type StateNote } from './device-registry.ts';
import { intakeMigrations, putDocument } from './index.ts';
import { newsOf } from './news.ts';
import { openDevices, type Opening } from './open-devices.ts';

const clock: Clock = { now: () => Date.parse('2026-03-02T09:00:00.000Z') };
const DEVICES = 30;

describeOnEachDatabase('many devices that come back at once', (openEmpty) => {
  let database: Database;
  const addresses: readonly DeviceAddress[] = Array.from({ length: DEVICES }, (_, n) => ({
    store: `store-${n}`,
    device: `store-${n}-agent`,
  }));
  const [first, second] = addresses as readonly [DeviceAddress, DeviceAddress];
  const opening = (address: DeviceAddress, start: string, lineage = [start], minute = 0): Opening => ({
    address,
    asking: { epoch: 1, start, lineage, version: '1' },
    at: instant(clock.now() + minute * 60_000),
  });
  /** The database, with its queries counted. */
  const counting = (): { readonly queryable: Queryable; readonly queries: () => number } => {
    let queries = 0;
    const query: Queryable['query'] = (sql, values) => {
      queries += 1;
      return database.query(sql, values);
    };
    return { queryable: { query, exec: (sql) => database.exec(sql) }, queries: () => queries };
  };
  beforeAll(async () => {
    database = await openEmpty();
    await migrate(database, [...intakeMigrations, ...enrolmentMigrations]);
    for (const address of addresses) await enrolDevice(database, address, clock);
  });
  afterAll(() => database.close());

  it('are accepted, each by itself', async () => {
    const stranger = { store: 'store-1', device: 'store-0-agent' };
    const opened = await openDevices(database, [
      ...addresses.map((address) => opening(address, 'a')),
      opening(stranger, 'a'),
    ]);
    expect(opened.map(({ verdict }) => verdict.kind)).toEqual([
      ...addresses.map(() => 'accepted'),
      'unknown',
    ]);
  });

  it('change nothing when their life is the accepted one', async () => {
    const before = await database.query('SELECT * FROM devices ORDER BY id');
    const opened = await openDevices(
      database,
      addresses.map((address) => opening(address, 'a', ['a'], 1)),
    );
    expect(opened.every(({ verdict }) => verdict.kind === 'accepted')).toBe(true);
    expect(await database.query('SELECT * FROM devices ORDER BY id')).toEqual(before);
  });

  it('are judged one after the other when two are copies of one device', async () => {
    const opened = await openDevices(database, [
      opening(first, 'b', ['a', 'b'], 2),
      opening(first, 'c', ['a', 'c'], 2),
      opening(second, 'b', ['a', 'b'], 2),
    ]);
    expect(opened.map(({ verdict }) => verdict.kind)).toEqual(['accepted', 'fenced', 'accepted']);
    const isFenced = async (): Promise<boolean> =>
      (await listDevices(database)).some(({ id, state }) => id === first.device && state === 'fenced');
    expect(await isFenced()).toBe(true);
    // The copy is gone and the accepted one comes back: that settles it.
    await openDevices(database, [opening(first, 'b', ['b'], 3)]);
    expect(await isFenced()).toBe(false);
  });

  it('hear what is new for each of them in a few queries', async () => {
    await database.transaction(async (tx) => {
      const by = { by: 'hub:test' };
      await putDocument(tx, 'exceptions', anException({ id: 'e-1', store: first.store }), by);
      await putDocument(tx, 'tasks', aTask({ id: 't-1', store: second.store }), by);
    });
    const { queryable, queries } = counting();
    const ask = newsOf(queryable);
    const news = await Promise.all(
      addresses.flatMap((address) => [
        ask({ address, collection: 'exceptions' }),
        ask({ address, collection: 'tasks' }),
      ]),
    );
    expect(news.map(({ seq }) => seq > 0).flatMap((isNew, at) => (isNew ? at : []))).toEqual([0, 3]);
    expect(new Set(news.map(({ newest }) => newest))).toEqual(
      new Set([Math.max(...news.map(({ seq }) => seq))]),
    );
    expect(news.every(({ life }) => life?.epoch === 1)).toBe(true);
    expect(queries()).toBe(1);
  });

  it('say how they are, and one that says what cannot be stored keeps nobody from it', async () => {
    const state = (start: string, more: Partial<DeviceState> = {}): DeviceState => ({
      online: true,
      from: { epoch: 1, start },
      version: '2',
      feeds: [],
      ...more,
    });
    const note = gathered((notes: readonly StateNote[]) => noteDeviceStates(database, notes));
    const heardAt = instant(clock.now());
    const told = await Promise.allSettled([
      note({ address: first, state: state('b', { version: 'zero \0' }), heardAt }),
      note({ address: second, state: state('b', { online: false }), heardAt }),
      note({ address: second, state: state('b'), heardAt }),
      note({ address: second, state: state('of another life', { online: false }), heardAt }),
    ]);
    expect(told.map((one) => (one.status === 'fulfilled' ? one.value : 'failed'))).toEqual([
      'failed',
      true,
      true,
      false,
    ]);
    const status = (await deviceStatuses(database)).find(({ device }) => device === second.device);
    expect(status).toMatchObject({ online: true, version: '2' });
  });
});
