/**
 * Reads the plain form of an observation line from its bytes, without a string or an object: flat, ASCII, no
 * escapes, known types. Whatever is in any way unusual is left to the schema's parser, which also finds the words for
 * what is wrong; so this reader may give up at any point, and must never accept what the schema refuses.
 */
import { codeOf, UNKNOWN_QTY } from './observation-code.ts';

const MAX_QTY = 100_000;
const MAX_TEXT = 64;
const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const POINT = 46;
const ZERO = 48;
const COLON = 58;
const BACKSLASH = 92;
const OPEN = 123;
const CLOSE = 125;

/** Fields that mean something to the belief, and those that only have to be text. */
const FIELD = {
  t: 0,
  type: 1,
  sku: 2,
  id: 3,
  feed: 4,
  ticket: 5,
  till: 6,
  by: 7,
  order: 8,
  reference: 9,
  camera: 10,
  reason: 11,
  line: 12,
  qty: 13,
  facings: 14,
  capacity: 15,
  requested: 16,
  found: 17,
  sellable: 18,
} as const;
const FIELDS = 19;
const FIRST_NUMBER = FIELD.line;
/** Of other types nothing is known here that would have to be right. */
const UNKNOWN = -1;
const NOT_PLAIN = -1;

/** Words by their first and last byte and length; each is still compared in full. */
const SLOTS = 64;
const slotOf = (first: number, last: number, length: number): number =>
  (first + last + length * 9) & (SLOTS - 1);

class WordTable {
  readonly #number = new Int8Array(SLOTS).fill(UNKNOWN);
  readonly #words: readonly Uint8Array[];

  constructor(words: readonly string[]) {
    this.#words = words.map((word) => Uint8Array.from(word, (letter) => letter.charCodeAt(0)));
    this.#words.forEach((word, number) => {
      const slot = slotOf(word[0] as number, word.at(-1) as number, word.length);
      if (this.#number[slot] !== UNKNOWN) throw new Error(`two words share a slot: "${words[number]}"`);
      this.#number[slot] = number;
    });
  }

  /** Where a word ends if it begins at `from` and a quote comes after it; -1 otherwise. */
  endOf(number: number, bytes: Uint8Array, from: number): number {
    const word = this.#words[number] as Uint8Array;
    const { length } = word;
    if (bytes[from + length] !== QUOTE) return NOT_PLAIN;
    for (let i = 0; i < length; i++) if (word[i] !== bytes[from + i]) return NOT_PLAIN;
    return from + length;
  }

  find(bytes: Uint8Array, from: number, to: number): number {
    const slot = slotOf(bytes[from] as number, bytes[to - 1] as number, to - from);
    const number = this.#number[slot] as number;
    if (number === UNKNOWN) return UNKNOWN;
    const word = this.#words[number] as Uint8Array;
    if (word.length !== to - from) return UNKNOWN;
    for (let i = 0; i < word.length; i++) if (word[i] !== bytes[from + i]) return UNKNOWN;
    return number;
  }
}

const fieldNames = new WordTable(Object.keys(FIELD));
const TYPES = [
  'sale',
  'shelf',
  'receipt',
  'record',
  'count',
  'pick',
  'seen',
  'return',
  'waste',
  'transfer',
] as const;
const typeNames = new WordTable(TYPES);
const codes = TYPES.map((type) => codeOf[type]);

export class PlainLine {
  bytes: Uint8Array = new Uint8Array(0);
  /** Milliseconds since 1970. */
  t = 0;
  code = 0;
  x = 0;
  y = 0;
  /** Where a field's text lies in `bytes`; it begins at 0 where there is none. */
  readonly from = new Int32Array(FIELDS);
  readonly to = new Int32Array(FIELDS);
  /** NaN where absent. */
  readonly #value = new Float64Array(FIELDS);
  readonly #day = new KnownDay();
  /** The field that came after each field the last time: lines of a file are alike. */
  readonly #after = new Int8Array(FIELDS + 2).fill(UNKNOWN);

  /** Where a field lies: the delivery marks and the SKU. */
  static readonly field = FIELD;

  /** The line within its ticket; NaN without one. */
  get line(): number {
    return this.#value[FIELD.line] as number;
  }

