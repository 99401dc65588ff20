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
const NEWLINE = 10;
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
    this.#ascii('","sku":');
    this.#name(sku);
    this.#ascii(',"record":');
    if (record === null) this.#ascii('null');
    else this.#number(record);
    this.#ascii(',"confidence":');
    this.#number(rounded(confidence));
    this.#ascii(',"p0":');
    this.#number(rounded(p0));
    this.#ascii(',"mean":');
    this.#number(rounded(mean));
    this.#ascii(',"p05":');
    this.#number(p05);
    this.#ascii(',"p95":');
    this.#number(p95);
    this.#ascii(',"rate":');
    this.#number(rounded(rate));
    this.#ascii('}');
    this.#bytes[this.#at++] = NEWLINE;
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

  /** As `JSON.stringify` writes it. */
  #number(value: number): void {
    const size = Math.abs(value);
    const parts = Math.round(size * SCALE);
    // Exact only where these digits are the number itself.
    if (!(size < MOST) || (size < SMALLEST && size !== 0) || parts / SCALE !== size || Object.is(value, -0))
      return this.#ascii(JSON.stringify(value));
    if (value < 0) this.#bytes[this.#at++] = MINUS;
    const whole = Math.floor(parts / SCALE);
    let count = 1;
    for (let limit = 10; whole >= limit; limit *= 10) count++;
    this.#digits(whole, count);
    const rest = parts - whole * SCALE;
    if (rest === 0) return;
    this.#bytes[this.#at++] = POINT;
    this.#digits(rest, DECIMALS);
    while (this.#bytes[this.#at - 1] === ZERO) this.#at--;
  }

  #digits(value: number, count: number): void {
    const bytes = this.#bytes;
    let left = value | 0;
    for (let at = this.#at + count - 1; at >= this.#at; at--) {
      const next = (left / 10) | 0;
      bytes[at] = ZERO + left - next * 10;
      left = next;
    }
    this.#at += count;
  }
}

const rounded = (value: number): number => Math.round(value * SCALE) / SCALE;
