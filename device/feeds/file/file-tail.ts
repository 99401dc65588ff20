/**
 * Reads what is new in one file, chunk by chunk, and remembers how far the sink has acknowledged.
 *
 * Line files (NDJSON) go on at the line they stopped at. Documents (POSLog, printer captures) have no such point:
 * after a restart they are read from their start, unless they were read to their end, and their keys keep that from
 * counting twice. A file that shrank, or whose first bytes changed, is a new file.
 */
import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Decoder, FeedEvent } from '../events.ts';
import type { NdjsonDecoder, ResumePoint } from './ndjson-decoder.ts';
import type { FileOffset, Offsets } from './offsets.ts';

const CHUNK_BYTES = 256 * 1024;
const HEAD_BYTES = 256;

export type MakeDecoder =
  | { readonly kind: 'lines'; readonly make: (name: string, from: ResumePoint) => NdjsonDecoder }
  | { readonly kind: 'document'; readonly make: () => Decoder };

export interface TailOptions {
  readonly path: string;
  readonly makeDecoder: MakeDecoder;
  readonly offsets: Offsets;
  /** True when this path no longer leads to this file, also when another file has taken it. */
  readonly isGone: (path: string, inode: number) => boolean;
  /** Resolves once the sink has committed. */
  readonly deliver: (events: readonly FeedEvent[], decoder: Decoder, bytes: number) => Promise<void>;
}

export class FileTail {
  readonly #options: TailOptions;
  #decoder: Decoder | undefined;
  #lines: NdjsonDecoder | undefined;
  #read = 0;
  #inode: number | undefined;
  #name = '';
  #wasIdle = false;

  constructor(options: TailOptions) {
    this.#options = options;
  }

  /** Reads to the present end of the file. */
  async advance(signal: AbortSignal): Promise<void> {
    const file = await open(this.#options.path, 'r');
    try {
      await this.#readOn(file, signal);
    } finally {
      await file.close();
    }
  }

  async #readOn(file: FileHandle, signal: AbortSignal): Promise<void> {
    const { size, ino } = await file.stat();
    if (this.#decoder === undefined || ino !== this.#inode || size < this.#read)
      await this.#begin(file, size, ino);
    let grew = false;
    while (this.#read < size && !signal.aborted) {
      grew = true;
      const { buffer, bytesRead } = await file.read(new Uint8Array(CHUNK_BYTES), 0, CHUNK_BYTES, this.#read);
      if (bytesRead === 0) break;
      this.#read += bytesRead;
      await this.#push(buffer.subarray(0, bytesRead));
      await this.#remember(file, ino);
    }
    if (!grew && !this.#wasIdle) await this.#settle(file, ino);
    this.#wasIdle = !grew;
  }

  async #begin(file: FileHandle, size: number, ino: number): Promise<void> {
    const { path, makeDecoder, offsets, isGone } = this.#options;
    const known = offsets.get(path) ?? offsets.takeMoved(ino, isGone);
    const same =
      known && size >= known.offset && (await headOf(file, known.head.bytes)).sha256 === known.head.sha256;
    if (known && !same) offsets.displace(path);
    this.#inode = ino;
    this.#name = same ? known.name : basename(path);
    if (makeDecoder.kind === 'lines') {
      const { line, isOpen, firstLine } = same ? known : { line: 0, isOpen: false, firstLine: undefined };
      this.#lines = makeDecoder.make(this.#name, {
        line,
        isOpen,
        ...(firstLine === undefined ? {} : { firstLine }),
      });
      this.#decoder = this.#lines;
      this.#read = same ? known.offset : 0;
    } else {
      this.#decoder = makeDecoder.make();
      this.#read = same && known.offset === size ? size : 0;
    }
  }

  async #push(bytes: Uint8Array): Promise<void> {
    const decoder = this.#decoder as Decoder;
    await this.#options.deliver(decoder.push(bytes), decoder, bytes.length);
  }

  /** The file has stopped growing. */
  async #settle(file: FileHandle, ino: number): Promise<void> {
    const decoder = this.#decoder as Decoder;
    const events = decoder.idle();
    if (events.length === 0) return;
    await this.#options.deliver(events, decoder, 0);
    await this.#remember(file, ino);
  }

  async #remember(file: FileHandle, inode: number): Promise<void> {
    const point = this.#lines?.resumePoint();
    const entry: FileOffset = {
      name: this.#name,
      inode,
      head: await headOf(file, HEAD_BYTES),
      offset: this.#read - (point?.pendingBytes ?? 0),
      line: point?.line ?? 0,
      isOpen: point?.isOpen ?? false,
      ...(point?.firstLine === undefined ? {} : { firstLine: point.firstLine }),
    };
    await this.#options.offsets.set(this.#options.path, entry);
  }
}

async function headOf(file: FileHandle, bytes: number): Promise<FileOffset['head']> {
  const { buffer, bytesRead } = await file.read(
    new Uint8Array(HEAD_BYTES),
    0,
    Math.min(bytes, HEAD_BYTES),
    0,
  );
  return {
    bytes: bytesRead,
    sha256: createHash('sha256').update(buffer.subarray(0, bytesRead)).digest('hex'),
  };
}
