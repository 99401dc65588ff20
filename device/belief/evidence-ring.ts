/** The last few observations of every SKU with P(absent) just before and just after each. */
export const EVIDENCE_KEPT = 8;
const FIELDS = 5;
/** Numbers of one entry, as `copyTo` writes them. */
export const EVIDENCE_FIELDS = 6;

export interface EvidenceEntry {
  readonly t: number;
  readonly code: number;
  readonly x: number;
  readonly y: number;
  /** P(on-hand = 0) before, and after. */
  readonly before: number;
  readonly after: number;
}

export class EvidenceRing {
  #t = new Float64Array(0);
  #values = new Float32Array(0);
  #count = new Uint32Array(0);
  /** Notes taken so far, and whose: a copy that has them all need not be made again. */
  #notes = 0;
  #copyOf: EvidenceRing | undefined;

  /** An entry in its parts: nothing is allocated per observation. */
  note(sku: number, t: number, code: number, x: number, y: number, before: number, after: number): void {
    if (sku >= this.#count.length) this.#grow(sku + 1);
    const count = this.#count[sku] as number;
    this.#notes++;
    this.#count[sku] = count + 1;
    const at = sku * EVIDENCE_KEPT + (count % EVIDENCE_KEPT);
    this.#t[at] = t;
    const values = this.#values;
    let v = at * FIELDS;
    values[v++] = code;
    values[v++] = x;
    values[v++] = y;
    values[v++] = before;
    values[v] = after;
  }

  /** Oldest first. */
  of(sku: number): EvidenceEntry[] {
    const count = this.#count[sku] ?? 0;
    const entries: EvidenceEntry[] = [];
    for (let i = Math.max(0, count - EVIDENCE_KEPT); i < count; i++) {
      const at = sku * EVIDENCE_KEPT + (i % EVIDENCE_KEPT);
      const v = at * FIELDS;
      entries.push({
        t: this.#t[at] as number,
        code: this.#values[v] as number,
        x: this.#values[v + 1] as number,
        y: this.#values[v + 2] as number,
        before: this.#values[v + 3] as number,
        after: this.#values[v + 4] as number,
      });
    }
    return entries;
  }

  /** The same as numbers, from `at` on; returns how many entries. */
  copyTo(sku: number, out: Float64Array, at: number): number {
    const count = this.#count[sku] ?? 0;
    const first = Math.max(0, count - EVIDENCE_KEPT);
    let to = at;
    for (let i = first; i < count; i++) {
      const from = sku * EVIDENCE_KEPT + (i % EVIDENCE_KEPT);
      out[to++] = this.#t[from] as number;
      for (let field = 0; field < FIELDS; field++) out[to++] = this.#values[from * FIELDS + field] as number;
    }
    return count - first;
  }

  /** A copy, in the arrays of `into` where they fit: a store's yearly life allocates no new ones. */
  clone(into = new EvidenceRing()): EvidenceRing {
    if (into.#copyOf === this && into.#notes === this.#notes) return into;
    into.#copyOf = this;
    into.#notes = this.#notes;
    if (into.#count.length === this.#count.length) {
      into.#t.set(this.#t);
      into.#values.set(this.#values);
      into.#count.set(this.#count);
      return into;
    }
    into.#t = this.#t.slice();
    into.#values = this.#values.slice();
    into.#count = this.#count.slice();
    return into;
  }

  #grow(skus: number): void {
    const capacity = Math.max(64, Math.ceil(skus * 1.5));
    const t = new Float64Array(capacity * EVIDENCE_KEPT);
    t.set(this.#t);
    const values = new Float32Array(capacity * EVIDENCE_KEPT * FIELDS);
    values.set(this.#values);
    const count = new Uint32Array(capacity);
    count.set(this.#count);
    this.#t = t;
    this.#values = values;
    this.#count = count;
  }
}
