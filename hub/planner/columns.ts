/** Columns of numbers that grow as rows arrive. */

type Numbers = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

export class Column<A extends Numbers> {
  #cells: A;
  #length = 0;
  readonly #create: (length: number) => A;

  constructor(create: (length: number) => A) {
    this.#create = create;
    this.#cells = create(1024);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    if (this.#length === this.#cells.length) this.#grow(this.#length + 1);
    this.#cells[this.#length] = value;
    this.#length += 1;
  }

  append(values: ArrayLike<number>): void {
    if (this.#length + values.length > this.#cells.length) this.#grow(this.#length + values.length);
    this.#cells.set(values, this.#length);
    this.#length += values.length;
  }

  /** The rows so far, in a buffer of their own. */
  take(): A {
    return this.#cells.slice(0, this.#length) as A;
  }

  #grow(least: number): void {
    const larger = this.#create(Math.max(least, 2 * this.#cells.length));
    larger.set(this.#cells);
    this.#cells = larger;
  }
}

export const integers = (): Column<Int32Array<ArrayBuffer>> => new Column((length) => new Int32Array(length));
export const doubles = (): Column<Float64Array<ArrayBuffer>> =>
  new Column((length) => new Float64Array(length));

/** Names by their first appearance. */
export class Names {
  readonly names: string[] = [];
  readonly #at = new Map<string, number>();

  index(name: string): number {
    const known = this.#at.get(name);
    if (known !== undefined) return known;
    this.#at.set(name, this.names.length);
    this.names.push(name);
    return this.names.length - 1;
  }

  find(name: string): number | undefined {
    return this.#at.get(name);
  }
}
