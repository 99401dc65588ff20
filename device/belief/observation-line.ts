/**
 * Reads the plain form of an observation line from its bytes, without a string or an object: flat, no escapes, known
 * types, names and delivery marks in ASCII. Whatever is in any way unusual is left to the schema's parser, which also
 * finds the words for what is wrong; so this reader may give up at any point, and must never accept what the schema
 * refuses.
 */
import { InstantBytes } from './instant-bytes.ts';
import { codeOf, isStoreCode, UNKNOWN_QTY } from './observation-code.ts';
import { UNKNOWN, WordTable } from './word-table.ts';

const MAX_QTY = 100_000;
/** Of text that the schema bounds; the schema allows more of some. */
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

/** Fields that mean something to the belief; text that only has to be text; numbers and truths. */
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
const FIRST_LOOSE_TEXT = FIELD.by;
const FIRST_NUMBER = FIELD.line;
const NOT_PLAIN = -1;
/** Places in the row of fields that were seen to follow each other, one row per type. */
const AT_START = FIELDS;
const AFTER_UNKNOWN = FIELDS + 1;
const ROW = 32;

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
  'open',
  'close',
  'checkpoint',
] as const;
const typeNames = new WordTable(TYPES);
const codes = TYPES.map((type) => codeOf[type]);
/** In the order of their numbers as a value of `sellable`. */
const constants = new WordTable(['false', 'true', 'null']);
const NULL = 2;

export class PlainLine {
  bytes: Uint8Array = new Uint8Array(0);
  /** Milliseconds since 1970. */
  t = 0;
  code = 0;
  x = 0;
  y = 0;
  /** Where the text of a field that `has` says is there lies in `bytes`. */
  readonly from = new Int32Array(FIELDS);
  readonly to = new Int32Array(FIELDS);
  /** The fields of the line at hand, as bits. */
  #held = 0;
  readonly #value = new Float64Array(FIELDS);
  readonly #instant = new InstantBytes();
  /** The field that came after each field the last time: lines of a type are alike. */
  readonly #after = new Int8Array(ROW * (Math.max(...codes) + 2)).fill(UNKNOWN);

  /** Where a field lies: the delivery marks and the SKU. */
  static readonly field = FIELD;

  has(field: number): boolean {
    return ((this.#held >>> field) & 1) === 1;
  }

  /** The line within its ticket; NaN without one. */
  get line(): number {
    return this.#numberOf(FIELD.line);
  }

  /**
   * Reads the line that begins at `start`; returns where the next one begins, or -1 where this one is not plain. A
   * newline must follow it, if only behind the last byte that counts: reading stops there at the latest.
   */
  read(bytes: Uint8Array, start: number): number {
    this.bytes = bytes;
    this.#held = 0;
    this.t = Number.NaN;
    this.code = NOT_PLAIN;
    if (bytes[start] !== OPEN) return NOT_PLAIN;
    const after = this.#after;
    let at = afterSpace(bytes, start + 1);
    let before: number = AT_START;
    for (;;) {
      if (bytes[at] !== QUOTE) return NOT_PLAIN;
      const nameFrom = at + 1;
      const place = (this.code + 1) * ROW + before;
      let field = after[place] as number;
      at = field === UNKNOWN ? NOT_PLAIN : fieldNames.endOf(field, bytes, nameFrom);
      if (at < 0) {
        at = endOfLetters(bytes, nameFrom);
        if (bytes[at] !== QUOTE) return NOT_PLAIN;
        field = fieldNames.find(bytes, nameFrom, at);
        after[place] = field;
      }
      before = field === UNKNOWN ? AFTER_UNKNOWN : field;
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
    at = afterSpace(bytes, at);
    if (bytes[at] === RETURN) at++;
    return bytes[at] === NEWLINE && this.#isComplete() ? at + 1 : NOT_PLAIN;
  }

  /** Returns where the value ends, or -1. */
  #takeText(field: number, from: number): number {
    const { bytes } = this;
    let to = endOfLetters(bytes, from);
    if (bytes[to] !== QUOTE) {
      // The SKU and what marks a delivery is compared as bytes.
      if (field !== UNKNOWN && field < FIRST_LOOSE_TEXT) return NOT_PLAIN;
      to = endOfText(bytes, to);
      if (bytes[to] !== QUOTE) return NOT_PLAIN;
    }
    if (field === UNKNOWN) return to + 1;
    if (to - from > MAX_TEXT || field >= FIRST_NUMBER) return NOT_PLAIN;
    if (field === FIELD.type) {
      const type = typeNames.find(bytes, from, to);
      if (type === UNKNOWN) return NOT_PLAIN;
      this.code = codes[type] as number;
    } else if (field === FIELD.t) {
      if (to - from !== 24) return NOT_PLAIN;
      this.t = this.#instant.msAt(bytes, from);
    } else {
      this.#held |= 1 << field;
      this.from[field] = from;
      this.to[field] = to;
    }
    return to + 1;
  }

  #takeValue(field: number, from: number): number {
    const { bytes } = this;
    const first = bytes[from] as number;
    if (first !== MINUS && !isDigit(first)) return this.#takeWord(field, from);
    // Text, or true or false, is what this field has to be.
    if (field !== UNKNOWN && (field < FIRST_NUMBER || field === FIELD.sellable)) return NOT_PLAIN;
    let at = first === MINUS ? from + 1 : from;
    const firstDigit = at;
    let digits = 0;
    while (isDigit(bytes[at] as number)) digits = digits * 10 + (bytes[at++] as number) - ZERO;
    const whole = at - firstDigit;
    if (whole === 0 || (whole > 1 && bytes[firstDigit] === ZERO)) return NOT_PLAIN;
    let decimals = 0;
    let scale = 1;
    if (bytes[at] === POINT) {
      for (at++; isDigit(bytes[at] as number); decimals++) {
        digits = digits * 10 + (bytes[at++] as number) - ZERO;
        scale *= 10;
      }
      if (decimals === 0) return NOT_PLAIN;
    }
    if (!endsValue(bytes[at] as number)) return NOT_PLAIN;
    if (field === UNKNOWN) return at;
    // Both stay whole and below 2^53, so that their quotient is what the text says, correctly rounded.
    if (whole > 6 || decimals > 9) return NOT_PLAIN;
    const value = first === MINUS ? -digits / scale : digits / scale;
    if (value > MAX_QTY || value < -MAX_QTY) return NOT_PLAIN;
    if (field === FIELD.line && (scale !== 1 || value < 0)) return NOT_PLAIN;
    this.#keep(field, value);
    return at;
  }

  /** true, false and null. */
  #takeWord(field: number, from: number): number {
    const { bytes } = this;
    let to = from;
    while (to - from < 6 && !endsValue(bytes[to] as number)) to++;
    const word = constants.find(bytes, from, to);
    if (word === UNKNOWN) return NOT_PLAIN;
    if (field === UNKNOWN) return to;
    if (field !== FIELD.sellable || word === NULL) return NOT_PLAIN;
    this.#keep(field, word);
    return to;
  }

