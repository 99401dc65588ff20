/**
 * Beliefs as lines of JSON, written as bytes: of a store's answers most is digits. Numbers are rounded to seven decimals,
 * which makes them comparable between machines; the bytes are those that `JSON.stringify` would write.
 */
import type { Outlook } from './answers.ts';

const DECIMALS = 7;
const SCALE = 10 ** DECIMALS;
const ZERO = 48;
const POINT = 46;
const MINUS = 45;
const SPACE = 32;
const QUOTE = 34;
const BACKSLASH = 92;
const LAST_LETTER = 126;
/** Longest line but for a name: a character of a name takes six bytes at most. */
const MOST_BYTES = 512;
const FIRST_BYTES = 65_536;
/** Numbers below are written by digits; whoever needs more digits than 2^53 has takes the long way. */
const MOST = 1e8;
/** A number that JSON writes with an exponent. */
const SMALLEST = 1e-6;

/** What lies between the values. */
const PIECE = {
  sku: Buffer.from('","sku":'),
  record: Buffer.from(',"record":'),
  confidence: Buffer.from(',"confidence":'),
  p0: Buffer.from(',"p0":'),
  mean: Buffer.from(',"mean":'),
  p05: Buffer.from(',"p05":'),
  p95: Buffer.from(',"p95":'),
  rate: Buffer.from(',"rate":'),
  end: Buffer.from('}\n'),
} as const;
/** The digits of 0000, 0001, ... 9999. */
const FOUR_DIGITS = Buffer.from(
  Array.from({ length: 10_000 }, (_, i) => String(i).padStart(4, '0')).join(''),
);

/** Beliefs of one instant after the other; `take` hands out the bytes written since. */
export class PositionLines {
  #bytes = Buffer.allocUnsafe(FIRST_BYTES);
  #at = 0;

  /** Bytes waiting. */
  get length(): number {
    return this.#at;
  }

  add({ t, sku, record, confidence, p0, mean, p05, p95, rate }: Outlook): void {
    const most = this.#at + MOST_BYTES + 6 * sku.length;
    if (most > this.#bytes.length) this.#grow(most);
    this.#ascii('{"t":"');
    this.#ascii(t);
    this.#piece(PIECE.sku);
    this.#name(sku);
    this.#piece(PIECE.record);
    if (record === null) this.#ascii('null');
    else this.#number(record);
    this.#piece(PIECE.confidence);
    this.#rounded(confidence);
    this.#piece(PIECE.p0);
    this.#rounded(p0);
    this.#piece(PIECE.mean);
    this.#rounded(mean);
    this.#piece(PIECE.p05);
    this.#number(p05);
    this.#piece(PIECE.p95);
    this.#number(p95);
    this.#piece(PIECE.rate);
    this.#rounded(rate);
    this.#piece(PIECE.end);
  }

  /** The lines since the last call; they are the caller's. */
  take(): Uint8Array {
    const lines = this.#bytes.subarray(0, this.#at);
    this.#bytes = Buffer.allocUnsafe(FIRST_BYTES);
    this.#at = 0;
    return lines;
  }

  #grow(least: number): void {
    const wider = Buffer.allocUnsafe(Math.max(least, 2 * this.#bytes.length));
    wider.set(this.#bytes.subarray(0, this.#at));
    this.#bytes = wider;
  }

  #ascii(text: string): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < text.length; i++) bytes[at++] = text.charCodeAt(i);
    this.#at = at;
  }

  #name(sku: string): void {
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = QUOTE;
    for (let i = 0; i < sku.length; i++) {
      const letter = sku.charCodeAt(i);
      if (letter < SPACE || letter > LAST_LETTER || letter === QUOTE || letter === BACKSLASH) {
        this.#at += bytes.write(JSON.stringify(sku), this.#at);
        return;
      }
      bytes[at++] = letter;
    }
    bytes[at++] = QUOTE;
    this.#at = at;
  }

  #piece(piece: Uint8Array): void {
    const bytes = this.#bytes;
    let at = this.#at;
    for (let i = 0; i < piece.length; i++) bytes[at++] = piece[i] as number;
    this.#at = at;
  }

  /** Rounded to seven decimals. */
  #rounded(value: number): void {
    const parts = Math.round(value * SCALE);
    if (parts === 0 || (parts >= SMALLEST * SCALE && parts < MOST * SCALE)) this.#parts(parts);
    else this.#number(parts / SCALE);
  }

  /** As `JSON.stringify` writes it. */
  #number(value: number): void {
    const size = Math.abs(value);
    const parts = Math.round(size * SCALE);
    // Exact only where these digits are the number itself.
    if (!(size < MOST) || (size < SMALLEST && size !== 0) || parts / SCALE !== size || Object.is(value, -0))
      return this.#ascii(JSON.stringify(value));
    if (value < 0) this.#bytes[this.#at++] = MINUS;
    this.#parts(parts);
  }

  /** Parts of 1 / SCALE, not negative. */
  #parts(parts: number): void {
    const whole = parts < SCALE ? 0 : Math.floor(parts / SCALE);
    this.#whole(whole);
    const rest = parts - whole * SCALE;
    if (rest === 0) return;
    const bytes = this.#bytes;
    let at = this.#at;
    bytes[at++] = POINT;
    const high = (rest / 1000) | 0;
    const low = rest - high * 1000;
    for (let i = 0; i < 4; i++) bytes[at++] = FOUR_DIGITS[4 * high + i] as number;
    for (let i = 1; i < 4; i++) bytes[at++] = FOUR_DIGITS[4 * low + i] as number;
    while (bytes[at - 1] === ZERO) at--;
    this.#at = at;
  }

  #whole(value: number): void {
    const bytes = this.#bytes;
    let count = 1;
    for (let limit = 10; value >= limit; limit *= 10) count++;
    let left = value | 0;
    for (let at = this.#at + count - 1; at >= this.#at; at--) {
      const next = (left / 10) | 0;
      bytes[at] = ZERO + left - next * 10;
      left = next;
    }
    this.#at += count;
  }
}
