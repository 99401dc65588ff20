import { expect, it } from 'vitest';
import { anException, aTask } from '../../test/builders/documents.ts';
import { startTrialDevice, until, untilSent } from '../../test/servers/trial-device.ts';
import { describeOnEachPair } from '../../test/servers/trial-hub.ts';
import { getDocument, listDocuments, putDocument } from '../../hub/intake/index.ts';

const address = { store: 'harbour', device: 'agent-1' };

describeOnEachPair('sync', (startHub) => {
  it('brings documents to the hub and hub documents to the store', async () => {
    const hub = await startHub();
    await using device = await startTrialDevice({ address, hub: await hub.enrol(address) });
    const { exceptions, tasks } = device.documents.collections;
    await exceptions.insert(anException({ id: 'e-1', store: 'harbour' }));
    await untilSent(device);
    expect(await getDocument(hub.database, 'exceptions', 'e-1')).toMatchObject({
      document: { state: 'open' },
    });
    await hub.database.transaction((tx) =>
      putDocument(tx, 'tasks', aTask({ id: 't-1', store: 'harbour', createdBy: 'hub' }), { by: 'hub:test' }),
    );
    await until(
      (listener) => {
        const subscription = tasks.$.subscribe(listener);
        return () => subscription.unsubscribe();
      },
      async () => (await tasks.findOne('t-1').exec()) !== null,
    );
    expect(await listDocuments(hub.database, 'tasks', { store: 'harbour' })).toHaveLength(1);
  });
});
