import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseHubConfig } from '../../hub/config.ts';
import { type Hub, startHub } from '../../hub/main.ts';
import { type IssuedCode } from '../../protocol/index.ts';
import { makeCertificates, opensslProgram, type TestCertificates } from '../../test/servers/certificates.ts';
import { type MosquittoServer, mosquittoProgram, startMosquitto } from '../../test/servers/mosquitto.ts';
import { skippedWithout } from '../../test/servers/programs.ts';
import { startTrialDevice, type TrialDevice, until, untilSent } from '../../test/servers/trial-device.ts';
import { hubLinkOf } from '../config.ts';
import { askStanding, enrol, type EnrolmentRecord, keepSecret, readEnrolment } from './index.ts';

const ADMIN = 'admin-key-abcdefghijklmnopqrst';
const cli = fileURLToPath(new URL('../../apps/cli/truecount.mjs', import.meta.url));

for (const broker of ['Aedes', 'Mosquitto'] as const) {
  const isSkipped =
    skippedWithout('openssl', opensslProgram) ||
    (broker === 'Mosquitto' && skippedWithout('mosquitto', mosquittoProgram));
  describe.skipIf(isSkipped)(`a device and its hub, all encrypted (${broker})`, () => {
    let certificates: TestCertificates;
    let others: TestCertificates;
    let mosquitto: MosquittoServer | undefined;
    let hub: Hub;
    const folders: string[] = [];
    const newFolder = (): string => {
      const folder = mkdtempSync(join(tmpdir(), 'truecount-enrolment-'));
      folders.push(folder);
      return folder;
    };
    beforeAll(async () => {
      [certificates, others] = await Promise.all([makeCertificates('ours'), makeCertificates('others')]);
      mosquitto = broker === 'Mosquitto' ? await startMosquitto(certificates) : undefined;
      const { certFile, keyFile, caFile } = certificates;
      const tls = { certFile, keyFile, caFile };
      hub = await startHub(
        parseHubConfig({
          dataFolder: newFolder(),
          api: { port: 0, tls },
          broker: mosquitto
            ? { url: mosquitto.url, ...mosquitto.hubCredentials, caFile, accounts: mosquitto.accounts }
            : { listen: { host: '127.0.0.1', port: 0 }, tls },
          stores: ['harbour', 'market'].map((id) => ({ id, name: id, timeZone: 'UTC', currency: 'EUR' })),
          operators: [{ name: 'Ada', role: 'admin', key: ADMIN }],
        }),
        { logger: pino({ level: 'silent' }) },
      );
    }, 180_000);
    afterAll(async () => {
      await hub?.close();
      await mosquitto?.stop();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
      certificates?.[Symbol.dispose]();
      others?.[Symbol.dispose]();
    });

    const admin = async (path: string, body: object = {}): Promise<unknown> => {
      // The test's own process trusts the authority as an operator's browser would.
      const { request } = await import('node:https');
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const headers = { authorization: `Bearer ${ADMIN}`, 'content-type': 'application/json' };
      const asking = request(`${hub.url}${path}`, { method: 'POST', headers, ca: certificates.caPem });
      asking.on('error', reject).on('response', (response) => {
        response.setEncoding('utf8');
        let text = '';
        response.on('data', (chunk: string) => (text += chunk)).on('end', () => resolve(text));
      });
      asking.end(JSON.stringify(body));
      return JSON.parse(await promise);
    };
    const newCode = async (device: string, store = 'harbour') =>
      (await admin('/api/devices/codes', { store, device })) as IssuedCode;
    /** Each start of a device descends from the one before. */
    let starts = 0;
    const connect = (dataFolder: string, record: EnrolmentRecord, ca?: string): Promise<TrialDevice> => {
      const { url, device, username = '', password = '', caPem = '', ...secret } = hubLinkOf(record);
      const { generation = 0, previousPassword } = secret;
      return startTrialDevice({
        address: { store: record.result.store.id, device },
        identity: { start: `start-${(starts += 1)}`, lineage: [`start-${starts - 1}`, `start-${starts}`] },
        hub: {
          url,
          username,
          password,
          ca: ca ?? caPem,
          generation,
          ...(previousPassword === undefined ? {} : { previousPassword }),
        },
        options: {
          onSecret: (secret) => keepSecret(dataFolder, secret),
          askWhy: async () => {
            const standing = await askStanding(dataFolder);
            return standing?.state === 'revoked' ? { because: 'revoked', text: standing.reason } : undefined;
          },
        },
      });
    };
    const refused = (device: TrialDevice, because: string) =>
      until(
        (listener) => device.sync.onChange(listener),
        () => device.sync.status().refusedBecause === because,
      );

    it('comes in with a code, with what only its user can read, and syncs', async () => {
      const dataFolder = newFolder();
      const { code } = await newCode('first');
      const record = await enrol({ dataFolder, hub: hub.url, code, caPem: certificates.caPem });
      expect(record.result).toMatchObject({ device: 'first', hubPublicKeyPem: hub.publicKeyPem });
      expect(record.result.broker.url).toMatch(/^mqtts:/);
      for (const file of readdirSync(dataFolder))
        expect(statSync(join(dataFolder, file)).mode & 0o077).toBe(0);
      await using device = await connect(dataFolder, record);
      await untilSent(device);
    });

    it('pins the certificate by the fingerprint that people were shown, and by no other', async () => {
      const { code, fingerprint = '' } = await newCode('pinned');
      const wrong = fingerprint.replace(/^../, fingerprint.startsWith('00') ? '11' : '00');
      const dataFolder = newFolder();
      const wish = { dataFolder, hub: hub.url, code };
      await expect(enrol({ ...wish, fingerprint: wrong })).rejects.toMatchObject({ code: 'E_HUB_UNTRUSTED' });
      await expect(enrol(wish)).rejects.toMatchObject({ code: 'E_HUB_UNTRUSTED' });
      await expect(enrol({ ...wish, caPem: others.caPem })).rejects.toMatchObject({
        code: 'E_HUB_UNTRUSTED',
      });
      await expect(enrol({ ...wish, hub: 'http://hub.example:80' })).rejects.toMatchObject({
        code: 'E_HUB_INSECURE',
      });
      expect(existsSync(join(dataFolder, 'enrolment.json'))).toBe(false);
      const record = await enrol({ ...wish, fingerprint: fingerprint.toLowerCase() });
      // What it pinned is enough to ask again later.
      expect(await askStanding(dataFolder)).toEqual({ state: 'active' });
      expect(record.hub.caPem).toContain('BEGIN CERTIFICATE');
    });

    it('gets the same credentials when its answer was lost or it was killed, and only for its own store', async () => {
      const dataFolder = newFolder();
      const { code } = await newCode('killed');
      const wish = { dataFolder, hub: hub.url, code, caPem: certificates.caPem };
      await expect(enrol({ ...wish, store: 'market' })).rejects.toMatchObject({ code: 'E_STORE_MISMATCH' });
      const lost = await enrol(wish);
      rmSync(join(dataFolder, 'enrolment.json'));
      const { secret } = (await enrol(wish)).result;
      expect(secret).toEqual(lost.result.secret);
      await expect(enrol({ ...wish, dataFolder: newFolder() })).rejects.toMatchObject({ code: 'E_CODE' });
    });

    it('finishes after kill -9 at any moment', async () => {
      const dataFolder = newFolder();
      const { code } = await newCode('cut-short');
      const args = [
        cli,
        'enrol',
        '--hub',
        hub.url,
        '--code',
        code,
        '--data',
        dataFolder,
        '--ca',
        certificates.caFile,
      ];
      const run = (): ReturnType<typeof spawn> => spawn(process.execPath, args, { stdio: 'ignore' });
      const begin = performance.now();
      const whole = run();
      await once(whole, 'exit');
      const tookMs = performance.now() - begin;
      const first = readFileSync(join(dataFolder, 'enrolment.json'), 'utf8');
      for (const share of [0.7, 0.9]) {
        rmSync(join(dataFolder, 'enrolment.json'), { force: true });
        const child = run();
        const ended = once(child, 'exit');
        const timer = setTimeout(() => child.kill('SIGKILL'), tookMs * share);
        await ended;
        clearTimeout(timer);
      }
      await once(run(), 'exit');
      expect(JSON.parse(readFileSync(join(dataFolder, 'enrolment.json'), 'utf8'))).toMatchObject({
        result: { secret: (JSON.parse(first) as EnrolmentRecord).result.secret },
      });
    });

    it('takes a rotated secret, and connects with it from then on', async () => {
      const dataFolder = newFolder();
      const { code } = await newCode('rotated');
      const before = await enrol({ dataFolder, hub: hub.url, code, caPem: certificates.caPem });
      {
        await using device = await connect(dataFolder, before);
        await untilSent(device);
        await admin('/api/devices/rotated/rotation');
        await until(
          (listener) => device.sync.onChange(listener),
          () => readEnrolment(dataFolder)?.previousPassword !== undefined,
        );
      }
      const after = readEnrolment(dataFolder);
      if (!after) throw new Error('there is no record');
      expect(after.result.secret.generation).toBe(before.result.secret.generation + 1);
      {
        // Where the broker knows one secret only, it still has the old one, and takes the new one after this.
        await using device = await connect(dataFolder, after);
        await untilSent(device);
      }
      await using old = await connect(dataFolder, before);
      await refused(old, 'credentials');
    });

    it('is put out at once when its access is withdrawn, is told why also when it comes later, and comes back with a code', async () => {
      const dataFolder = newFolder();
      const { code } = await newCode('stolen');
      const wish = { dataFolder, hub: hub.url, caPem: certificates.caPem };
      const record = await enrol({ ...wish, code });
      {
        await using device = await connect(dataFolder, record);
        await untilSent(device);
        await admin('/api/devices/stolen/revocation', { reason: 'the kiosk was stolen' });
        await refused(device, 'revoked');
      }
      {
        await using later = await connect(dataFolder, record);
        await refused(later, 'revoked');
        expect(later.sync.status().fenced).toContain('the kiosk was stolen');
      }
      const renewed = await enrol({ ...wish, code: (await newCode('stolen')).code });
      await using back = await connect(dataFolder, renewed);
      await untilSent(back);
    });

    it('says nothing to a broker whose certificate it does not trust, and says so', async () => {
      const dataFolder = newFolder();
      const { code } = await newCode('careful');
      const record = await enrol({ dataFolder, hub: hub.url, code, caPem: certificates.caPem });
      await using device = await connect(dataFolder, record, others.caPem);
      await refused(device, 'certificate');
      expect(device.sync.status().fenced).toMatch(/certificate that this device does not trust/);
    });
  });
}
