import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { publicKeyFromPem } from '@truecount/protocol/signing';
import { CHAIN_ID, systemClock } from '@truecount/protocol';
import { afterAll, expect, it } from 'vitest';
import { priorOfChain, reportStatistics } from '../../device/agent/chain-report.ts';
import { defaultParameters } from '../../device/belief/index.ts';
import { ModelStore, priorFromDefaults } from '../../device/learning/index.ts';
import { startTrialDevice, type TrialDevice, until } from '../../test/servers/trial-device.ts';
import { describeOnEachPair } from '../../test/servers/trial-hub.ts';
import { loadHubKey } from '../governance/index.ts';
import { getDocument, listDocuments } from '../intake/index.ts';
import { ChainLearning } from './index.ts';

const folder = (): string => mkdtempSync(join(tmpdir(), 'chain-'));
const key = loadHubKey(join(folder(), 'hub-key.pem'));
const hubKey = publicKeyFromPem(key.publicKeyPem);

/** A store whose night has found that a quarter of its counts are wrong, or thereabouts. */
function storeThatFound(log: number): ModelStore {
  const models = new ModelStore(folder());
  models.keep('statistics', {
    version: 'night-2026-03-03T02:00',
    estimates: [{ name: 'countError', log, information: 60 }],
  });
  return models;
}

describeOnEachPair('learning across the chain', (startHub) => {
  const devices: TrialDevice[] = [];
  afterAll(async () => {
    for (const device of devices) await device[Symbol.asyncDispose]();
  });

  it('gives every store as its prior what three of them have learned, and sees nothing else of them', async () => {
    const problems: unknown[] = [];
    const chained: { learning?: ChainLearning } = {};
    const hub = await startHub({
      onChanges: (_tx, changes) => {
        if (changes.some(({ after }) => after.collection === 'learning')) chained.learning?.reported();
        return Promise.resolve();
      },
    });
    chained.learning = new ChainLearning({
      database: hub.database,
      key,
      clock: systemClock,
      onProblem: (problem) => problems.push(problem),
    });
    const join = async (store: string): Promise<TrialDevice> => {
      const address = { store, device: `${store}-agent` };
      const { url, username, password } = await hub.enrol(address);
      const device = await startTrialDevice({
        address,
        hub: { url, username, password },
        collections: ['learning'],
      });
      devices.push(device);
      return device;
    };
    const [first, second, third, young] = await Promise.all(['north', 'east', 'south', 'west'].map(join));
    expect(await priorOfChain((young as TrialDevice).documents.collections, hubKey)).toBeUndefined();

    const found = [
      [first, 'north', -1.4],
      [second, 'east', -1.5],
      [third, 'south', -1.3],
    ] as const;
    for (const [device, store, log] of found) {
      using models = storeThatFound(log);
      const { collections } = (device as TrialDevice).documents;
      await reportStatistics(collections, { models, store });
    }

    const { learning } = (young as TrialDevice).documents.collections;
    await until(
      (listen) => {
        const subscription = learning.$.subscribe(listen);
        return () => subscription.unsubscribe();
      },
      async () => (await learning.findOne(CHAIN_ID).exec())?.pooled?.parameters[0]?.stores === 3,
    );
    const prior = await priorOfChain({ learning }, hubKey);
    expect(Math.log(prior?.['countError']?.median ?? 0)).toBeCloseTo(-1.4, 1);
    expect(prior?.['countError']?.spread).toBeLessThan(0.4);
    expect(prior?.['burst']).toEqual(priorFromDefaults(defaultParameters)['burst']);

    const reports = await listDocuments(hub.database, 'learning');
    const told = reports.filter(({ id }) => id !== CHAIN_ID).map(({ document }) => document);
    expect(told.map((document) => Object.keys(document).sort())).toEqual(
      Array.from({ length: 3 }, () => ['fitted', 'id', 'store']),
    );
    expect(JSON.stringify(told)).not.toMatch(/sku/i);
    await chained.learning.close();
    expect(problems).toEqual([]);

    // What somebody else has signed, or changed, is no prior.
    const other = publicKeyFromPem(loadHubKey(`${folder()}/other.pem`).publicKeyPem);
    expect(await priorOfChain({ learning }, other)).toBeUndefined();
    const forged = (await getDocument(hub.database, 'learning', CHAIN_ID))?.document;
    if (forged?.pooled === undefined) throw new Error('the hub has told nothing');
    await learning.upsert({ ...forged, pooled: { ...forged.pooled, version: 99 } });
    expect(await priorOfChain({ learning }, hubKey)).toBeUndefined();
  });
});