  /**
   * Reads the line that begins at `start`; returns where the next one begins, or -1 where this one is not plain or not
   * whole. A line ends with a newline, or with the bytes.
   */
  read(bytes: Uint8Array, start: number): number {
    const end = bytes.length;
    this.bytes = bytes;
    this.from.fill(0);
    this.#value.fill(Number.NaN);
    this.#value[FIELD.sellable] = 1;
    this.t = Number.NaN;
    this.code = NOT_PLAIN;
    if (bytes[start] !== OPEN) return NOT_PLAIN;
    const expected = this.#after;
    let at = afterSpace(bytes, start + 1);
    let before = FIELDS;
    for (;;) {
      if (bytes[at] !== QUOTE) return NOT_PLAIN;
      const nameFrom = at + 1;
      let field = expected[before] as number;
      at = field === UNKNOWN ? NOT_PLAIN : fieldNames.endOf(field, bytes, nameFrom);
      if (at < 0) {
        at = endOfText(bytes, nameFrom);
        if (at < 0) return NOT_PLAIN;
        field = fieldNames.find(bytes, nameFrom, at);
        expected[before] = field;
      }
      before = field === UNKNOWN ? FIELDS + 1 : field;
      at = afterSpace(bytes, at + 1);
      if (bytes[at] !== COLON) return NOT_PLAIN;
      at = afterSpace(bytes, at + 1);
      at = bytes[at] === QUOTE ? this.#takeText(field, at + 1) : this.#takeValue(field, at);
      if (at < 0) return NOT_PLAIN;
      at = afterSpace(bytes, at);
      const next = bytes[at++];
      if (next === COMMA) at = afterSpace(bytes, at);
      else if (next === CLOSE) break;
      else return NOT_PLAIN;
    }
    if (bytes[at] === RETURN) at++;
    if (at < end && bytes[at++] !== NEWLINE) return NOT_PLAIN;
    return this.#isComplete() ? at : NOT_PLAIN;
  }

  /** Returns where the value ends, or -1. */
  #takeText(field: number, from: number): number {
    const { bytes } = this;
    const to = endOfText(bytes, from);
    if (to < 0 || to - from > MAX_TEXT || field >= FIRST_NUMBER) return NOT_PLAIN;
    if (field === FIELD.type) {
      const type = typeNames.find(bytes, from, to);
      if (type < 0) return NOT_PLAIN;
      this.code = codes[type] as number;
    } else if (field === FIELD.t) {
      if (to - from !== 24) return NOT_PLAIN;
      this.t = this.#day.msAt(bytes, from);
    } else if (field !== UNKNOWN) {
      this.from[field] = from;
      this.to[field] = to;
    }
    return to + 1;
  }

  #takeValue(field: number, from: number): number {
    const { bytes } = this;
    const first = bytes[from] as number;
    if (first !== MINUS && !(first >= ZERO && first < COLON)) return this.#takeWord(field, from);
    // Text, or true or false, is what this field has to be.
    if (field !== UNKNOWN && (field < FIRST_NUMBER || field === FIELD.sellable)) return NOT_PLAIN;
    let at = first === MINUS ? from + 1 : from;
    const firstDigit = at;
    let digits = 0;
    while (isDigit(bytes[at])) digits = digits * 10 + (bytes[at++] as number) - ZERO;
    const whole = at - firstDigit;
    if (whole === 0 || (whole > 1 && bytes[firstDigit] === ZERO)) return NOT_PLAIN;
    let decimals = 0;
    let scale = 1;
    if (bytes[at] === POINT) {
      for (at++; isDigit(bytes[at]); decimals++) {
        digits = digits * 10 + (bytes[at++] as number) - ZERO;
        scale *= 10;
      }
      if (decimals === 0) return NOT_PLAIN;
    }
    if (!endsValue(bytes[at])) return NOT_PLAIN;
    if (field === UNKNOWN) return at;
    // Both stay whole and below 2^53, so that their quotient is what the text says, correctly rounded.
    if (whole > 6 || decimals > 9) return NOT_PLAIN;
    const value = first === MINUS ? -digits / scale : digits / scale;
    if (value > MAX_QTY || value < -MAX_QTY) return NOT_PLAIN;
    if (field === FIELD.line && (scale !== 1 || value < 0)) return NOT_PLAIN;
    this.#value[field] = value;
    return at;
  }

  /** true, false and null. */
  #takeWord(field: number, from: number): number {
    const { bytes } = this;
    let to = from;
    while (to - from < 6 && !endsValue(bytes[to])) to++;
    const word = constants.find(bytes, from, to);
    if (word < 0) return NOT_PLAIN;
    if (field === UNKNOWN) return to;
    if (field !== FIELD.sellable || word === NULL) return NOT_PLAIN;
    this.#value[field] = word;
    return to;
  }

  /** Whether all is there that its type needs; sets what the belief folds. */
  #isComplete(): boolean {
    const value = this.#value;
    if (Number.isNaN(this.t) || (this.to[FIELD.sku] as number) <= (this.from[FIELD.sku] as number))
      return false;
    if (this.from[FIELD.sku] === 0) return false;
    const qty = value[FIELD.qty] as number;
    this.x = qty;
    this.y = 0;
    switch (this.code) {
      case codeOf.sale:
      case codeOf.record:
      case codeOf.transfer:
        return !Number.isNaN(qty);
      case codeOf.count:
      case codeOf.waste:
        return qty >= 0;
      case codeOf.return:
        this.y = value[FIELD.sellable] as number;
        return qty >= 0;
      case codeOf.receipt:
        if (Number.isNaN(qty)) this.x = UNKNOWN_QTY;
        return !(qty < 0);
      case codeOf.shelf:
        this.x = value[FIELD.facings] as number;
        this.y = value[FIELD.capacity] as number;
        return this.x >= 0 && this.y >= 0;
      case codeOf.pick:
        this.x = value[FIELD.requested] as number;
        this.y = value[FIELD.found] as number;
        return this.x >= 0 && this.y >= 0;
      case codeOf.seen:
        this.x = 0;
        return true;
      default:
        return false;
    }
  }
}

