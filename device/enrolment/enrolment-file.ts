/** What the hub gave this device: written when the answer comes, read at every start, changed when a secret rotates. */
import { join } from 'node:path';
import { type DeviceSecret, EnrolmentResult, parserFor } from '@truecount/protocol';
import { type Static, Type } from 'typebox';
import { readPrivate, replacePrivate } from './private-file.ts';

const FILE = 'enrolment.json';

const EnrolmentRecord = Type.Object({
  /** Where this device enrolled, and the certificate it pins there. */
  hub: Type.Object({ url: Type.String({ maxLength: 300 }), caPem: Type.Optional(Type.String()) }),
  result: EnrolmentResult,
  /** The secret before the last rotation, for as long as the hub may not have heard that the new one was taken. */
  previousPassword: Type.Optional(Type.String()),
});
export type EnrolmentRecord = Static<typeof EnrolmentRecord>;

const parse = parserFor(EnrolmentRecord);

export class EnrolmentFileError extends Error {
  readonly code = 'E_ENROLMENT_FILE';
}

const fileIn = (dataFolder: string): string => join(dataFolder, FILE);

/** @returns undefined where nothing has enrolled */
export function readEnrolment(dataFolder: string): EnrolmentRecord | undefined {
  const text = readPrivate(fileIn(dataFolder));
  if (text === undefined) return undefined;
  const parsed = parse(jsonOf(text));
  if (parsed.ok) return parsed.value;
  throw new EnrolmentFileError(
    `${fileIn(dataFolder)} cannot be read (${parsed.problem}); move it away and enrol again with a new code`,
  );
}

export const writeEnrolment = (dataFolder: string, record: EnrolmentRecord): void =>
  replacePrivate(fileIn(dataFolder), `${JSON.stringify(record, undefined, 2)}\n`);

/** A rotated secret, written down before it is used. */
export function keepSecret(dataFolder: string, secret: DeviceSecret): void {
  const record = readEnrolment(dataFolder);
  if (!record)
    throw new EnrolmentFileError(`${fileIn(dataFolder)} is gone; this device keeps its present secret`);
  const { result } = record;
  if (secret.generation <= result.secret.generation) return;
  writeEnrolment(dataFolder, {
    ...record,
    previousPassword: result.secret.password,
    result: { ...result, secret },
  });
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
