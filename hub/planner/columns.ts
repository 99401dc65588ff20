/** Columns of numbers that grow as rows arrive. */

type Numbers = Float64Array<ArrayBuffer> | Int32Array<ArrayBuffer>;

/** A column of this many rows grows by a quarter, a shorter one twofold. */
const SLOWER_FROM = 1 << 20;

export class Column<A extends Numbers> {
  #cells: A;
  #length = 0;
  readonly #view: (buffer: ArrayBuffer) => A;

  constructor(view: (buffer: ArrayBuffer) => A) {
    this.#view = view;
    this.#cells = view(new ArrayBuffer(8192));
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

  /** The rows, in a buffer of just their size; the column is empty afterwards. */
  take(): A {
    const rows = this.#view(this.#cells.buffer.transfer(this.#length * this.#cells.BYTES_PER_ELEMENT));
    this.#cells = this.#view(new ArrayBuffer(0));
    this.#length = 0;
    return rows;
  }

  #grow(least: number): void {
    const { buffer, length, BYTES_PER_ELEMENT } = this.#cells;
    const cells = Math.max(least, length < SLOWER_FROM ? 2 * length : Math.ceil(1.25 * length));
    this.#cells = this.#view(buffer.transfer(cells * BYTES_PER_ELEMENT));
  }
}

export const integers = (): Column<Int32Array<ArrayBuffer>> => new Column((buffer) => new Int32Array(buffer));
export const doubles = (): Column<Float64Array<ArrayBuffer>> =>
  new Column((buffer) => new Float64Array(buffer));

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

/** Rows of each key, by counting sort. */
export function groupRows(keys: Int32Array, count: number): (key: number) => Int32Array {
  const start = new Int32Array(count + 1);
  for (const key of keys) start[key + 1] = (start[key + 1] ?? 0) + 1;
  for (let key = 0; key < count; key += 1) start[key + 1] = (start[key + 1] ?? 0) + (start[key] ?? 0);
  const rows = new Int32Array(keys.length);
  const next = start.slice();
  for (const [row, key] of keys.entries()) {
    rows[next[key] ?? 0] = row;
    next[key] = (next[key] ?? 0) + 1;
  }
  return (key) => rows.subarray(start[key], start[key + 1]);
}
