import { generateKeyPairSync } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  type EnrolmentRequest,
  enrolmentCodeFrom,
  enrolmentProof,
  readEnrolmentCode,
  standingProof,
} from '../../protocol/index.ts';
import { signText } from '../../protocol/signing.ts';
import { describeOnEachDatabase } from '../../test/servers/databases.ts';
import { type Database, migrate } from '../database/index.ts';
import { intakeMigrations } from '../intake/index.ts';
import {
  adoptDevice,
  deviceAuthenticator,
  type Enrolment,
  enrolmentKeys,
  enrolmentMigrations,
  startEnrolment,
} from './index.ts';
import { ANSWER_AGAIN_MS, judgeCode, type KnownCode, MAX_WRONG_TRIES } from './judge-code.ts';
import { hashSecret, isSecret, newSecret } from './secrets.ts';

const START_MS = Date.parse('2026-03-02T09:00:00.000Z');
const MINUTE_MS = 60_000;

/** What a device keeps to itself, and what it sends. */
function aDevice() {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
  return {
    sign: (text: string) => signText(text, privateKey),
    asks: (code: string): EnrolmentRequest => ({
      code,
      publicKeyPem,
      signature: signText(enrolmentProof(code), privateKey),
    }),
  };
}

describeOnEachDatabase('enrolment', (openEmpty) => {
  let database: Database;
  let enrolment: Enrolment;
  let nowMs = START_MS;
  let tests = 0;
  let store = '';
  /** What the broker was told, and what went into the audit chain. */
  const told: string[] = [];
  const audited: string[] = [];
  beforeAll(async () => {
    database = await openEmpty();
    await migrate(database, [...intakeMigrations, ...enrolmentMigrations]);
    enrolment = startEnrolment({
      database,
      keys: enrolmentKeys({ sign: (text) => `signed ${text}` }),
      clock: { now: () => nowMs },
      audit: (_tx, facts) => {
        audited.push(...facts.map(({ action }) => action));
        return Promise.resolve();
      },
      broker: {
        accountsChanged: () => {
          told.push('accounts');
          return Promise.resolve();
        },
        command: (_address, { kind }) => {
          told.push(kind);
          return Promise.resolve();
        },
        disconnect: () => told.push('disconnect'),
      },
      onWarning: (text) => told.push(text),
    });
  });
  afterAll(() => database.close());
  beforeEach(() => {
    store = `store-${(tests += 1)}`;
    nowMs = START_MS;
    told.length = 0;
    audited.length = 0;
  });

  const issue = async (minutes?: number): Promise<string> => {
    const issued = await enrolment.issue({ store, by: 'Ada', ...(minutes === undefined ? {} : { minutes }) });
    if ('problem' in issued) throw new Error(issued.problem);
    return issued.code;
  };
  const redeemed = async (request: EnrolmentRequest) => {
    const outcome = await enrolment.redeem(request);
    if ('problem' in outcome) throw new Error(outcome.problem);
    return outcome;
  };
  const isLetIn = (secret: string) =>
    deviceAuthenticator(database)({ store, device: `${store}-agent` }, secret);

  it('gives a code to the first of many devices that send it at once', async () => {
    const code = await issue();
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, () => enrolment.redeem(aDevice().asks(code))),
    );
    expect(outcomes.filter((outcome) => !('problem' in outcome))).toHaveLength(1);
    expect(
      outcomes.filter((outcome) => 'problem' in outcome && /another device/.test(outcome.problem)),
    ).toHaveLength(11);
    expect(audited).toEqual(['device.code-made', 'device.enrolled']);
  });

  it('gives a device that lost its answer the same answer, however often and at once, and no other device', async () => {
    const code = await issue();
    const device = aDevice();
    const [first, ...again] = await Promise.all(Array.from({ length: 6 }, () => redeemed(device.asks(code))));
    expect(again.every((answer) => answer.secret.password === first?.secret.password)).toBe(true);
    // Also when the code itself has expired meanwhile.
    nowMs += ANSWER_AGAIN_MS - 1;
    expect((await redeemed(device.asks(code))).secret).toEqual(first?.secret);
    expect(await enrolment.redeem(aDevice().asks(code))).toMatchObject({
      problem: expect.stringMatching(/another device/) as string,
    });
    nowMs += 2;
    expect(await enrolment.redeem(device.asks(code))).toMatchObject({
      problem: expect.stringMatching(/expired/) as string,
    });
    expect(await isLetIn(first?.secret.password ?? '')).toBe('known');
    expect(audited).toEqual(['device.code-made', 'device.enrolled']);
  });

  it('closes a code that was mistyped too often, and lets none in after its time', async () => {
    const code = await issue();
    const wrong = `${code.slice(0, 5)}${code.endsWith('0000') ? '1111' : '0000'}`;
    for (let n = 0; n < MAX_WRONG_TRIES; n += 1)
      expect(await enrolment.redeem(aDevice().asks(wrong))).toMatchObject({
        problem: expect.stringMatching(/does not know/) as string,
      });
    expect(await enrolment.redeem(aDevice().asks(code))).toMatchObject({
      problem: expect.stringMatching(/mistyped/) as string,
    });
    expect(audited).toContain('device.code-closed');
    const late = await issue(5);
    nowMs += 5 * MINUTE_MS;
    expect(await enrolment.redeem(aDevice().asks(late))).toMatchObject({
      problem: expect.stringMatching(/expired/) as string,
    });
  });

  it('makes the newest code of a device the only one, and knows a code for no store but its own', async () => {
    const [older, newer] = [await issue(), await issue()];
    expect(await enrolment.redeem(aDevice().asks(older))).toMatchObject({
      problem: expect.stringMatching(/does not know/) as string,
    });
    expect((await enrolment.open()).filter((open) => open.store === store)).toHaveLength(1);
    expect((await redeemed(aDevice().asks(newer))).address).toEqual({ store, device: `${store}-agent` });
    expect(await enrolment.issue({ store: 'elsewhere', device: `${store}-agent`, by: 'Ada' })).toMatchObject({
      problem: expect.stringMatching(/belongs to store/) as string,
    });
  });

  it('takes no code from a device that does not hold the key it names', async () => {
    const code = await issue();
    const [honest, thief] = [aDevice(), aDevice()];
    const stolen = { ...honest.asks(code), signature: thief.asks(code).signature };
    expect(await enrolment.redeem(stolen)).toMatchObject({
      problem: expect.stringMatching(/prove/) as string,
    });
    expect(await enrolment.redeem({ ...honest.asks(code), publicKeyPem: 'no key' })).toHaveProperty(
      'problem',
    );
    await redeemed(honest.asks(code));
  });

  it('lets two secrets in while one takes over from the other, and then one', async () => {
    const { address, secret } = await redeemed(aDevice().asks(await issue()));
    expect(await enrolment.rotate(address.device, 'Ada')).toBeUndefined();
    const next = await enrolment.onOpen(address, secret.generation);
    expect(next).toMatchObject({ generation: secret.generation + 1 });
    // Asked again before it was written down, it is the same one.
    expect(await enrolment.onOpen(address, secret.generation)).toEqual(next);
    expect(await isLetIn(secret.password)).toBe('known');
    expect(await isLetIn(next?.password ?? '')).toBe('known');
    expect(await enrolment.onOpen(address, next?.generation)).toBeUndefined();
    expect(await isLetIn(secret.password)).toBe('unknown');
    expect(await isLetIn(next?.password ?? '')).toBe('known');
    expect(audited.slice(-2)).toEqual(['device.rotation-begun', 'device.rotated']);
  });

  it('withdraws access at once, says why to the device and to nobody else, and lets a new code end it', async () => {
    const device = aDevice();
    const code = await issue();
    const { address, secret } = await redeemed(device.asks(code));
    told.length = 0;
    await enrolment.revoke(address.device, { reason: 'stolen', by: 'Ada' });
    expect(told).toEqual(['revoked', 'accounts', 'disconnect']);
    expect(await isLetIn(secret.password)).toBe('revoked');
    expect(await isLetIn('guessed')).toBe('unknown');
    const asks = { store, device: address.device };
    expect(
      await enrolment.standing({ ...asks, signature: device.sign(standingProof(store, address.device)) }),
    ).toEqual({
      state: 'revoked',
      reason: 'stolen',
    });
    const stranger = aDevice().sign(standingProof(store, address.device));
    expect(await enrolment.standing({ ...asks, signature: stranger })).toEqual({ state: 'replaced' });
    expect(await enrolment.redeem(device.asks(code))).toHaveProperty('problem');
    expect(await enrolment.rotate(address.device, 'Ada')).toMatchObject({
      problem: expect.stringMatching(/revoked/) as string,
    });
    const renewed = await redeemed(device.asks(await issue()));
    expect(await isLetIn(renewed.secret.password)).toBe('known');
    expect(await isLetIn(secret.password)).toBe('unknown');
  });

  it('leaves a device that enrolled with a code alone when a config names it too, and rotates no secret of a config', async () => {
    const { address, secret } = await redeemed(aDevice().asks(await issue()));
    await adoptDevice(database, address, 'a-secret-of-a-config', { now: () => nowMs });
    expect(await isLetIn(secret.password)).toBe('known');
    const other = { store, device: `${store}-till` };
    await adoptDevice(database, other, 'a-secret-of-a-config', { now: () => nowMs });
    expect(await deviceAuthenticator(database)(other, 'a-secret-of-a-config')).toBe('known');
    expect(await enrolment.rotate(other.device, 'Ada')).toMatchObject({
      problem: expect.stringMatching(/config/) as string,
    });
  });

  it('keeps neither codes nor secrets in the database', async () => {
    const code = await issue();
    const { address, secret } = await redeemed(aDevice().asks(code));
    await enrolment.rotate(address.device, 'Ada');
    const next = await enrolment.onOpen(address, secret.generation);
    const rows = [
      ...(await database.query('SELECT * FROM devices WHERE store = $1', [store])),
      ...(await database.query('SELECT * FROM enrolment_codes WHERE store = $1', [store])),
    ];
    const text = JSON.stringify(rows);
    for (const hidden of [code, code.slice(5), secret.password, next?.password ?? code])
      expect(text).not.toContain(hidden);
  });
});

