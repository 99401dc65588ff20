/**
 * The belief's snapshot on disk: one header line that says which ledger entry it includes, then the bytes.
 * Replaced in one step, so a crash leaves the old one or the new one, never half of it.
 */
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import { parserFor } from '@truecount/protocol';
import { type Static, Type } from 'typebox';

const Header = Type.Object({
  seq: Type.Integer({ minimum: 1 }),
  /** The ledger's hash at `seq`: a restored or rebuilt journal has another one, and the snapshot is not used. */
  hash: Type.String(),
  /** Of the software that wrote it: another version folds the ledger anew, which is always right. */
  version: Type.String(),
  /** Version of the error rates it was folded with; with others it would be another belief. */
  model: Type.String(),
  /** SKUs that were heard about and whose position had not been looked at since. */
  unlooked: Type.Optional(Type.Array(Type.String())),
});
const parseHeader = parserFor(Header);

export interface StoredSnapshot extends Static<typeof Header> {
  readonly bytes: Uint8Array;
}

const LINE_END = 10;

export function writeSnapshot(path: string, { bytes, ...header }: StoredSnapshot): void {
  const file = openSync(`${path}.new`, 'w');
  try {
    writeSync(file, `${JSON.stringify(header)}\n`);
    writeSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  renameSync(`${path}.new`, path);
}

/** Undefined when there is none or it is not readable: the ledger has everything. */
export function readStoredSnapshot(path: string): StoredSnapshot | undefined {
  if (!existsSync(path)) return undefined;
  const content = readFileSync(path);
  const end = content.indexOf(LINE_END);
  if (end < 0) return undefined;
  try {
    const header = parseHeader(JSON.parse(content.toString('utf8', 0, end)));
    return header.ok ? { ...header.value, bytes: content.subarray(end + 1) } : undefined;
  } catch {
    return undefined;
  }
}
