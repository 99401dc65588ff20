import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openDatabase } from '../../hub/database/index.ts';
import { anException } from '../../test/builders/documents.ts';
import { type CuttingProxy, startCuttingProxy } from '../../test/servers/cutting-proxy.ts';
import { type MosquittoServer, mosquittoProgram, startMosquitto } from '../../test/servers/mosquitto.ts';
import { skippedWithout } from '../../test/servers/programs.ts';
import { startTrialDevice, type TrialDevice, until, untilSent } from '../../test/servers/trial-device.ts';
import { startTrialHub, type TrialHub } from '../../test/servers/trial-hub.ts';

const NEVER_MS = 1_000_000;
/** Nobody finds anything out by asking and not being answered. */
const patient = { answerMs: NEVER_MS, deadlineMs: NEVER_MS, lookMs: NEVER_MS };
const address = { store: 'harbour', device: 'agent' };

const whenOnline = (device: TrialDevice, online: boolean): Promise<void> =>
  until(
    (listener) => device.sync.onChange(listener),
    () => device.sync.status().online === online,
  );

describe.skipIf(skippedWithout('mosquitto', mosquittoProgram))('who is there, at a broker of its own', () => {
  let mosquitto: MosquittoServer;
  let toHub: CuttingProxy;
  let toDevice: CuttingProxy;
  let hub: TrialHub;
  beforeAll(async () => {
    mosquitto = await startMosquitto();
    toHub = await startCuttingProxy(mosquitto.url);
    toDevice = await startCuttingProxy(mosquitto.url);
    hub = await startTrialHub(
      await openDatabase({}),
      { ...mosquitto, url: toHub.url },
      { presenceGraceMs: 300 },
    );
  });
  afterAll(async () => {
    await hub.close();
    await toHub[Symbol.asyncDispose]();
    await toDevice[Symbol.asyncDispose]();
    await mosquitto.stop();
  });
  const atHub = (online: boolean): Promise<void> =>
    until(
      (listener) => {
        const timer = setInterval(listener, 20);
        return () => clearInterval(timer);
      },
      async () => {
        await hub.intake.idle();
        const found = (await hub.intake.statuses()).find(({ device }) => device === address.device);
        return found?.online === online && found.since !== undefined;
      },
    );

  it('an idle device knows by the last will that the hub is gone, and by its word that it is back', async () => {
    const { username, password } = await hub.enrol(address);
    await using device = await startTrialDevice({
      address,
      hub: { url: toDevice.url, username, password },
      timing: patient,
    });
    await untilSent(device);
    toHub.shut();
    await whenOnline(device, false);
    await device.documents.collections.exceptions.insert(anException({ id: 'e-1', store: 'harbour' }));
    expect(device.sync.status()).toMatchObject({ online: false, waiting: 1 });
    expect(device.sync.status().fenced).toBeUndefined();
    toHub.open();
    await untilSent(device);
    expect(device.sync.status().online).toBe(true);
  });

  it('a device that comes while no hub is there is told so at once, and opens when one comes', async () => {
    const { username, password } = await hub.enrol(address);
    await hub.stopService();
    await using device = await startTrialDevice({
      address,
      hub: { url: toDevice.url, username, password },
      timing: patient,
    });
    const before = device.sync.status().online;
    await hub.startService();
    await untilSent(device);
    expect([before, device.sync.status().online]).toEqual([false, true]);
  });

  it('the hub knows within the grace that a device is gone whose state the broker has lost', async () => {
    const { username, password } = await hub.enrol(address);
    await using device = await startTrialDevice({ address, hub: { url: toDevice.url, username, password } });
    await untilSent(device);
    await atHub(true);
    // The broker dies without speaking any last will, and keeps nothing.
    toDevice.shut();
    await mosquitto.kill('SIGKILL');
    await mosquitto.restart();
    await atHub(false);
    toDevice.open();
    await untilSent(device);
    await atHub(true);
    expect(device.sync.status().fenced).toBeUndefined();
  });
});
