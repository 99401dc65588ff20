import { afterAll, beforeAll, expect, it } from 'vitest';
import { anException, aPosition, aTransfer } from '../../test/builders/documents.ts';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import { type Database, migrate, type Transaction } from '../database/index.ts';
import {
  intakeMigrations,
  getDocument,
  listDocuments,
  listenForDocuments,
  putDocument,
  updateDocument,
} from './index.ts';
import { changesAfter } from './pull-changes.ts';

const by = 'hub:test';

describeOnEachDatabase('the document table', (openEmpty) => {
  let database: Database;
  beforeAll(async () => {
    database = await openEmpty();
    await migrate(database, intakeMigrations);
  });
  afterAll(() => database.close());

  const put = (id: string, store: string) => (tx: Transaction) =>
    putDocument(tx, 'exceptions', anException({ id, store }), { by });
  const pulled = async (store: string, afterSeq = 0, limit = 1000) =>
    (await changesAfter(database, 'exceptions', { store, afterSeq, limit })).map(({ id }) => id);

  it('gives a document back as it was put, unknown fields included', async () => {
    const document = {
      ...anException({ id: 'e-whole', store: 'whole' }),
      newerField: { deep: [1, 'ü', null] },
    };
    await database.transaction((tx) => putDocument(tx, 'exceptions', document, { by }));
    const stored = await getDocument(database, 'exceptions', 'e-whole');
    expect(stored?.document).toEqual(document);
    expect(stored).toMatchObject({ stores: ['whole'], deleted: false, updatedBy: by });
  });

  it('shows a transfer to donor and receiver, and to nobody else', async () => {
    await database.transaction((tx) => putDocument(tx, 'transfers', aTransfer({ id: 't-1' }), { by }));
    for (const [store, count] of [
      ['harbour', 1],
      ['market', 1],
      ['elsewhere', 0],
    ] as const) {
      const place = { store, afterSeq: 0, limit: 10 };
      expect(await changesAfter(database, 'transfers', place)).toHaveLength(count);
      expect(await listDocuments(database, 'transfers', { store })).toHaveLength(count);
    }
  });

  it('pulls a store page by page in the order of changes, each document once in its last state', async () => {
    for (const id of ['p-1', 'p-2', 'p-3', 'p-1']) await database.transaction(put(id, 'pages'));
    const [first] = await changesAfter(database, 'exceptions', { store: 'pages', afterSeq: 0, limit: 1 });
    expect(first?.id).toBe('p-2');
    expect(await pulled('pages', first?.seq, 1)).toEqual(['p-3']);
    expect(await pulled('pages', first?.seq, 5)).toEqual(['p-3', 'p-1']);
  });

  it("keeps a store's fields when the hub puts a stale copy", async () => {
    const stale = anException({ id: 'e-stale', store: 'stale' });
    await database.transaction((tx) =>
      putDocument(tx, 'exceptions', { ...stale, state: 'closed' }, { by: 'device:x' }),
    );
    await database.transaction((tx) => putDocument(tx, 'exceptions', { ...stale, caseId: 'c-1' }, { by }));
    const stored = await getDocument(database, 'exceptions', 'e-stale');
    expect(stored?.document).toMatchObject({ state: 'closed', caseId: 'c-1' });
  });

  it('loses no change when many update one document at once', async () => {
    await database.transaction((tx) =>
      putDocument(tx, 'transfers', aTransfer({ id: 't-many', qty: 1 }), { by }),
    );
    const raise = (tx: Transaction) =>
      updateDocument(tx, 'transfers', 't-many', (now) => ({ ...now, qty: now.qty + 1 }), { by });
    await Promise.all(Array.from({ length: 20 }, () => database.transaction(raise)));
    expect((await getDocument(database, 'transfers', 't-many'))?.document.qty).toBe(21);
  });

  it('refuses what no device could read, and a document that changes its store', async () => {
    const put = (document: object) =>
      database.transaction((tx) => putDocument(tx, 'exceptions', document as never, { by }));
    const good = anException({ id: 'e-bad', store: 'bad' });
    await expect(put({ ...good, confidence: 7 })).rejects.toThrow(/exceptions e-bad .*confidence/);
    await expect(put({ ...good, name: 'nul \0' })).rejects.toThrow('zero character');
    await expect(put({ ...good, name: '\ud800' })).rejects.toThrow('surrogate');
    await put(good);
    await expect(put({ ...good, store: 'other' })).resolves.toMatchObject({ stores: ['bad'] });
  });

  it('announces a change after its commit, with its collection and store', async () => {
    const heard = Promise.withResolvers<unknown>();
    const stop = await listenForDocuments(database, (change) => {
      if (change?.store === 'heard') heard.resolve(change);
    });
    const rolledBack = database.transaction(async (tx) => {
      await put('e-never', 'heard')(tx);
      throw new Error('no');
    });
    await expect(rolledBack).rejects.toThrow('no');
    await database.transaction((tx) =>
      putDocument(tx, 'positions', aPosition({ store: 'heard', sku: '1' }), { by }),
    );
    expect(await heard.promise).toMatchObject({ collection: 'positions', store: 'heard', by });
    await stop();
  });

  it('never shows a number of a store while a lower one is still uncommitted', async () => {
    const drawn = Promise.withResolvers<void>();
    const mayCommit = Promise.withResolvers<void>();
    const slow = database.transaction(async (tx) => {
      await put('slow', 'race')(tx);
      drawn.resolve();
      await mayCommit.promise;
    });
    await drawn.promise;
    const fast = database.transaction(put('fast', 'race'));
    const duringSlow = async () => {
      // Another store does not wait, and once it is through the fast writer has had its chance to slip past.
      await database.transaction(put('free', 'no-race'));
      return pulled('race');
    };
    // PGlite has one connection: nobody can look while a transaction is open.
    expect(database.kind === 'postgres' ? await duringSlow() : []).toEqual([]);
    mayCommit.resolve();
    await Promise.all([slow, fast]);
    expect(await pulled('race')).toEqual(['slow', 'fast']);
  });

  it('lets a puller that goes on from its checkpoint see every change of many writers', async () => {
    const ids = Array.from({ length: 60 }, (_, at) => `w-${at}`);
    const seen = new Set<string>();
    let checkpoint = 0;
    const pullOn = async () => {
      const place = { store: 'busy', afterSeq: checkpoint, limit: 7 };
      for (const { id, seq } of await changesAfter(database, 'exceptions', place)) {
        seen.add(id);
        checkpoint = seq;
      }
    };
    const written = new AbortController();
    const puller = (async () => {
      while (!written.signal.aborted) await pullOn();
    })();
    await Promise.all(ids.map((id) => database.transaction(put(id, 'busy'))));
    written.abort();
    await puller;
    for (let page = 0; page < 10; page += 1) await pullOn();
    expect(seen.size).toBe(ids.length);
  });
});