/** In the order of their numbers as a value of `sellable`. */
const constants = new WordTable(['false', 'true', 'null']);
const NULL = 2;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= ZERO && byte < COLON;
const endsValue = (byte: number | undefined): boolean =>
  byte === COMMA || byte === CLOSE || byte === SPACE || byte === TAB;

function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SPACE || bytes[at] === TAB) at++;
  return at;
}

/** Where the closing quote is; -1 where the text is not plain ASCII. */
function endOfText(bytes: Uint8Array, from: number): number {
  for (let at = from; ; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at;
    if (byte === undefined || byte === BACKSLASH || byte < SPACE || byte > 126) return NOT_PLAIN;
  }
}

/** `YYYY-MM-DDTHH:MM:SS.mmmZ` to milliseconds since 1970; lines of the same day share the work. */
class KnownDay {
  readonly #bytes = new Uint8Array(11);
  #ms = Number.NaN;

  /** NaN where the 24 bytes from `at` on name no instant. */
  msAt(bytes: Uint8Array, at: number): number {
    const day = this.#bytes;
    for (let i = 0; i < 11; i++) if (bytes[at + i] !== day[i]) return this.#ofNewDay(bytes, at);
    return this.#ms + timeAt(bytes, at + 11);
  }

  #ofNewDay(bytes: Uint8Array, at: number): number {
    const day = String.fromCharCode(...bytes.subarray(at, at + 11));
    if (!DAY.test(day)) return Number.NaN;
    const ms = Date.parse(`${day}00:00:00.000Z`);
    if (Number.isNaN(ms)) return Number.NaN;
    this.#bytes.set(bytes.subarray(at, at + 11));
    this.#ms = ms;
    return ms + timeAt(bytes, at + 11);
  }
}
const DAY = /^\d{4}-\d{2}-\d{2}T$/;
const ZULU = 90;

/** Two digits, or a number that fails every comparison below. */
function two(bytes: Uint8Array, at: number): number {
  const tens = (bytes[at] as number) - ZERO;
  const ones = (bytes[at + 1] as number) - ZERO;
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : 1000;
}

/** `HH:MM:SS.mmmZ` in milliseconds, or NaN. */
function timeAt(bytes: Uint8Array, at: number): number {
  const hours = two(bytes, at);
  const minutes = two(bytes, at + 3);
  const seconds = two(bytes, at + 6);
  const tens = two(bytes, at + 9);
  const millis = (bytes[at + 11] as number) - ZERO;
  const isTime =
    hours < 24 &&
    minutes < 60 &&
    seconds < 60 &&
    tens < 100 &&
    millis >= 0 &&
    millis < 10 &&
    bytes[at + 2] === COLON &&
    bytes[at + 5] === COLON &&
    bytes[at + 8] === POINT &&
    bytes[at + 12] === ZULU;
  return isTime ? ((hours * 60 + minutes) * 60 + seconds) * 1000 + tens * 10 + millis : Number.NaN;
}
