/**
 * Observations as NDJSON, one object per line (the exchange format). A bad line is refused with its number and the
 * rest goes on. Each observation's key is made of the file's name, a hash of its first line and the line number,
 * so reading a file again counts nothing twice, and a new file under an old name is a new file.
 */
import { createHash } from 'node:crypto';
import { type FeedObservation, parseObservation } from '@truecount/protocol';
import { Counter } from '../counter.ts';
import type { Decoder, FeedEvent, Tally } from '../events.ts';
import { LineSplitter, type Split } from '../line-splitter.ts';
import { decodeText, printable } from '../printable.ts';

const MAX_LINE_BYTES = 64 * 1024;
const MAX_ID = 128;

/** Where a reader of the same file can go on. */
export interface ResumePoint {
  /** Lines that are done. */
  readonly line: number;
  /** The last of them had no line end yet. */
  readonly isOpen: boolean;
  readonly firstLine?: string;
}

export interface NdjsonDecoder extends Decoder {
  resumePoint(): ResumePoint & { readonly pendingBytes: number };
}

/** @param name of the file, for keys and sources */
export function ndjsonDecoder(name: string, from: ResumePoint = { line: 0, isOpen: false }): NdjsonDecoder {
  return new LineDecoder(name, from);
}

class LineDecoder implements NdjsonDecoder {
  readonly #splitter = new LineSplitter({ maxBytes: MAX_LINE_BYTES });
  readonly #errors = new Counter();
  readonly #name: string;
  #line: number;
  #isOpen: boolean;
  #firstLine: string | undefined;
  #bytes = 0;
  #garbled = 0;

  constructor(name: string, { line, isOpen, firstLine }: ResumePoint) {
    this.#name = name;
    this.#line = line;
    this.#isOpen = isOpen;
    this.#firstLine = firstLine;
  }

  push(bytes: Uint8Array): readonly FeedEvent[] {
    this.#bytes += bytes.length;
    return this.#splitter.push(bytes).flatMap((split) => this.#read(split));
  }

  /** The file has stopped growing: a last line that is a whole object needs no line end. */
  idle(): readonly FeedEvent[] {
    if (this.#splitter.pendingBytes === 0) return [];
    const rest = this.#splitter.take() ?? new Uint8Array();
    if (!isObject(decodeText(rest))) {
      this.#splitter.push(rest);
      return [];
    }
    const events = this.#observe(rest);
    this.#isOpen = true;
    return events;
  }

  end(): readonly FeedEvent[] {
    const rest = this.#splitter.take();
    return rest ? this.#observe(rest) : [];
  }

  tally(): Tally {
    return { bytes: this.#bytes, garbled: this.#garbled, errors: this.#errors.toJSON() };
  }

  resumePoint(): ReturnType<NdjsonDecoder['resumePoint']> {
    return {
      line: this.#line,
      isOpen: this.#isOpen,
      ...(this.#firstLine === undefined ? {} : { firstLine: this.#firstLine }),
      pendingBytes: this.#splitter.pendingBytes,
    };
  }

  #read({ kind, bytes }: Split): readonly FeedEvent[] {
    if (kind === 'overlong') return this.#observe(bytes, `line is longer than ${MAX_LINE_BYTES} bytes`);
    return this.#observe(bytes);
  }

  #observe(bytes: Uint8Array, problem?: string): readonly FeedEvent[] {
    const continues = this.#isOpen;
    this.#isOpen = false;
    if (!continues) this.#line++;
    const text = decodeText(bytes).trim();
    if (text === '') return [];
    this.#firstLine ??= createHash('sha256').update(bytes).digest('hex').slice(0, 12);
    const parsed = problem === undefined ? parseLine(text) : { ok: false as const, problem };
    const source = `${this.#name}:${this.#line}`;
    if (!parsed.ok) {
      this.#errors.add('bad-line');
      this.#garbled += bytes.length;
      return [
        {
          type: 'refused',
          reason: `${source}: ${parsed.problem}`,
          raw: printable(bytes, 200),
          line: this.#line,
        },
      ];
    }
    return [
      {
        type: 'observation',
        observation: parsed.value,
        ...(parsed.id === undefined ? {} : { id: parsed.id }),
        key: `${this.#name}/${this.#firstLine}/${this.#line}`,
        source: source.slice(-200),
      },
    ];
  }
}

type LineParse =
  | { readonly ok: true; readonly value: FeedObservation['observation']; readonly id: string | undefined }
  | { readonly ok: false; readonly problem: string };

function parseLine(text: string): LineParse {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'not JSON' };
  }
  const parsed = parseObservation(json);
  if (!parsed.ok) return parsed;
  const id = (json as { id?: unknown }).id;
  const isId = typeof id === 'string' && id !== '' && id.length <= MAX_ID;
  return { ok: true, value: parsed.value, id: isId ? id : undefined };
}

function isObject(text: string): boolean {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null;
  } catch {
    return false;
  }
}