describe('a code', () => {
  it('is read as people type it', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 8 }), (bytes) => {
        const code = enrolmentCodeFrom(bytes);
        const spoken = code.toLowerCase().replace('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
        expect(readEnrolmentCode(` ${spoken} `)).toBe(code);
      }),
    );
    expect(readEnrolmentCode('ABCD-EFG')).toBeUndefined();
    expect(readEnrolmentCode('ABCD-EFGU')).toBeUndefined();
  });

  it('is redeemed by one key at most, whatever is tried in whatever order', () => {
    const step = fc.record({
      key: fc.constantFrom('a', 'b', 'c'),
      isRight: fc.boolean(),
      laterMs: fc.nat(ANSWER_AGAIN_MS / 4),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), fc.nat(ANSWER_AGAIN_MS), (steps, expiresAtMs) => {
        let code: KnownCode = { isRight: true, isWithdrawn: false, wrongTries: 0, expiresAtMs };
        let now = 0;
        const answered = new Set<string>();
        let right = 0;
        let rightOnly = true;
        let redeemedAtMs = Number.NEGATIVE_INFINITY;
        for (const { key, isRight, laterMs } of steps) {
          now += laterMs;
          const verdict = judgeCode({ ...code, isRight }, key, now);
          if (verdict.kind === 'refused') {
            if (verdict.counts) code = { ...code, wrongTries: code.wrongTries + 1 };
            continue;
          }
          rightOnly &&= isRight;
          if (verdict.kind === 'first') {
            right += 1;
            redeemedAtMs = now;
            code = { ...code, redeemed: { atMs: now, publicKey: key } };
          }
          answered.add(key);
        }
        expect(rightOnly).toBe(true);
        expect(right).toBeLessThanOrEqual(1);
        expect(redeemedAtMs).toBeLessThan(expiresAtMs);
        expect(answered.size).toBeLessThanOrEqual(1);
        expect(code.wrongTries).toBeLessThanOrEqual(MAX_WRONG_TRIES);
      }),
    );
  });
});

describe('a secret', () => {
  it('that the hub made is checked with one keyed hash, one that somebody chose with scrypt', async () => {
    const made = newSecret();
    expect(await hashSecret(made)).toMatch(/^hmac-sha256\$/);
    expect(await hashSecret('correct horse battery')).toMatch(/^scrypt\$/);
    for (const secret of [made, 'correct horse battery']) {
      const stored = await hashSecret(secret);
      expect(await isSecret(secret, stored)).toBe(true);
      expect(await isSecret(`${secret}x`, stored)).toBe(false);
    }
    for (const stored of ['', 'plain', 'hmac-sha256$$', 'scrypt$4096$8$1$$'])
      expect(await isSecret('', stored)).toBe(false);
  });
});
