/**
 * Remembers which observations were already delivered, in bounded memory: 53-bit hashes in two open-addressed
 * generations. The newest `keep` keys are always known; a false "already seen" has odds of about keep^2 / 2^53.
 */
export class SeenKeys {
  readonly #keep: number;
  readonly #slots: number;
  #young: Float64Array;
  #old: Float64Array;
  #count = 0;

  constructor(keep = 500_000) {
    this.#keep = keep;
    this.#slots = 2 ** Math.ceil(Math.log2(keep * 2));
    this.#young = new Float64Array(1024);
    this.#old = new Float64Array(0);
  }

  /** True when the key is new; remembers it. */
  add(key: string): boolean {
    const hash = hash53(key) || 1;
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

const slotOf = (table: Float64Array, hash: number): number => hash % table.length;

function has(table: Float64Array, hash: number): boolean {
  if (table.length === 0) return false;
  for (let at = slotOf(table, hash); table[at] !== 0; at = (at + 1) % table.length)
    if (table[at] === hash) return true;
  return false;
}

function insert(table: Float64Array, hash: number): void {
  let at = slotOf(table, hash);
  while (table[at] !== 0) at = (at + 1) % table.length;
  table[at] = hash;
}

/** Two 32-bit multiplicative hashes joined to 53 bits (after cyrb53, public domain). */
function hash53(text: string): number {
  let a = 0xdeadbeef;
  let b = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return 4294967296 * (2097151 & b) + (a >>> 0);
}
