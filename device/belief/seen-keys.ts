/**
 * Remembers which observations were already delivered, in bounded memory: 64-bit hashes in two open-addressed
 * generations. The newest `keep` keys are always known; a false "already seen" has odds of about keep^2 / 2^64.
 *
 * A key is given in parts (`begin`, `text` or `bytes`, `number`, then `add`), so that none has to be built.
 */
const FIRST_SLOTS = 4096;
/** A table that is full grows by this: few keys are placed again. */
const GROWTH = 4;

export class SeenKeys {
  readonly #keep: number;
  readonly #slots: number;
  /** Two numbers a slot, the second 0 where it is empty; a power of two slots, at most half of them taken. */
  #young = new Int32Array(2 * FIRST_SLOTS);
  #old = new Int32Array(0);
  #count = 0;
  /** Two 32-bit multiplicative hashes (after cyrb53, public domain). */
  #a = 0;
  #b = 0;

  constructor(keep = 500_000) {
    this.#keep = keep;
    this.#slots = 2 ** Math.ceil(Math.log2(Math.max(FIRST_SLOTS, keep * 2)));
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
    const b = Math.imul(this.#b ^ (this.#b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909) || 1;
    if (this.#count * 4 >= this.#young.length || this.#count >= this.#keep) this.#grow();
    const young = this.#young;
    const at = placeOf(young, a, b);
    if (young[at + 1] !== 0) return false;
    const old = this.#old;
    if (old.length > 0 && old[placeOf(old, a, b) + 1] !== 0) return false;
    young[at] = a;
    young[at + 1] = b;
    this.#count++;
    return true;
  }

  #grow(): void {
    const full = this.#young;
    const isLargest = full.length >= 2 * this.#slots;
    if (isLargest || this.#count >= this.#keep) {
      this.#young = this.#old.length === full.length ? this.#old.fill(0) : new Int32Array(full.length);
      this.#old = full;
      this.#count = 0;
      return;
    }
    const wider = new Int32Array(Math.min(2 * this.#slots, full.length * GROWTH));
    for (let at = 0; at < full.length; at += 2) {
      const b = full[at + 1] as number;
      if (b === 0) continue;
      const a = full[at] as number;
      const to = placeOf(wider, a, b);
      wider[to] = a;
      wider[to + 1] = b;
    }
    this.#young = wider;
  }
}

/** Where a key is, or would be. */
function placeOf(table: Int32Array, a: number, b: number): number {
  const last = table.length - 2;
  let at = (a << 1) & last;
  while (table[at + 1] !== 0 && (table[at] !== a || table[at + 1] !== b)) at = (at + 2) & last;
  return at;
}
