import type { RxCollection } from 'rxdb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { getDocument, listDocuments, putDocument } from '../../hub/intake/index.ts';
import { anException, aPosition, aTask, aTransfer } from '../../test/builders/documents.ts';
import { type CuttingProxy, startCuttingProxy } from '../../test/servers/cutting-proxy.ts';
import {
  sqliteStorage,
  startTrialDevice,
  type TrialDevice,
  until,
  untilSent,
} from '../../test/servers/trial-device.ts';
import { describeOnEachPair, type TrialHub } from '../../test/servers/trial-hub.ts';

const NEVER_MS = 1_000_000;

describeOnEachPair('sync', (startHub) => {
  let hub: TrialHub;
  let proxy: CuttingProxy;
  /** Every change that the hub's other parts were told of, as `<id> <new or old>`. */
  const told: string[] = [];
  let tests = 0;
  let store = '';
  beforeAll(async () => {
    hub = await startHub({
      onChanges: (_tx, changes) => {
        for (const { before, after } of changes) told.push(`${after.id} ${before ? 'changed' : 'made'}`);
        return Promise.resolve();
      },
    });
    proxy = await startCuttingProxy(hub.url);
  });
  afterAll(() => proxy[Symbol.asyncDispose]());
  beforeEach(() => {
    store = `store-${(tests += 1)}`;
    told.length = 0;
    proxy.open();
  });

  const start = async (device = 'agent', more: object = {}): Promise<TrialDevice> => {
    const address = { store, device: `${store}-${device}` };
    const { username, password } = await hub.enrol(address);
    return startTrialDevice({ address, hub: { url: proxy.url, username, password }, ...more });
  };
  const atHub = () => listDocuments(hub.database, 'exceptions', { store });
  const onceHere = (
    device: TrialDevice,
    name: 'exceptions' | 'tasks' | 'transfers',
    id: string,
    field: string,
  ) => {
    const collection = device.documents.collections[name] as unknown as RxCollection<object>;
    return until(
      (listener) => {
        const subscription = collection.$.subscribe(listener);
        return () => subscription.unsubscribe();
      },
      async () => {
        const found = await collection.findOne(id).exec();
        return found !== null && Object.hasOwn(found.toJSON(), field);
      },
    );
  };
  const patch = async (
    device: TrialDevice,
    name: 'exceptions' | 'transfers',
    id: string,
    fields: object,
  ): Promise<void> => {
    const collection = device.documents.collections[name] as unknown as RxCollection<object>;
    await (await collection.findOne(id).exec(true)).incrementalPatch(fields);
  };
  const seenByHub = async () => {
    await hub.intake.idle();
    return (await hub.intake.statuses()).find((status) => status.store === store);
  };
  /** The hub sees this store's device as online, or as away. */
  const isKnown = (online: boolean) =>
    until(
      (listener) => {
        const timer = setInterval(listener, 20);
        return () => clearInterval(timer);
      },
      async () => (await seenByHub())?.online === online,
    );
  const onceAway = (device: TrialDevice) => {
    // Where the broker goes on while the hub is gone, only a question that is not answered shows it.
    device.sync.refresh();
    return until(
      (listener) => device.sync.onChange(listener),
      () => !device.sync.status().online,
    );
  };

  it('brings changes both ways as they happen, without being asked to look', async () => {
    await using device = await start('agent', { timing: { lookMs: NEVER_MS } });
    await using other = await start('second', { timing: { lookMs: NEVER_MS } });
    await Promise.all([untilSent(device), untilSent(other)]);
    await device.documents.collections.exceptions.insert(anException({ id: `${store}-e`, store }));
    await onceHere(other, 'exceptions', `${store}-e`, 'id');
    await hub.database.transaction((tx) =>
      putDocument(tx, 'tasks', aTask({ id: `${store}-t`, store, createdBy: 'hub' }), { by: 'hub:test' }),
    );
    await Promise.all([
      onceHere(device, 'tasks', `${store}-t`, 'id'),
      onceHere(other, 'tasks', `${store}-t`, 'id'),
    ]);
    expect((await atHub())[0]?.document).toMatchObject({ id: `${store}-e`, state: 'open' });
  });

  it('counts exactly what is committed here and not yet accepted, through an outage and a restart', async () => {
    using sqlite = sqliteStorage();
    proxy.shut();
    const counts: number[] = [];
    {
      await using device = await start('agent', { storage: sqlite.open() });
      const { exceptions } = device.documents.collections;
      const note = () => counts.push(device.sync.status().waiting);
      note();
      await exceptions.bulkInsert(['1', '2', '3'].map((id) => anException({ id: `${store}-${id}`, store })));
      note();
      await patch(device, 'exceptions', `${store}-1`, { confidence: 0.5 });
      note();
    }
    await using device = await start('agent', { storage: sqlite.open() });
    counts.push(device.sync.status().waiting);
    proxy.open();
    await untilSent(device);
    await patch(device, 'exceptions', `${store}-1`, { confidence: 0.6 });
    await untilSent(device);
    expect(counts).toEqual([0, 3, 3, 3]);
    expect(told.toSorted()).toEqual(
      [1, 2, 3]
        .map((n) => `${store}-${n} made`)
        .concat(`${store}-1 changed`)
        .toSorted(),
    );
  });

  it.each([true, false])(
    'sends again what was under way when the broker went away before its PUBACK (delivered: %s)',
    async (isDelivered) => {
      await using device = await start();
      await untilSent(device);
      for (let round = 0; round < 3; round += 1) {
        const cut = proxy.cutAtPublish('rpc/exceptions/push', isDelivered);
        await device.documents.collections.exceptions.insert(anException({ id: `${store}-${round}`, store }));
        await cut;
        expect(device.sync.status().waiting).toBe(1);
        await untilSent(device);
      }
      expect(told).toEqual([0, 1, 2].map((round) => `${store}-${round} made`));
    },
  );

  it('brings everything once when the hub stops for a while and the store goes on', async () => {
    await using device = await start();
    await untilSent(device);
    await hub.stopService();
    await onceAway(device);
    const { exceptions } = device.documents.collections;
    for (let n = 0; n < 25; n += 1) await exceptions.insert(anException({ id: `${store}-${n}`, store }));
    await patch(device, 'exceptions', `${store}-7`, { state: 'closed' });
    const during = device.sync.status();
    await hub.startService();
    await untilSent(device);
    expect(during).toMatchObject({ online: false, waiting: 25, quarantined: 0 });
    expect(
      (await atHub()).map(({ document }) => document.state).filter((state) => state === 'closed'),
    ).toHaveLength(1);
    expect(told.toSorted()).toEqual(Array.from({ length: 25 }, (_, n) => `${store}-${n} made`).toSorted());
  });

  it('survives cut after cut in the middle of a drain', async () => {
    using sqlite = sqliteStorage();
    await using device = await start('agent', { storage: sqlite.open() });
    await untilSent(device);
    proxy.shut();
    await onceAway(device);
    const ids = Array.from({ length: 600 }, (_, n) => `${store}-${n}`);
    await device.documents.collections.exceptions.bulkInsert(ids.map((id) => anException({ id, store })));
    for (let cut = 0; cut < 6; cut += 1) {
      proxy.open();
      // An answer may reach the next connection before its question is asked again: then the drain ends early.
      await Promise.race([proxy.cutAtPublish('rpc/exceptions/push', cut % 2 === 0), untilSent(device)]);
    }
    await untilSent(device);
    expect(told.toSorted()).toEqual(ids.map((id) => `${id} made`).toSorted());
  }, 90_000);

  it('sends exceptions before the first position, and of a position that changed often not every state', async () => {
    await using device = await start();
    await untilSent(device);
    proxy.shut();
    await onceAway(device);
    const { positions, exceptions } = device.documents.collections;
    const of = (sku: number, mean: number) => aPosition({ store, sku: String(sku), mean });
    await positions.bulkInsert(Array.from({ length: 500 }, (_, sku) => of(sku, 0)));
    for (let mean = 1; mean <= 20; mean += 1) await positions.upsert(of(0, mean));
    await exceptions.bulkInsert(
      Array.from({ length: 250 }, (_, n) => anException({ id: `${store}-${n}`, store })),
    );
    proxy.open();
    await untilSent(device);
    const lastException = Math.max(...(await atHub()).map(({ seq }) => seq));
    const sent = await listDocuments(hub.database, 'positions', { store });
    expect(sent).toHaveLength(500);
    expect(Math.min(...sent.map(({ seq }) => seq))).toBeGreaterThan(lastException);
    // The state that a push had in hand when the way closed, and the last one.
    expect(told.filter((change) => change.startsWith(`${store}|0 `)).length).toBeLessThanOrEqual(2);
  });

  it('puts aside what the hub cannot accept, counts it, and goes on', async () => {
    await using device = await start();
    const { exceptions } = device.documents.collections;
    const good = (n: number) => anException({ id: `${store}-${n}`, store });
    await exceptions.bulkInsert([
      good(1),
      { ...good(2), confidence: 7 },
      good(3),
      { ...good(4), name: 'x\0y' },
      {
        ...good(5),
        evidence: Array.from({ length: 20 }, () => ({
          code: 'c',
          params: { x: 'y'.repeat(7000) },
          at: '',
          text: '',
        })),
      },
      { ...good(6), store: 'elsewhere' },
      good(7),
    ]);
    await untilSent(device);
    expect((await atHub()).map(({ id }) => id)).toEqual([1, 3, 7].map((n) => `${store}-${n}`));
    expect(device.sync.status().quarantined).toBe(4);
    await patch(device, 'exceptions', `${store}-2`, { confidence: 0.7 });
    await untilSent(device);
    expect((await atHub()).map(({ id }) => id)).toContain(`${store}-2`);
    expect(device.sync.status().quarantined).toBe(3);
  });

  it('keeps what donor, receiver and hub each wrote while they could not hear each other', async () => {
    const transfer = aTransfer({ id: `${store}-x`, from: store, to: `${store}-b` });
    const by = { by: 'hub:test' };
    await hub.database.transaction((tx) => putDocument(tx, 'transfers', transfer, by));
    await using donor = await start();
    const receiverAddress = { store: `${store}-b`, device: `${store}-b-agent` };
    const credentials = await hub.enrol(receiverAddress);
    await using receiver = await startTrialDevice({
      address: receiverAddress,
      hub: { ...credentials, url: proxy.url },
    });
    await onceHere(donor, 'transfers', transfer.id, 'id');
    await onceHere(receiver, 'transfers', transfer.id, 'id');
    proxy.shut();
    await Promise.all([onceAway(donor), onceAway(receiver)]);
    const step = { qty: 2, by: 'Kim', at: '2026-03-02T10:00:00.000Z' };
    await patch(donor, 'transfers', transfer.id, { donor: { shipped: step } });
    await patch(receiver, 'transfers', transfer.id, { receiver: { received: step } });
    await hub.database.transaction((tx) =>
      putDocument(tx, 'transfers', { ...transfer, hub: { expired: { at: step.at } } }, by),
    );
    proxy.open();
    await Promise.all([untilSent(donor), untilSent(receiver)]);
    for (const device of [donor, receiver])
      for (const field of ['donor', 'receiver', 'hub'])
        await onceHere(device, 'transfers', transfer.id, field);
    const stored = await getDocument(hub.database, 'transfers', transfer.id);
    expect(stored?.document).toEqual({
      ...transfer,
      donor: { shipped: step },
      receiver: { received: step },
      hub: { expired: { at: step.at } },
    });
  });

  it('offers everything again to a hub that was restored from an older backup', async () => {
    await using device = await start();
    const { exceptions, positions, tasks } = device.documents.collections;
    const ids = ['1', '2', '3'].map((id) => `${store}-${id}`);
    await exceptions.bulkInsert(ids.map((id) => anException({ id, store })));
    await positions.insert(aPosition({ store, sku: '1' }));
    await hub.database.transaction((tx) =>
      putDocument(tx, 'tasks', aTask({ id: `${store}-t`, store, createdBy: 'hub' }), { by: 'hub:test' }),
    );
    await untilSent(device);
    await onceHere(device, 'tasks', `${store}-t`, 'id');
    await hub.stopService();
    await onceAway(device);
    // The backup is from before all but the first exception, and the restored database draws its numbers again.
    await hub.database.query('DELETE FROM documents WHERE store = $1 AND id <> $2', [store, ids[0] ?? '']);
    await hub.database.query("UPDATE document_history SET id = 'restored'");
    await hub.startService();
    await untilSent(device);
    expect((await atHub()).map(({ id }) => id).toSorted()).toEqual(ids);
    expect(await listDocuments(hub.database, 'positions', { store })).toHaveLength(1);
    expect(await tasks.findOne(`${store}-t`).exec()).not.toBeNull();
    expect(device.sync.status()).toMatchObject({ online: true, waiting: 0, quarantined: 1 });
  });

  it('fences one of two copies of a data folder and says what to do', async () => {
    const address = { store, device: `${store}-agent` };
    const { username, password } = await hub.enrol(address);
    const credentials = { url: proxy.url, username, password };
    await using original = await startTrialDevice({
      address,
      hub: credentials,
      identity: { start: 'original', lineage: ['original'] },
    });
    await untilSent(original);
    await using copy = await startTrialDevice({
      address,
      hub: credentials,
      identity: { start: 'copy', lineage: ['original', 'copy'] },
    });
    await untilSent(copy);
    await original.documents.collections.exceptions.insert(anException({ id: `${store}-fork`, store }));
    await until(
      (listener) => original.sync.onChange(listener),
      () => original.sync.status().fenced !== undefined,
    );
    expect(original.sync.status()).toMatchObject({ online: false, waiting: 1 });
    expect(original.sync.status().fenced).toMatch(/copy of this device.* Stop one of the two/s);
    expect(copy.sync.status()).toMatchObject({ online: true });
    expect(await atHub()).toEqual([]);
    expect((await hub.intake.devices()).find(({ id }) => id === address.device)?.state).toBe('fenced');
  });

  it('tells a revoked device so, and one with a wrong secret', async () => {
    await using device = await start();
    await untilSent(device);
    await isKnown(true);
    const isFenced = ({ sync }: TrialDevice) =>
      until(
        (listener) => sync.onChange(listener),
        () => sync.status().fenced !== undefined,
      );
    await hub.enrolment.revoke(`${store}-agent`, { reason: 'stolen', by: 'Ada' });
    await isFenced(device);
    expect(device.sync.status().fenced).toContain('stolen');
    const address = { store, device: `${store}-agent` };
    await using stranger = await startTrialDevice({
      address,
      hub: { url: proxy.url, username: `${store}/${address.device}`, password: 'guessed' },
    });
    await isFenced(stranger);
    expect(stranger.sync.status().fenced).toContain('credentials');
  });

  it('lets the hub know of an outage and of the return, and since when', async () => {
    await using device = await start();
    await untilSent(device);
    await isKnown(true);
    proxy.shut();
    await isKnown(false);
    expect((await seenByHub())?.since).toBeInstanceOf(Date);
    proxy.open();
    await isKnown(true);
  });

  it('brings an alert ahead of replication, once', async () => {
    await using device = await start();
    await untilSent(device);
    const urgent = anException({ id: `${store}-urgent`, store });
    device.sync.alert(urgent);
    await device.documents.collections.exceptions.insert(urgent);
    await untilSent(device);
    await hub.intake.idle();
    expect(told).toEqual([`${store}-urgent made`]);
  });
});
