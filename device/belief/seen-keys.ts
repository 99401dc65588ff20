/**
 * Remembers which observations were already delivered, in bounded memory: 53-bit hashes in two open-addressed
 * generations. The newest `keep` keys are always known; a false "already seen" has odds of about keep^2 / 2^53.
 *
 * A key is given in parts (`begin`, `text` or `bytes`, `number`, then `add`), so that none has to be built.
 */
export class SeenKeys {
  readonly #keep: number;
  readonly #slots: number;
  #young: Float64Array;
  #old: Float64Array;
  #count = 0;
  /** Two 32-bit multiplicative hashes joined to 53 bits (after cyrb53, public domain). */
  #a = 0;
  #b = 0;

  constructor(keep = 500_000) {
    this.#keep = keep;
    this.#slots = 2 ** Math.ceil(Math.log2(keep * 2));
    this.#young = new Float64Array(1024);
    this.#old = new Float64Array(0);
  }

  begin(): void {
    this.#a = 0xdeadbeef;
    this.#b = 0x41c6ce57;
  }

  /** A part in words; where it ends is part of it. */
  text(part: string): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = 0; i < part.length; i++) {
      const code = part.charCodeAt(i);
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    this.#a = Math.imul(a ^ 0x10000, 2654435761);
    this.#b = Math.imul(b ^ 0x10000, 1597334677);
  }

  /** The same for ASCII text that lies in bytes. */
  bytes(part: Uint8Array, from: number, to: number): void {
    let a = this.#a;
    let b = this.#b;
    for (let i = from; i < to; i++) {
      const code = part[i] as number;
      a = Math.imul(a ^ code, 2654435761);
      b = Math.imul(b ^ code, 1597334677);
    }
    this.#a = Math.imul(a ^ 0x10000, 2654435761);
    this.#b = Math.imul(b ^ 0x10000, 1597334677);
  }

  number(part: number): void {
    const low = part | 0;
    const high = Math.floor(part / 4294967296) | 0;
    this.#a = Math.imul(Math.imul(this.#a ^ low, 2654435761) ^ high, 2654435761);
    this.#b = Math.imul(Math.imul(this.#b ^ low, 1597334677) ^ high, 1597334677);
  }

  /** True when the key of the parts since `begin` is new; remembers it. */
  add(): boolean {
    const a =
      Math.imul(this.#a ^ (this.#a >>> 16), 2246822507) ^ Math.imul(this.#b ^ (this.#b >>> 13), 3266489909);
    const b = Math.imul(this.#b ^ (this.#b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
    const hash = 4294967296 * (2097151 & b) + (a >>> 0) || 1;
    if (has(this.#young, hash) || has(this.#old, hash)) return false;
    if (this.#count * 2 >= this.#young.length) this.#grow();
    insert(this.#young, hash);
    this.#count++;
    return true;
  }

  #grow(): void {
    if (this.#young.length >= this.#slots || this.#count >= this.#keep) {
      this.#old = this.#young;
      this.#young = new Float64Array(1024);
      this.#count = 0;
      return;
    }
    const wider = new Float64Array(this.#young.length * 2);
    for (const hash of this.#young) if (hash !== 0) insert(wider, hash);
    this.#young = wider;
  }
}

/** Tables are powers of two long. */
function has(table: Float64Array, hash: number): boolean {
  if (table.length === 0) return false;
  const mask = table.length - 1;
  for (let at = hash & mask; table[at] !== 0; at = (at + 1) & mask) if (table[at] === hash) return true;
  return false;
}

function insert(table: Float64Array, hash: number): void {
  const mask = table.length - 1;
  let at = hash & mask;
  while (table[at] !== 0) at = (at + 1) & mask;
  table[at] = hash;
}
