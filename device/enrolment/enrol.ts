/**
 * Makes this data folder one of the hub's devices. May be cut short anywhere and tried again with the same code: the key
 * is on the disk before the code is sent, the hub gives the same key the same answer, and the answer replaces what was
 * there in one step.
 */
import {
  EnrolmentResult,
  enrolmentProof,
  parserFor,
  readEnrolmentCode,
  standingProof,
  StandingResult,
} from '@truecount/protocol';
import { askHub, certificateWith, EnrolmentError, hubUrl } from './ask-hub.ts';
import { deviceKey } from './device-key.ts';
import { type EnrolmentRecord, readEnrolment, writeEnrolment } from './enrolment-file.ts';

export interface EnrolmentWish {
  readonly dataFolder: string;
  /** Address of the hub's API. */
  readonly hub: string;
  /** As typed. */
  readonly code: string;
  /** PEM of the authority of the hub's certificate. */
  readonly caPem?: string;
  /** SHA-256 of the hub's certificate, as its console shows it. */
  readonly fingerprint?: string;
  /** The store that this data folder belongs to; a code for another one is not accepted. */
  readonly store?: string;
}

const parseResult = parserFor(EnrolmentResult);
const parseStanding = parserFor(StandingResult);

/** @throws EnrolmentError in words for whoever stands at the device */
export async function enrol(wish: EnrolmentWish): Promise<EnrolmentRecord> {
  const code = readEnrolmentCode(wish.code);
  if (code === undefined)
    throw new EnrolmentError(
      'E_CODE',
      'A code has eight letters and digits, like ABCD-EFGH. Check it again.',
    );
  const url = hubUrl(wish.hub);
  const caPem =
    wish.fingerprint === undefined || url.protocol === 'http:'
      ? wish.caPem
      : await certificateWith(wish.fingerprint, url);
  const hub = { url: url.origin, ...(caPem === undefined ? {} : { caPem }) };
  const key = deviceKey(wish.dataFolder);
  const answer = parseResult(
    await askHub(hub, '/api/enrolment', {
      code,
      publicKeyPem: key.publicKeyPem,
      signature: key.sign(enrolmentProof(code)),
    }),
  );
  if (!answer.ok)
    throw new EnrolmentError(
      'E_HUB_ANSWER',
      `${url.origin} answered what this version does not read: ${answer.problem}`,
    );
  const result = answer.value;
  const expected = wish.store ?? readEnrolment(wish.dataFolder)?.result.store.id;
  if (expected !== undefined && expected !== result.store.id)
    throw new EnrolmentError(
      'E_STORE_MISMATCH',
      `this data folder belongs to store ${expected}, and the code is for ${result.store.id}; ` +
        'use a code of the right store, or another data folder',
    );
  const record = { hub, result };
  writeEnrolment(wish.dataFolder, record);
  return record;
}

/** Why the broker does not let this device in, asked with the key that enrolled; undefined when nobody can say. */
export async function askStanding(dataFolder: string): Promise<StandingResult | undefined> {
  const record = readEnrolment(dataFolder);
  if (!record) return undefined;
  const { store, device } = record.result;
  const signature = deviceKey(dataFolder).sign(standingProof(store.id, device));
  const answer = await askHub(record.hub, '/api/enrolment/standing', { store: store.id, device, signature });
  const parsed = parseStanding(answer);
  return parsed.ok ? parsed.value : undefined;
}
