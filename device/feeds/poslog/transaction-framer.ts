/**
 * Cuts a stream of POSLog XML into its Transaction elements, so that one broken transaction costs only itself and
 * no document has to fit into memory. Document type declarations lie outside and are never looked at, so there
 * are no entities to expand. Holds at most one transaction.
 */
const START = /<((?:[\w.-]{1,40}:)?Transaction)(?=[\s>])/g;
const MAX_START = 64;
const MAX_TRANSACTION_CHARS = 4 * 1024 * 1024;

export type Frame =
  | { readonly kind: 'transaction'; readonly xml: string }
  /** The document's root was closed. */
  | { readonly kind: 'document-end' }
  | { readonly kind: 'broken'; readonly reason: string; readonly head: string };

export class TransactionFramer {
  readonly #utf8 = new TextDecoder('utf-8');
  #buffer = '';
  #endTag: RegExp | undefined;
  #searched = 0;
  #inTag = false;
  /** Characters outside of transactions that are neither markup nor white space. */
  strayChars = 0;

  push(bytes: Uint8Array): Frame[] {
    this.#buffer += this.#utf8.decode(bytes, { stream: true });
    return this.#cut();
  }

  end(): Frame[] {
    this.#buffer += this.#utf8.decode();
    const frames = this.#cut();
    if (this.#endTag) frames.push(this.#broken('transaction is cut short'));
    else this.#pass(this.#buffer.length);
    this.#buffer = '';
    this.#endTag = undefined;
    this.#searched = 0;
    this.#inTag = false;
    return frames;
  }

  #cut(): Frame[] {
    const frames: Frame[] = [];
    while (this.#endTag ? this.#cutEnd(this.#endTag, frames) : this.#cutStart(frames));
    return frames;
  }

  /** Outside: look for the next start tag; all but the last few characters before it can go. */
  #cutStart(frames: Frame[]): boolean {
    START.lastIndex = 0;
    const match = START.exec(this.#buffer);
    const rootEnd = /<\/(?:[\w.-]{1,40}:)?POSLog\s{0,20}>/.exec(this.#buffer);
    if (rootEnd && (!match || rootEnd.index < match.index)) {
      this.#pass(rootEnd.index + rootEnd[0].length);
      frames.push({ kind: 'document-end' });
      return true;
    }
    if (!match) {
      this.#pass(Math.max(0, this.#buffer.length - MAX_START));
      return false;
    }
    this.#pass(match.index);
    this.#endTag = new RegExp(`</${(match[1] ?? '').replaceAll('.', '\\.')}\\s{0,20}>`, 'g');
    this.#searched = 0;
    return true;
  }

  #cutEnd(endTag: RegExp, frames: Frame[]): boolean {
    endTag.lastIndex = this.#searched;
    const match = endTag.exec(this.#buffer);
    const length = match ? match.index + match[0].length : this.#buffer.length;
    if (length > MAX_TRANSACTION_CHARS) {
      frames.push(this.#broken(`transaction is longer than ${MAX_TRANSACTION_CHARS} characters`));
      this.#buffer = this.#buffer.slice(MAX_TRANSACTION_CHARS);
    } else if (match) {
      frames.push({ kind: 'transaction', xml: this.#buffer.slice(0, length) });
      this.#buffer = this.#buffer.slice(length);
    } else {
      this.#searched = Math.max(0, this.#buffer.length - MAX_START);
      return false;
    }
    this.#endTag = undefined;
    return true;
  }

  #broken(reason: string): Frame {
    return { kind: 'broken', reason, head: this.#buffer.slice(0, 200) };
  }

  /** Drops the first `length` characters, counting what should not be there. */
  #pass(length: number): void {
    for (let at = 0; at < length; at++) {
      const char = this.#buffer[at] as string;
      if (char === '<') this.#inTag = true;
      else if (char === '>') this.#inTag = false;
      else if (!this.#inTag && !/[\s\ufeff]/.test(char)) this.strayChars++;
    }
    this.#buffer = this.#buffer.slice(length);
  }
}
