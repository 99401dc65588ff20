/**
 * Bytes to lines, with a bound: a line that grows past `maxBytes` is reported once, at that moment, and its
 * remaining bytes are thrown away up to the next terminator. CR LF counts as one terminator.
 */
const CR = 0x0d;
const LF = 0x0a;

export type Split =
  | { readonly kind: 'line'; readonly bytes: Uint8Array }
  | { readonly kind: 'overlong'; readonly bytes: Uint8Array };

export interface LineSplitterOptions {
  readonly maxBytes: number;
  readonly terminators?: readonly number[];
}

export class LineSplitter {
  readonly #buffer: Uint8Array;
  readonly #terminators: ReadonlySet<number>;
  #length = 0;
  #discarding = false;
  #afterCr = false;

  constructor({ maxBytes, terminators = [CR, LF] }: LineSplitterOptions) {
    this.#buffer = new Uint8Array(maxBytes);
    this.#terminators = new Set(terminators);
  }

  /** Bytes of the unfinished line. */
  get pendingBytes(): number {
    return this.#length;
  }

  push(bytes: Uint8Array): Split[] {
    const out: Split[] = [];
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (!this.#terminators.has(byte)) {
        this.#afterCr = false;
        continue;
      }
      const secondHalf = byte === LF && this.#afterCr;
      if (!secondHalf) {
        this.#append(bytes.subarray(from, at), out);
        if (this.#discarding) this.#discarding = false;
        else out.push({ kind: 'line', bytes: this.#buffer.slice(0, this.#length) });
        this.#length = 0;
      }
      this.#afterCr = byte === CR;
      from = at + 1;
    }
    this.#append(bytes.subarray(from), out);
    return out;
  }

  /** The unfinished line, which is then forgotten; undefined when there is none. */
  take(): Uint8Array | undefined {
    const rest = this.#length > 0 ? this.#buffer.slice(0, this.#length) : undefined;
    this.#length = 0;
    this.#discarding = false;
    this.#afterCr = false;
    return rest;
  }

  #append(part: Uint8Array, out: Split[]): void {
    if (this.#discarding || part.length === 0) return;
    const room = this.#buffer.length - this.#length;
    this.#buffer.set(part.length > room ? part.subarray(0, room) : part, this.#length);
    this.#length += Math.min(part.length, room);
    if (part.length <= room) return;
    out.push({ kind: 'overlong', bytes: this.#buffer.slice() });
    this.#length = 0;
    this.#discarding = true;
  }
}
