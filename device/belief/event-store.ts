/** A growable column store of coded observations. */
export class EventStore {
  #capacity: number;
  length = 0;
  t: Float64Array;
  sku: Int32Array;
  code: Uint8Array;
  x: Float64Array;
  y: Float64Array;

  constructor(capacity = 256) {
    this.#capacity = capacity;
    this.t = new Float64Array(capacity);
    this.sku = new Int32Array(capacity);
    this.code = new Uint8Array(capacity);
    this.x = new Float64Array(capacity);
    this.y = new Float64Array(capacity);
  }

  push(t: number, sku: number, code: number, x: number, y: number): number {
    if (this.length === this.#capacity) this.#grow();
    const at = this.length++;
    this.t[at] = t;
    this.sku[at] = sku;
    this.code[at] = code;
    this.x[at] = x;
    this.y[at] = y;
    return at;
  }

  /** Folding order: by time, and within an instant by what the observation says, never by arrival. */
  compare(a: number, b: number): number {
    return (
      (this.t[a] as number) - (this.t[b] as number) ||
      (this.code[a] as number) - (this.code[b] as number) ||
      unknownFirst(this.x[a] as number, this.x[b] as number) ||
      unknownFirst(this.y[a] as number, this.y[b] as number)
    );
  }

  #grow(): void {
    this.#capacity *= 2;
    const wider = <A extends Float64Array | Int32Array | Uint8Array>(old: A, fresh: A): A => {
      fresh.set(old);
      return fresh;
    };
    this.t = wider(this.t, new Float64Array(this.#capacity));
    this.sku = wider(this.sku, new Int32Array(this.#capacity));
    this.code = wider(this.code, new Uint8Array(this.#capacity));
    this.x = wider(this.x, new Float64Array(this.#capacity));
    this.y = wider(this.y, new Float64Array(this.#capacity));
  }
}

/** A quantity that is not known (NaN) compares with none, so it needs a place of its own. */
function unknownFirst(a: number, b: number): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number(Number.isNaN(b)) - Number(Number.isNaN(a));
  return a - b;
}
