/**
 * Cuts one large JSON object into its parts while it is read: each element of a top-level array, and each other
 * top-level value, as text. Only the structure is looked at; the parts are `JSON.parse`'s to judge. Memory: one part.
 */
const code = {
  quote: 34,
  comma: 44,
  colon: 58,
  open: 91,
  escape: 92,
  close: 93,
  openBrace: 123,
  closeBrace: 125,
};
const isSpace = (byte: number): boolean => byte === 32 || byte === 10 || byte === 13 || byte === 9;
/** Of a UTF-8 byte-order mark. */
const MARK = [0xef, 0xbb, 0xbf];

/** Where the reader stands: what may come next. */
type Place = 'start' | 'key' | 'in-key' | 'colon' | 'value' | 'element' | 'in-part' | 'after' | 'end';

export interface JsonPart {
  readonly key: string;
  /** Of an array's element. */
  readonly index?: number;
  readonly text: string;
}

/** Both may throw. */
export interface SplitterListener {
  /** A top-level key, before its parts. */
  readonly onKey: (key: string) => void;
  readonly onPart: (part: JsonPart) => void;
}

export class JsonSplitter {
  #place: Place = 'start';
  #key = '';
  /** Undefined outside a top-level array. */
  #index: number | undefined;
  #pieces: Buffer[] = [];
  #depth = 0;
  #isInString = false;
  #isEscaped = false;
  #bytes = 0;
  /** Whether the part is a list or an object. */
  #hadDepth = false;
  readonly #listener: SplitterListener;

  constructor(listener: SplitterListener) {
    this.#listener = listener;
  }

  /** @throws SyntaxError where the bytes cannot be one JSON object */
  write(chunk: Buffer): void {
    let from = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (this.#place === 'in-part' || this.#place === 'in-key') {
        if (!this.#endsPart(byte)) continue;
        // A closing quote or bracket is part of the part; what ends a number is not.
        const isInside = byte === code.quote || this.#place === 'in-key' || this.#hadDepth;
        this.#pieces.push(chunk.subarray(from, isInside ? at + 1 : at));
        this.#flush();
        if (isInside) continue;
      }
      if (isSpace(byte)) continue;
      if (this.#starts(byte, this.#bytes + at)) from = at;
    }
    if (this.#place === 'in-part' || this.#place === 'in-key')
      this.#pieces.push(Buffer.from(chunk.subarray(from)));
    this.#bytes += chunk.length;
  }

  end(): void {
    if (this.#place !== 'end') throw new SyntaxError(`it ends early, after ${this.#bytes} bytes`);
  }

  /** Follows strings and brackets inside a part; true at its last byte, or right after it for numbers and names. */
  #endsPart(byte: number): boolean {
    if (this.#isInString) {
      if (this.#isEscaped) this.#isEscaped = false;
      else if (byte === code.escape) this.#isEscaped = true;
      else if (byte === code.quote) {
        this.#isInString = false;
        return this.#depth === 0;
      }
      return false;
    }
    if (byte === code.quote) this.#isInString = true;
    else if (byte === code.open || byte === code.openBrace) {
      this.#depth += 1;
      this.#hadDepth = true;
    } else if (byte === code.close || byte === code.closeBrace) {
      if (this.#depth === 0) return true;
      this.#depth -= 1;
      return this.#depth === 0;
    } else if (this.#depth === 0) return byte === code.comma || isSpace(byte);
    return false;
  }

  #flush(): void {
    const text = (
      this.#pieces.length === 1 ? (this.#pieces[0] as Buffer) : Buffer.concat(this.#pieces)
    ).toString();
    this.#pieces = [];
    this.#hadDepth = false;
    if (this.#place === 'in-key') {
      this.#key = JSON.parse(text) as string;
      this.#place = 'colon';
      this.#listener.onKey(this.#key);
      return;
    }
    this.#place = 'after';
    const index = this.#index;
    this.#listener.onPart({ key: this.#key, text, ...(index === undefined ? {} : { index }) });
  }

  /** Between parts. @returns whether a part begins here */
  #starts(byte: number, at: number): boolean {
    const fail = (): never => {
      throw new SyntaxError(`unexpected "${String.fromCharCode(byte)}" at byte ${at}`);
    };
    switch (this.#place) {
      case 'start':
        if (at < 3 && byte === MARK[at]) return false;
        if (byte !== code.openBrace) fail();
        this.#place = 'key';
        return false;
      case 'key':
        if (byte === code.closeBrace) this.#place = 'end';
        else if (byte === code.quote) {
          this.#place = 'in-key';
          this.#isInString = true;
          return true;
        } else fail();
        return false;
      case 'colon':
        if (byte !== code.colon) fail();
        this.#place = 'value';
        return false;
      case 'value':
        this.#index = undefined;
        if (byte === code.open) {
          this.#index = 0;
          this.#place = 'element';
          return false;
        }
        return this.#enter(byte, fail);
      case 'element':
        if (byte === code.close) {
          this.#index = undefined;
          this.#place = 'after';
          return false;
        }
        return this.#enter(byte, fail);
      case 'after':
        if (byte === code.comma && this.#index === undefined) this.#place = 'key';
        else if (byte === code.comma) {
          this.#index = (this.#index ?? 0) + 1;
          this.#place = 'element';
        } else if (byte === code.close && this.#index !== undefined) this.#index = undefined;
        else if (byte === code.closeBrace && this.#index === undefined) this.#place = 'end';
        else fail();
        return false;
      case 'in-key':
      case 'in-part':
      case 'end':
        return fail();
      default:
        return this.#place satisfies never;
    }
  }

  #enter(byte: number, fail: () => never): boolean {
    if (byte === code.comma || byte === code.colon || byte === code.close || byte === code.closeBrace) fail();
    this.#place = 'in-part';
    this.#isInString = byte === code.quote;
    this.#depth = byte === code.open || byte === code.openBrace ? 1 : 0;
    this.#hadDepth = this.#depth === 1;
    return true;
  }
}
