/**
 * How a device becomes one of the hub's: an administrator makes a code, somebody types it at the device, and the device
 * sends it with the public half of a key that it made itself. What comes back lets it connect.
 *
 * The same key may send the same code again within the code's window and gets the same credentials, so a device that
 * lost the answer (or died before it was written down) simply asks again.
 */
import { type Static, Type } from 'typebox';
import { DeviceId, Id, Instant, ShortText, StoreId } from './schema.ts';

/** Crockford's base 32: no I, L, O, U, so nothing that is read aloud or off a screen can be mistaken. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const GROUP = 4;
const IS_CODE = new RegExp(`^[${LETTERS}]{${2 * GROUP}}$`);

export const EnrolmentCode = Type.String({
  pattern: `^[${LETTERS}]{${GROUP}}-[${LETTERS}]{${GROUP}}$`,
  maxLength: 9,
  description: 'ABCD-EFGH',
});

/** A code as people type it: any case, with or without the dash, O for 0, I or L for 1. */
export function readEnrolmentCode(typed: string): string | undefined {
  const letters = typed.toUpperCase().replaceAll(/[\s-]/g, '').replaceAll('O', '0').replaceAll(/[IL]/g, '1');
  const isCode = IS_CODE.test(letters);
  return isCode ? `${letters.slice(0, GROUP)}-${letters.slice(GROUP)}` : undefined;
}

/** @param bytes at least eight random ones */
export function enrolmentCodeFrom(bytes: Uint8Array): string {
  const letters = Array.from(bytes.subarray(0, 2 * GROUP), (byte) => LETTERS[byte % LETTERS.length]).join('');
  return `${letters.slice(0, GROUP)}-${letters.slice(GROUP)}`;
}

/** What the device signs, so that nobody redeems a code for a key that is not theirs. */
export const enrolmentProof = (code: string): string => `truecount-enrolment:${code}`;
export const standingProof = (store: string, device: string): string =>
  `truecount-standing:${store}/${device}`;

const PublicKeyPem = Type.String({ maxLength: 500, description: 'Ed25519, SPKI PEM' });
const Signature = Type.String({ maxLength: 200, description: 'Ed25519, base64' });

export const EnrolmentRequest = Type.Object({
  code: EnrolmentCode,
  publicKeyPem: PublicKeyPem,
  /** Over `enrolmentProof`. */
  signature: Signature,
});
export type EnrolmentRequest = Static<typeof EnrolmentRequest>;

export const StoreSettings = Type.Object({
  id: StoreId,
  name: Type.String({ minLength: 1, maxLength: 80 }),
  timeZone: Type.String({ maxLength: 60, description: 'IANA name' }),
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
});
export type StoreSettings = Static<typeof StoreSettings>;

/** A device's secret; `generation` rises with every rotation. */
export const DeviceSecret = Type.Object({
  password: Type.String({ minLength: 1, maxLength: 500 }),
  generation: Type.Integer({ minimum: 1 }),
});
export type DeviceSecret = Static<typeof DeviceSecret>;

export const EnrolmentResult = Type.Object({
  store: StoreSettings,
  device: DeviceId,
  broker: Type.Object({
    url: Type.String({ pattern: '^(mqtt|mqtts|ws|wss)://', maxLength: 300 }),
    username: Type.String({ maxLength: 200 }),
    /** Of the authority that signed the broker's certificate, where systems do not know it. */
    caPem: Type.Optional(Type.String({ maxLength: 20_000 })),
  }),
  secret: DeviceSecret,
  hubPublicKeyPem: PublicKeyPem,
  at: Instant,
});
export type EnrolmentResult = Static<typeof EnrolmentResult>;

/** A device that the broker does not let in asks the hub's API why. */
export const StandingRequest = Type.Object({
  store: StoreId,
  device: DeviceId,
  /** Over `standingProof`, with the key that enrolled. */
  signature: Signature,
});
export type StandingRequest = Static<typeof StandingRequest>;
export const StandingResult = Type.Union([
  Type.Object({ state: Type.Literal('active') }),
  Type.Object({ state: Type.Literal('revoked'), reason: ShortText }),
  /** Unknown, or another key has enrolled this device since. */
  Type.Object({ state: Type.Literal('replaced') }),
]);
export type StandingResult = Static<typeof StandingResult>;

/** What an administrator asks for. */
export const CodeRequest = Type.Object({
  store: StoreId,
  /** Default: `<store>-agent`. One that exists gets new credentials when the code is redeemed. */
  device: Type.Optional(DeviceId),
  minutes: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_080, description: 'default 60' })),
});
export type CodeRequest = Static<typeof CodeRequest>;
/** Shown once. */
export const IssuedCode = Type.Object({
  id: Id,
  code: EnrolmentCode,
  store: StoreId,
  device: DeviceId,
  expiresAt: Instant,
  /** Of the certificate of the hub's API, where it has one of its own: SHA-256, hex, with colons. */
  fingerprint: Type.Optional(Type.String({ maxLength: 100 })),
});
export type IssuedCode = Static<typeof IssuedCode>;
/** A code that still waits for its device. */
export const OpenCode = Type.Object({
  id: Id,
  store: StoreId,
  device: DeviceId,
  by: Type.String(),
  expiresAt: Instant,
  wrongTries: Type.Integer({ minimum: 0 }),
});
export type OpenCode = Static<typeof OpenCode>;
export const RevocationRequest = Type.Object({
  reason: Type.String({ minLength: 3, maxLength: 300, description: 'shown on the device' }),
});
export type RevocationRequest = Static<typeof RevocationRequest>;
