/**
 * Messages as bytes: JSON in UTF-8, packed with zstd above a size. A packed message begins with the magic number
 * of zstd (RFC 8878, 3.1.1) or gzip (RFC 1952, 2.3.1), neither of which can begin a JSON object, so a sender without
 * either may send plain JSON. Needs Node, so it has its own entry (`@truecount/protocol/wire`).
 */
import { constants, gunzipSync, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { MAX_MESSAGE_BYTES } from './replication.ts';
import type { Parsed } from './schema.ts';

/** Below this packing saves less than it costs. */
const PACK_FROM_BYTES = 1024;
const zstdMagic = [0x28, 0xb5, 0x2f, 0xfd];
const gzipMagic = [0x1f, 0x8b];

export class MessageTooLargeError extends Error {
  readonly code = 'E_MESSAGE_TOO_LARGE';
  constructor(bytes: number) {
    super(`a message of ${bytes} bytes is over the bound of ${MAX_MESSAGE_BYTES}; split it`);
  }
}

export function packMessage(value: unknown): Buffer {
  const bytes = Buffer.from(JSON.stringify(value));
  if (bytes.length > MAX_MESSAGE_BYTES) throw new MessageTooLargeError(bytes.length);
  if (bytes.length < PACK_FROM_BYTES) return bytes;
  // Level 1: a fifth of the size for a twentieth of the time of the highest level on documents like ours.
  return zstdCompressSync(bytes, { params: { [constants.ZSTD_c_compressionLevel]: 1 } });
}

/** Never throws; unpacks no more than one message may hold, whatever the bytes promise. */
export function unpackMessage(bytes: Uint8Array): Parsed<unknown> {
  if (bytes.length > MAX_MESSAGE_BYTES) return { ok: false, problem: 'is larger than a message may be' };
  try {
    return { ok: true, value: JSON.parse(Buffer.from(unpacked(bytes)).toString('utf8')) as unknown };
  } catch (error) {
    return { ok: false, problem: `cannot be read: ${error instanceof Error ? error.message : 'unknown'}` };
  }
}

function unpacked(bytes: Uint8Array): Uint8Array {
  const limit = { maxOutputLength: MAX_MESSAGE_BYTES };
  if (zstdMagic.every((byte, at) => bytes[at] === byte)) return zstdDecompressSync(bytes, limit);
  if (gzipMagic.every((byte, at) => bytes[at] === byte)) return gunzipSync(bytes, limit);
  return bytes;
}

/** Splits items into runs whose JSON stays below `maxBytes` together; an item over it gets a run of its own. */
export function splitBySize<T>(items: readonly T[], maxBytes: number): readonly (readonly T[])[] {
  const runs: T[][] = [];
  let room = 0;
  for (const item of items) {
    const bytes = Buffer.byteLength(JSON.stringify(item)) + 1;
    const run = runs.at(-1);
    if (run === undefined || bytes > room) {
      runs.push([item]);
      room = maxBytes - bytes;
    } else {
      run.push(item);
      room -= bytes;
    }
  }
  return runs;
}
