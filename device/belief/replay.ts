/**
 * Folds lines of the exchange format (NDJSON) from their bytes and answers at each close and checkpoint. Memory does
 * not depend on how many lines there were.
 */
import type { Observation, ObservationParse } from '@truecount/protocol';
import type { Belief } from './belief-port.ts';
import { msOf } from './instant.ts';
import { codeOf } from './observation-code.ts';
import { PlainLine } from './observation-line.ts';
import { isPlainCatalog } from './plain-catalog.ts';
import { PositionLines } from './position-lines.ts';
import { SeenKeys } from './seen-keys.ts';

/** What a line was, where it was more than one that is folded, known already, or empty. */
export type LineOutcome = { readonly kind: 'asked' } | { readonly kind: 'refused'; readonly problem: string };

/** The protocol's parser of observations. */
export type ParseObservation = (value: unknown) => ObservationParse;

const ASKED: LineOutcome = { kind: 'asked' };
const NEWLINE = 10;
/** A longer line is noise, not an observation. */
const MAX_LINE = 65_536;
const FIRST_BYTES = 4096;
/** Bytes of answers handed out together. */
const ANSWER_BYTES = 60_000;
const { id, feed, ticket, till, sku } = PlainLine.field;

export class Replay {
  readonly belief: Belief;
  readonly #parse: ParseObservation;
  readonly #seen = new SeenKeys();
  readonly #plain = new PlainLine();
  readonly #decoder = new TextDecoder();
  /** Bytes that are not folded yet, from `#at` to `#end`, with a newline behind them; used again for what comes next. */
  #bytes = new Uint8Array(FIRST_BYTES);
  #at = 0;
  #end = 0;
  #isWhole = false;
  #lines = 0;

  /** @param parse asked of lines that are not plain */
  constructor(belief: Belief, parse: ParseObservation) {
    this.belief = belief;
    this.#parse = parse;
  }

  /** Lines taken so far; after `next` the number of the line that it speaks of, from 1. */
  get lines(): number {
    return this.#lines;
  }

  /** More bytes; a line may go on in the next ones. They are copied. */
  feed(bytes: Uint8Array): void {
    // Of a line without an end only so much is kept as shows that it is too long.
    const rest = this.#end - this.#at > 2 * MAX_LINE ? MAX_LINE + 1 : this.#end - this.#at;
    const end = rest + bytes.length;
    const kept = this.#bytes.subarray(this.#at, this.#at + rest);
    if (end >= this.#bytes.length) this.#bytes = new Uint8Array(end + 2 * MAX_LINE);
    this.#bytes.set(kept);
    this.#bytes.set(bytes, rest);
    this.#bytes[end] = NEWLINE;
    this.#at = 0;
    this.#end = end;
  }

  /** Nothing more comes: what is left is a line, too. */
  end(): void {
    this.#isWhole = true;
  }

  /** Folds up to the next line that asks or is refused; undefined when more bytes are needed. */
  next(): LineOutcome | undefined {
    const bytes = this.#bytes;
    const plain = this.#plain;
    while (this.#at < this.#end) {
      const start = this.#at;
      const after = plain.read(bytes, start);
      if (after > 0 && this.#has(after - 1) && after - 1 - start <= MAX_LINE) {
        this.#at = after;
        this.#lines++;
        if (!this.#isNewLine(plain)) continue;
        this.belief.observeLine(plain);
        if (plain.code === codeOf.close || plain.code === codeOf.checkpoint) return ASKED;
        continue;
      }
      const end = bytes.indexOf(NEWLINE, start);
      if (!this.#has(end)) return undefined;
      this.#at = end + 1;
      this.#lines++;
      const outcome = this.#take(bytes.subarray(start, end));
      if (outcome !== undefined) return outcome;
    }
    return undefined;
  }

  /** Whether a line that ends here is a whole one. */
  #has(end: number): boolean {
    return end < this.#end || this.#isWhole;
  }

  /** A line that is not plain. */
  #take(line: Uint8Array): LineOutcome | undefined {
    if (line.length > MAX_LINE)
      return { kind: 'refused', problem: `line is longer than ${MAX_LINE} characters` };
    const text = this.#decoder.decode(line);
    if (text.trim() === '') return undefined;
    const parsed = this.#parseText(text);
    if (!parsed.ok) return { kind: 'refused', problem: parsed.problem };
    const observation = parsed.value;
    if (Number.isNaN(msOf(observation.t)))
      return { kind: 'refused', problem: `t "${observation.t}" names no instant` };
    if (!this.#isNew(marksOf(observation))) return undefined;
    this.belief.observe(observation);
    if (observation.type !== 'close' && observation.type !== 'checkpoint') return undefined;
    return ASKED;
  }

  #parseText(text: string): ObservationParse {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return { ok: false, problem: 'not valid JSON' };
    }
    return isPlainCatalog(value) ? { ok: true, value } : this.#parse(value);
  }

  /**
   * What makes a second delivery recognisable: its id, or feed + ticket + line. Without a feed name the till
   * takes its place, and then the instant and SKU must agree too, because ticket numbers come round again.
   */
  #isNew(one: Delivery): boolean {
    const seen = this.#seen;
    seen.begin();
    if (one.id !== undefined) {
      seen.text(one.id);
      return seen.add();
    }
    if (one.ticket === undefined || Number.isNaN(one.line)) return true;
    seen.text(one.feed ?? one.till ?? '');
    seen.text(one.ticket);
    seen.number(one.line);
    if (one.feed === undefined) {
      seen.number(one.t);
      seen.text(one.sku);
    }
    return seen.add();
  }

  /** The same for a plain line. */
  #isNewLine(plain: PlainLine): boolean {
    const seen = this.#seen;
    if (plain.has(id)) {
      seen.begin();
      this.#mark(plain, id);
      return seen.add();
    }
    const { line } = plain;
    if (!plain.has(ticket) || Number.isNaN(line)) return true;
    seen.begin();
    this.#mark(plain, plain.has(feed) ? feed : till);
    this.#mark(plain, ticket);
    seen.number(line);
    if (!plain.has(feed)) {
      seen.number(plain.t);
      this.#mark(plain, sku);
    }
    return seen.add();
  }

  #mark(plain: PlainLine, field: number): void {
    const from = plain.from[field] as number;
    this.#seen.bytes(plain.bytes, from, plain.has(field) ? (plain.to[field] as number) : from);
  }

  /** The beliefs of this moment, SKU by SKU, as lines of JSON in blocks of bytes. */
  *answers(): Generator<Uint8Array, void, void> {
    const lines = new PositionLines();
    for (const outlook of this.belief.outlooks()) {
      lines.add(outlook);
      if (lines.length >= ANSWER_BYTES) yield lines.take();
    }
    if (lines.length > 0) yield lines.take();
  }
}

interface Delivery {
  readonly id: string | undefined;
  readonly feed: string | undefined;
  readonly ticket: string | undefined;
  readonly till: string | undefined;
  /** NaN without one. */
  readonly line: number;
  /** Milliseconds since 1970. */
  readonly t: number;
  readonly sku: string;
}

/** The delivery marks of a parsed observation; those that are not of the right type mark nothing. */
function marksOf(observation: Observation): Delivery {
  const fields = observation as Readonly<Record<string, unknown>>;
  const text = (name: string): string | undefined => {
    const value = fields[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    id: text('id'),
    feed: text('feed'),
    ticket: text('ticket'),
    till: text('till'),
    line: typeof fields['line'] === 'number' ? fields['line'] : Number.NaN,
    t: msOf(observation.t),
    sku: text('sku') ?? '',
  };
}
