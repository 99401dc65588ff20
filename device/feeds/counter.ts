/** Counts by a code, with a bound on how many codes there can be (device input may choose them). */
const MAX_CODES = 64;

export class Counter {
  readonly #counts = new Map<string, number>();

  add(code: string, by = 1): void {
    const known = this.#counts.has(code) || this.#counts.size < MAX_CODES;
    const key = known ? code : 'other';
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + by);
  }

  get(code: string): number {
    return this.#counts.get(code) ?? 0;
  }

  toJSON(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }
}
