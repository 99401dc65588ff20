/**
 * Devices' accounts at a Mosquitto server on the same machine: the hub writes the password file and has it read again,
 * which also ends the connections of accounts that are gone (mosquitto(8), SIGHUP).
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Queryable } from '../database/index.ts';
import { readIfPresent } from '../read-if-present.ts';
import { brokerPasswordLines } from './credentials.ts';

export interface AccountsFile {
  readonly passwordFile: string;
  /** Written by the broker (`pid_file`); without one somebody else has the file read again. */
  readonly pidFile?: string;
  /** Lines that are not devices', the hub's own account for example; they come first. */
  readonly furtherLines?: readonly string[];
}

/** One writing at a time; the last one sees everything that was committed before it was asked for. */
export function brokerAccounts(
  database: Queryable,
  { passwordFile, pidFile, furtherLines = [] }: AccountsFile,
): () => Promise<void> {
  let writing = Promise.resolve();
  const write = async (): Promise<void> => {
    const text = `${[...furtherLines, ...(await brokerPasswordLines(database))].join('\n')}\n`;
    if (text === readIfPresent(passwordFile)) return;
    const draft = `${passwordFile}.new`;
    writeFileSync(draft, text, { mode: 0o640, flush: true });
    renameSync(draft, passwordFile);
    if (pidFile !== undefined) process.kill(Number(readFileSync(pidFile, 'utf8').trim()), 'SIGHUP');
  };
  return () => {
    const written = writing.then(write);
    writing = written.catch(() => undefined);
    return written;
  };
}
