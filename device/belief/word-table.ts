/** A few known words, found and compared as bytes. */
const QUOTE = 34;
const SLOTS = 64;
export const UNKNOWN = -1;

/** Words by their first and last byte and length; each is still compared in full. */
const slotOf = (first: number, last: number, length: number): number =>
  (first + last + length * 9) & (SLOTS - 1);

export class WordTable {
  readonly #number = new Int8Array(SLOTS).fill(UNKNOWN);
  readonly #words: readonly Uint8Array[];

  /** Words in ASCII; their numbers are their places in the list. */
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
    for (let i = 0; i < length; i++) if (word[i] !== bytes[from + i]) return UNKNOWN;
    return bytes[from + length] === QUOTE ? from + length : UNKNOWN;
  }

  /** The number of the word between two places; `UNKNOWN` where it is none of these. */
  find(bytes: Uint8Array, from: number, to: number): number {
    if (to === from) return UNKNOWN;
    const slot = slotOf(bytes[from] as number, bytes[to - 1] as number, to - from);
    const number = this.#number[slot] as number;
    if (number === UNKNOWN) return UNKNOWN;
    const word = this.#words[number] as Uint8Array;
    if (word.length !== to - from) return UNKNOWN;
    for (let i = 0; i < word.length; i++) if (word[i] !== bytes[from + i]) return UNKNOWN;
    return number;
  }
}
