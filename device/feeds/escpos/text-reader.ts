/**
 * Printed bytes to lines of text, in the code page in force.
 *
 * A carriage return without a line feed goes back to the start of the line: what is printed over it fills its
 * blanks (two-colour printers print a line in two passes) or repeats it (bold by double printing). Where the
 * two disagree they are two lines. A jump to a column becomes a tab. Lines are bounded.
 *
 * Tills that select no code table often send UTF-8 (their printers' setting); so text before any selection that is
 * valid UTF-8 is read as such. Text of code page 437 that happens to be valid UTF-8 would be a box-drawing sign
 * followed by an accented letter.
 */
import iconv from 'iconv-lite';
import type { Effect } from './command-table.ts';
import { internationalSet, KATAKANA, katakanaUpperHalf } from './code-tables.ts';

const MAX_LINE = 1024;
const UNDECODABLE = '\ufffd';

export interface TextReaderOptions {
  readonly codeTables: Readonly<Record<number, string>>;
  /** Encoding before any ESC t, by number. */
  readonly codeTable: number;
  /** Encoding of double-byte text; without it FS & means GB 18030 and FS C 1 means Shift JIS. */
  readonly multiByte?: string;
}

export interface TextLine {
  readonly text: string;
  readonly undecodable: number;
}

export class TextReader {
  readonly #options: TextReaderOptions;
  readonly #run = new Uint8Array(MAX_LINE);
  #runLength = 0;
  #line = '';
  #under = '';
  #tooLong = false;
  #undecodable = 0;
  #table: number;
  #isTableChosen = false;
  #international: ReadonlyMap<string, string> = new Map();
  #double: string | undefined;
  #system = 0;
  #utf8 = false;
  readonly #emit: (line: TextLine) => void;
  readonly #drop: (isFirst: boolean) => void;

  /** @param drop called for each byte beyond the longest line, `isFirst` once a line */
  constructor(options: TextReaderOptions, emit: (line: TextLine) => void, drop: (isFirst: boolean) => void) {
    this.#options = options;
    this.#table = options.codeTable;
    this.#emit = emit;
    this.#drop = drop;
    if (options.multiByte && options.multiByte !== 'jis') this.#double = options.multiByte;
  }

  text(byte: number): void {
    if (this.#line.length + this.#runLength >= MAX_LINE) {
      this.#drop(!this.#tooLong);
      this.#tooLong = true;
    } else this.#run[this.#runLength++] = byte;
  }

  apply({ effect, value }: Effect): void {
    if (effect === 'column') {
      this.#column();
      return;
    }
    this.#decodeRun();
    switch (effect) {
      case 'feed':
        this.flush();
        return;
      case 'carriage-return':
        this.#settle();
        return;
      case 'initialize':
        this.flush();
        this.#table = this.#options.codeTable;
        this.#isTableChosen = false;
        this.#international = new Map();
        this.#double = this.#options.multiByte === 'jis' ? undefined : this.#options.multiByte;
        this.#utf8 = false;
        return;
      case 'code-table':
        this.#table = value;
        this.#isTableChosen = true;
        return;
      case 'international':
        this.#international = internationalSet(value);
        return;
      case 'multibyte-on':
        this.#double =
          this.#options.multiByte ?? (value === 1 || this.#system === 1 ? 'shift_jis' : 'gb18030');
        return;
      case 'multibyte-off':
        if (this.#system === 0) this.#double = undefined;
        return;
      case 'multibyte-system':
        this.#system = value & 0x0f;
        this.#double = this.#system === 0 ? undefined : 'shift_jis';
        return;
      case 'utf8-on':
      case 'utf8-off':
        this.#utf8 = effect === 'utf8-on';
        return;
      default:
        effect satisfies never;
    }
  }

  /** Ends the line; blank lines are not lines. */
  flush(): void {
    this.#decodeRun();
    this.#settle();
    const text = this.#under.trimEnd();
    if (text.trim() !== '') this.#emit({ text, undecodable: this.#undecodable });
    this.#under = '';
    this.#tooLong = false;
    this.#undecodable = 0;
  }

  #column(): void {
    this.#decodeRun();
    if (this.#line !== '' && !/\s$/.test(this.#line)) this.#line += '\t';
  }

  /** Lays the current pass over what the line already holds. */
  #settle(): void {
    const over = this.#line;
    this.#line = '';
    if (over.trim() === '') return;
    const merged = overprint(this.#under, over);
    if (merged === undefined) {
      this.#emit({ text: this.#under.trimEnd(), undecodable: 0 });
      this.#under = over;
    } else this.#under = merged;
  }

  #decodeRun(): void {
    if (this.#runLength === 0) return;
    const bytes = this.#run.slice(0, this.#runLength);
    this.#runLength = 0;
    const text = this.#decode(bytes);
    for (const char of text) if (char === UNDECODABLE) this.#undecodable++;
    this.#line += this.#international.size > 0 ? this.#substitute(text) : text;
  }

  #decode(bytes: Uint8Array): string {
    if (this.#utf8) return iconv.decode(bytes, 'utf8');
    if (this.#double === 'jis')
      return iconv.decode(
        bytes.map((byte) => byte | 0x80),
        'euc-jp',
      );
    if (this.#double) return iconv.decode(bytes, this.#double);
    if (!this.#isTableChosen && this.#options.codeTable === 0) {
      const text = asUtf8(bytes);
      if (text !== undefined) return text;
    }
    const name = this.#options.codeTables[this.#table];
    if (name === KATAKANA || name === undefined) {
      const upper = name ? katakanaUpperHalf : [];
      return Array.from(bytes, (byte) => char(byte, upper)).join('');
    }
    return iconv.decode(bytes, name);
  }

  #substitute(text: string): string {
    return Array.from(text, (char) => this.#international.get(char) ?? char).join('');
  }
}

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function asUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strictUtf8.decode(bytes);
  } catch {
    return undefined;
  }
}

const char = (byte: number, upper: readonly string[]): string =>
  byte < 0x80 ? String.fromCharCode(byte) : (upper[byte - 0x80] ?? UNDECODABLE);

/** The two passes as one line, or undefined where they put different characters in the same place. */
function overprint(under: string, over: string): string | undefined {
  let merged = '';
  for (let at = 0; at < Math.max(under.length, over.length); at++) {
    const a = under[at] ?? ' ';
    const b = over[at] ?? ' ';
    if (a !== ' ' && b !== ' ' && a !== b) return undefined;
    merged += b === ' ' ? a : b;
  }
  return merged;
}
