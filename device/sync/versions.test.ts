import mqtt from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../hub/database/index.ts';
import { listDocuments, putDocument } from '../../hub/intake/index.ts';
import { topicOf } from '../../protocol/index.ts';
import { unpackMessage } from '../../protocol/wire.ts';
import { anException, aTask } from '../../test/builders/documents.ts';
import { startTrialDevice, until, untilSent } from '../../test/servers/trial-device.ts';
import { startTrialHub, type TrialHub } from '../../test/servers/trial-hub.ts';

const address = { store: 'harbour', device: 'agent' };

describe('versions of the protocol', () => {
  let hub: TrialHub;
  let starts = 0;
  beforeAll(async () => {
    hub = await startTrialHub(await openDatabase({}), undefined, { versions: [5, 4, 3] });
  });
  afterAll(() => hub.close());
  const connect = async (versions: readonly number[]) => {
    const start = `start-${(starts += 1)}`;
    return startTrialDevice({
      address,
      hub: await hub.enrol(address),
      identity: { start, lineage: [start] },
      options: { versions },
    });
  };

  // A hub answers no request in a version that it does not speak, so what is accepted was said in a common one.
  it.each([[[5]], [[4, 3, 2]], [[3]], [[7, 6, 5]]])(
    'a hub that speaks 5, 4 and 3 works with a device that speaks %j',
    async (versions) => {
      await using device = await connect(versions);
      const id = `e-${versions.join('-')}`;
      await device.documents.collections.exceptions.insert(anException({ id, store: 'harbour' }));
      await untilSent(device);
      expect((await listDocuments(hub.database, 'exceptions')).map((stored) => stored.id)).toContain(id);
    },
  );

  it.each([[[2]], [[6]]])(
    'one that speaks only %j is told so on its screen, and keeps its documents',
    async (versions) => {
      await using device = await connect(versions);
      await device.documents.collections.exceptions.insert(anException({ id: 'kept', store: 'harbour' }));
      await until(
        (listener) => device.sync.onChange(listener),
        () => device.sync.status().refusedBecause !== undefined,
      );
      expect(device.sync.status()).toMatchObject({ online: false, waiting: 1, refusedBecause: 'version' });
      expect(device.sync.status().fenced).toMatch(
        new RegExp(`speaks protocol ${versions[0]}; the hub 5, 4, 3. Update whichever is older`),
      );
      expect((await listDocuments(hub.database, 'exceptions')).map(({ id }) => id)).not.toContain('kept');
    },
  );
});

/** As devices of the first release say them, byte for byte: nothing that came later is in them. */
const FROM = '"from":{"epoch":1,"start":"old"}';
const messages = {
  open: `{"v":1,"id":"r-open",${FROM},"body":{"epoch":1,"start":"old","lineage":["old"],"versions":[1],"version":"0.1.0"}}`,
  pull: `{"v":1,"id":"r-pull",${FROM},"body":{"checkpoint":null,"limit":200}}`,
  push: (exception: string) =>
    `{"v":1,"id":"r-push",${FROM},"body":{"rows":[{"assumed":null,"next":${exception}}]}}`,
};

describe('a device of the first release', () => {
  it('is answered in its version, with nothing that it does not know', async () => {
    const hub = await startTrialHub(await openDatabase({}), undefined);
    await hub.database.transaction((tx) =>
      putDocument(tx, 'tasks', aTask({ id: 't-1', store: 'harbour', createdBy: 'hub' }), { by: 'hub:test' }),
    );
    const { url, username, password } = await hub.enrol(address);
    const client = await mqtt.connectAsync(url, {
      protocolVersion: 4,
      username,
      password,
      clientId: 'agent.old',
    });
    const replies = new Map<string, (answer: unknown) => void>();
    client.on('message', (topic, payload) => {
      const message = unpackMessage(payload);
      if (message.ok) replies.get(topic)?.(message.value);
    });
    await client.subscribeAsync(topicOf('reply', address, '+'), { qos: 1 });
    const ask = async (verb: 'open' | 'pull' | 'push', subject: string, text: string): Promise<unknown> => {
      const answered = new Promise((resolve) => {
        replies.set(topicOf('reply', address, `r-${verb}`), resolve);
      });
      await client.publishAsync(topicOf(verb, address, subject), text, { qos: 1 });
      return answered;
    };
    expect(await ask('open', 'session', messages.open)).toMatchObject({
      v: 1,
      ok: true,
      result: { version: 1, quarantined: 0 },
    });
    const pulled = await ask('pull', 'tasks', messages.pull);
    expect(pulled).toMatchObject({ v: 1, ok: true, result: { documents: [{ id: 't-1' }], complete: true } });
    expect(JSON.stringify(pulled)).not.toContain('"load"');
    const exception = JSON.stringify(anException({ id: 'e-old', store: 'harbour' }));
    expect(await ask('push', 'exceptions', messages.push(exception))).toMatchObject({
      ok: true,
      result: { conflicts: [], quarantined: [] },
    });
    expect(await listDocuments(hub.database, 'exceptions')).toHaveLength(1);
    await client.endAsync();
    await hub.close();
  });
});
