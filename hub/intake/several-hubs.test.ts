import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anException } from '../../test/builders/documents.ts';
import { type MosquittoServer, mosquittoProgram, startMosquitto } from '../../test/servers/mosquitto.ts';
import { type PostgresServer, postgresProgram, startPostgres } from '../../test/servers/postgres.ts';
import { skippedWithout } from '../../test/servers/programs.ts';
import { startTrialDevice, untilSent } from '../../test/servers/trial-device.ts';
import { startTrialHub } from '../../test/servers/trial-hub.ts';
import { openDatabase } from '../database/index.ts';
import { listDocuments } from './index.ts';

const isSkipped =
  skippedWithout('postgresql', postgresProgram) || skippedWithout('mosquitto', mosquittoProgram);

describe.skipIf(isSkipped)('several hubs on one database and one broker', () => {
  let postgres: PostgresServer;
  let mosquitto: MosquittoServer;
  beforeAll(async () => {
    postgres = await startPostgres();
    mosquitto = await startMosquitto();
  });
  afterAll(async () => {
    await mosquitto.stop();
    await postgres.stop();
  });

  it('take every document once, whichever of them ends, and tell devices of what any of them wrote', async () => {
    const url = await postgres.createDatabase();
    const made: string[] = [];
    const onChanges = (_tx: unknown, changes: readonly { before: unknown; after: { id: string } }[]) => {
      for (const { before, after } of changes) if (!before) made.push(after.id);
      return Promise.resolve();
    };
    const hubs = [];
    for (let n = 0; n < 3; n += 1)
      hubs.push(await startTrialHub(await openDatabase({ url }), mosquitto, { onChanges }));
    const [first, second] = hubs;
    if (!first || !second) throw new Error('no hubs');
    const address = { store: 'harbour', device: 'agent' };
    await using device = await startTrialDevice({ address, hub: await first.enrol(address) });
    await untilSent(device);
    const ids = Array.from({ length: 60 }, (_, n) => `e-${n}`);
    for (const [at, id] of ids.entries()) {
      await device.documents.collections.exceptions.insert(anException({ id, store: 'harbour' }));
      // In the middle of the stream one hub goes, then another.
      if (at === 20) await first.stopService();
      if (at === 40) await second.stopService();
    }
    await untilSent(device);
    expect((await listDocuments(first.database, 'exceptions')).map(({ id }) => id).toSorted()).toEqual(
      ids.toSorted(),
    );
    expect(made.toSorted()).toEqual(ids.toSorted());
    for (const hub of hubs) await hub.close();
  });
});