  #keep(field: number, value: number): void {
    this.#held |= 1 << field;
    this.#value[field] = value;
  }

  /** NaN where the field is not there. */
  #numberOf(field: number): number {
    return this.has(field) ? (this.#value[field] as number) : Number.NaN;
  }

  /** Whether all is there that its type needs; sets what the belief folds. */
  #isComplete(): boolean {
    if (Number.isNaN(this.t)) return false;
    if (isStoreCode(this.code)) return true;
    if (!this.has(FIELD.sku) || this.to[FIELD.sku] === this.from[FIELD.sku]) return false;
    const qty = this.#numberOf(FIELD.qty);
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
        this.y = this.has(FIELD.sellable) ? this.#numberOf(FIELD.sellable) : 1;
        return qty >= 0;
      case codeOf.receipt:
        if (Number.isNaN(qty)) this.x = UNKNOWN_QTY;
        return !(qty < 0);
      case codeOf.shelf:
        this.x = this.#numberOf(FIELD.facings);
        this.y = this.#numberOf(FIELD.capacity);
        return this.x >= 0 && this.y >= 0;
      case codeOf.pick:
        this.x = this.#numberOf(FIELD.requested);
        this.y = this.#numberOf(FIELD.found);
        return this.x >= 0 && this.y >= 0;
      case codeOf.seen:
        this.x = 0;
        return true;
      default:
        return false;
    }
  }
}

const isDigit = (byte: number): boolean => byte >= ZERO && byte < COLON;
const endsValue = (byte: number): boolean =>
  byte === COMMA || byte === CLOSE || byte === SPACE || byte === TAB;

function afterSpace(bytes: Uint8Array, from: number): number {
  let at = from;
  while (bytes[at] === SPACE || bytes[at] === TAB) at++;
  return at;
}

/** What a byte is in text: 0 for a letter of ASCII, 1 for a part of another, 2 where text ends, is escaped or broken. */
const IN_TEXT = Uint8Array.from({ length: 256 }, (_, byte) =>
  byte < SPACE || byte === QUOTE || byte === BACKSLASH ? 2 : byte > 126 ? 1 : 0,
);

function endOfLetters(bytes: Uint8Array, from: number): number {
  let at = from;
  while (IN_TEXT[bytes[at] as number] === 0) at++;
  return at;
}

function endOfText(bytes: Uint8Array, from: number): number {
  let at = from;
  while ((IN_TEXT[bytes[at] as number] as number) < 2) at++;
  return at;
}
