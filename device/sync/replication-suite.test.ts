/**
 * RxDB's own suite for replications (`rxdb/plugins/test-utils`, replication-base-test-suite), run over every pair of
 * database and broker. Its documents are people; they travel inside an exception's evidence, a field of the store.
 */
import { randomBytes } from 'node:crypto';
import { addRxPlugin, type RxCollection } from 'rxdb';
import { disableWarnings, RxDBDevModePlugin } from 'rxdb/plugins/dev-mode';
import { RxDBLocalDocumentsPlugin } from 'rxdb/plugins/local-documents';
import { wrappedValidateAjvStorage } from 'rxdb/plugins/validate-ajv';
import { afterAll, beforeAll, describe, it } from 'vitest';
import { listDocuments } from '../../hub/intake/index.ts';
import { type PushRow, readTopic, systemClock, type WireDocument } from '../../protocol/index.ts';
import { anException } from '../../test/builders/documents.ts';
import { memoryStorage } from '../../test/servers/trial-device.ts';
import { describeOnEachPair, type TrialHub } from '../../test/servers/trial-hub.ts';
import { CollectionReplication } from './collection-replication.ts';
import { type Remote, remoteOf } from './remote.ts';
import { Session } from './session.ts';
import { defaultTiming } from './timing.ts';

// The suite uses mocha's globals, and looks for them when it is loaded.
Object.assign(globalThis, { describe, it });
const { runReplicationBaseTestSuite, setConfig } = await import('rxdb/plugins/test-utils');

addRxPlugin(RxDBDevModePlugin);
addRxPlugin(RxDBLocalDocumentsPlugin);
disableWarnings();
setConfig({
  storage: {
    name: 'memory',
    getStorage: () => wrappedValidateAjvStorage({ storage: memoryStorage() }),
    hasPersistence: false,
    hasMultiInstance: false,
    hasAttachments: false,
    hasReplication: true,
  } as unknown as Parameters<typeof setConfig>[0]['storage'],
});

const STORE = 'harbour';
interface Person {
  readonly passportId: string;
  readonly _deleted?: boolean;
}

function toDocument({ _deleted, ...person }: Person): WireDocument {
  const params = person as unknown as Record<string, string | number>;
  const evidence = [{ code: 'person', params, at: '2026-03-02T09:00:00.000Z', text: '' }];
  return { ...anException({ id: person.passportId, store: STORE, evidence }), _deleted: _deleted === true };
}

function toPerson({ _deleted, ...document }: WireDocument): WireDocument {
  const [evidence] = (document as unknown as ReturnType<typeof anException>).evidence;
  return { ...evidence?.params, _deleted: _deleted === true } as unknown as WireDocument;
}

const ofPeople = (remote: Remote): Remote => ({
  pull: async (checkpoint, limit) => {
    const pulled = await remote.pull(checkpoint, limit);
    return { ...pulled, documents: pulled.documents.map(toPerson) };
  },
  push: async (rows) => {
    const mapped = rows.map(
      ({ assumed, next }): PushRow => ({
        assumed: assumed && toDocument(assumed as unknown as Person),
        next: toDocument(next as unknown as Person),
      }),
    );
    const pushed = await remote.push(mapped);
    return { ...pushed, conflicts: pushed.conflicts.map(toPerson) };
  },
});

describeOnEachPair("RxDB's replication suite", (startHub) => {
  let hub: TrialHub;
  const sessions = new Set<Session>();
  beforeAll(async () => {
    hub = await startHub();
  });
  afterAll(async () => {
    await Promise.all([...sessions].map((session) => session.close()));
  });

  /** Every collection is a device of its own, as two kiosks of one store would be. */
  const replicate = async (collection: RxCollection<object>): Promise<CollectionReplication<object>> => {
    const address = { store: STORE, device: randomBytes(6).toString('hex') };
    const online = Promise.withResolvers<void>();
    let replication: CollectionReplication<object> | undefined;
    const session = new Session({
      clock: systemClock,
      hub: await hub.enrol(address),
      identity: { ...address, epoch: 1, start: 'a', lineage: ['a'] },
      version: '0.1.0',
      timing: defaultTiming,
      random: Math.random,
      onOnline: () => {
        session.requests.open();
        online.resolve();
      },
      onAway: () => undefined,
      onMessage: (topic) => {
        if (readTopic(topic)?.name === 'changed') replication?.look();
      },
      onChange: () => undefined,
      onWarning: () => undefined,
    });
    sessions.add(session);
    session.start();
    await online.promise;
    replication = await CollectionReplication.start({
      name: 'exceptions',
      collection,
      remote: ofPeople(
        remoteOf({
          requests: session.requests,
          collection: 'exceptions',
          onQuarantine: () => undefined,
          onWarning: () => undefined,
        }),
      ),
      onChange: () => undefined,
      onQuarantined: () => undefined,
      onWarning: () => undefined,
    });
    return replication;
  };

  runReplicationBaseTestSuite({
    startReplication: async (collection: RxCollection<object>) => (await replicate(collection)).state,
    syncOnce: async (collection: RxCollection<object>) => {
      const replication = await replicate(collection);
      await replication.state.awaitInitialReplication();
      await replication.state.awaitInSync();
      await replication.close();
    },
    getAllServerDocs: async () => {
      const stored = await listDocuments(hub.database, 'exceptions', { includeDeleted: true });
      return stored.map(({ document, deleted }) => toPerson({ ...document, _deleted: deleted }));
    },
    cleanUpServer: async () => {
      await hub.database.query('DELETE FROM documents');
    },
    softDeletes: true,
    isDeleted: ({ _deleted }: Person) => _deleted === true,
    getPrimaryOfServerDoc: (person: Person) => person.passportId,
  });
});
