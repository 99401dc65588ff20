/** Finds a SKU's number by the bytes of its name, so that a line's SKU need not become a string. ASCII names only. */
const LONGEST_NAME = 64;

export class SkuNames {
  /** Number + 1 in an open-addressed table, a power of two long and at most half full. */
  #table = new Int32Array(256);
  #count = 0;
  /** All names, one after the other; a name's number says where it is. */
  #bytes = new Uint8Array(4096);
  #used = 0;
  #from = new Int32Array(128);
  #length = new Uint8Array(128);

  /** -1 where the name is not known. */
  find(bytes: Uint8Array, from: number, to: number): number {
    const table = this.#table;
    const mask = table.length - 1;
    const length = to - from;
    for (let at = hashOf(bytes, from, to) & mask; ; at = (at + 1) & mask) {
      const number = (table[at] as number) - 1;
      if (number < 0) return -1;
      if (this.#length[number] !== length) continue;
      const names = this.#bytes;
      const start = this.#from[number] as number;
      let i = 0;
      while (i < length && names[start + i] === bytes[from + i]) i++;
      if (i === length) return number;
    }
  }

  /** A name that is long or not ASCII stays unknown. */
  add(name: string, number: number): void {
    const { length } = name;
    if (length === 0 || length > LONGEST_NAME) return;
    for (let i = 0; i < length; i++) if (name.charCodeAt(i) > 127) return;
    if (number >= this.#from.length) {
      this.#from = wider(this.#from, new Int32Array(Math.max(number + 1, this.#from.length * 2)));
      this.#length = wider(this.#length, new Uint8Array(this.#from.length));
    }
    if (this.#used + length > this.#bytes.length)
      this.#bytes = wider(this.#bytes, new Uint8Array(this.#bytes.length * 2));
    for (let i = 0; i < length; i++) this.#bytes[this.#used + i] = name.charCodeAt(i);
    this.#from[number] = this.#used;
    this.#length[number] = length;
    this.#used += length;
    if (++this.#count * 2 > this.#table.length) this.#grow();
    this.#insert(number);
  }

  clear(): void {
    this.#table.fill(0);
    this.#length.fill(0);
    this.#count = 0;
    this.#used = 0;
  }

  #insert(number: number): void {
    const from = this.#from[number] as number;
    const table = this.#table;
    const mask = table.length - 1;
    let at = hashOf(this.#bytes, from, from + (this.#length[number] as number)) & mask;
    while (table[at] !== 0) at = (at + 1) & mask;
    table[at] = number + 1;
  }

  #grow(): void {
    const known = this.#table;
    this.#table = new Int32Array(known.length * 2);
    for (const entry of known) if (entry > 0) this.#insert(entry - 1);
  }
}

/** 32-bit FNV-1a, its upper bits folded in. */
function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ (bytes[i] as number), 0x01000193);
  return hash ^ (hash >>> 15);
}

function wider<A extends Int32Array | Uint8Array>(old: A, fresh: A): A {
  fresh.set(old);
  return fresh;
}
