/**
 * All beliefs of a store as they stand between two days, in flat typed arrays: scalars and rate beliefs as structure of arrays, the on-hand
 * distributions in one slab per support size with free lists. Nothing is allocated per observation.
 */
import { RATES } from './rate-grid.ts';
import { SCALAR, SCALARS } from './belief-scalars.ts';
import type { RateGroups } from './rate-groups.ts';
import type { BeliefArrays, SilentDay } from './silent-day.ts';
import { FLOOR, MAX_CELLS, type WorkingState } from './working-state.ts';

const CLASSES = [16, 32, 64, 128, 256, MAX_CELLS] as const;

const classFor = (cells: number): number => {
  let at = 0;
  while ((CLASSES[at] as number) < cells) at++;
  return at;
};

interface Slab {
  cells: Float32Array;
  used: number;
  readonly free: number[];
}

export class StateSlab {
  #capacity = 64;
  #scalars = new Float64Array(this.#capacity * SCALARS);
  #live = new Float32Array(this.#capacity * RATES);
  #idle = new Float32Array(this.#capacity * RATES);
  #class = new Int8Array(this.#capacity).fill(-1);
  #slot = new Int32Array(this.#capacity);
  #group = new Uint32Array(this.#capacity);
  readonly #slabs: Slab[] = CLASSES.map((size) => ({
    cells: new Float32Array(size * 16),
    used: 0,
    free: [],
  }));

  readonly #scratch = new Float64Array(RATES);
  /** The SKU that a silent day is applied to; reused. */
  readonly #row = {
    from: { scalars: this.#scalars, live: this.#live, idle: this.#idle, cells: this.#live },
    to: { scalars: this.#scalars, live: this.#live, idle: this.#idle, cells: this.#live },
    at: 0,
    rateAt: 0,
    cellsAt: 0,
  };

  has(index: number): boolean {
    return index < this.#capacity && (this.#class[index] as number) >= 0;
  }

  /** Indices below this may hold a belief. */
  get size(): number {
    return this.#capacity;
  }

  logLikelihood(index: number): number {
    return this.#scalars[index * SCALARS + SCALAR.logLikelihood] as number;
  }

  load(index: number, w: WorkingState): void {
    const s = this.#scalars;
    let at = index * SCALARS;
    w.absent = s[at++] as number;
    w.hidden = s[at++] as number;
    w.selling = s[at++] as number;
    w.cells = s[at++] as number;
    w.width = s[at++] as number;
    w.carry = s[at++] as number;
    w.clock = s[at++] as number;
    w.record = s[at++] as number;
    w.units = s[at++] as number;
    w.purchases = s[at++] as number;
    w.viewClock = s[at++] as number;
    w.viewEmpty = s[at++] === 1;
    w.contradictions = s[at++] as number;
    w.dayUsed = 0;
    w.daySales = 0;
    w.logLikelihood = s[at++] as number;
    w.reordersAt = s[at++] as number;
    w.foundBeyond = s[at] as number;
    const rateAt = index * RATES;
    const { live, idle, p } = w;
    const liveSlab = this.#live;
    const idleSlab = this.#idle;
    for (let k = 0; k < RATES; k++) {
      live[k] = liveSlab[rateAt + k] as number;
      idle[k] = idleSlab[rateAt + k] as number;
    }
    const size = this.#class[index] as number;
    const source = (this.#slabs[size] as Slab).cells;
    const from = (this.#slot[index] as number) * (CLASSES[size] as number) - 1;
    p[0] = 0;
    const { cells } = w;
    for (let i = 1; i <= cells; i++) p[i] = source[from + i] as number;
  }

  store(index: number, w: WorkingState): void {
    this.#reserve(index);
    this.#place(index, w.cells);
    const s = this.#scalars;
    let at = index * SCALARS;
    s[at++] = w.absent;
    s[at++] = w.hidden;
    s[at++] = w.selling;
    s[at++] = w.cells;
    s[at++] = w.width;
    s[at++] = w.carry;
    s[at++] = w.clock;
    s[at++] = w.record;
    s[at++] = w.units;
    s[at++] = w.purchases;
    s[at++] = w.viewClock;
    s[at++] = w.viewEmpty ? 1 : 0;
    s[at++] = w.contradictions;
    s[at++] = w.logLikelihood;
    s[at++] = w.reordersAt;
    s[at] = w.foundBeyond;
    const rateAt = index * RATES;
    const { live, idle, p, cells } = w;
    const liveSlab = this.#live;
    const idleSlab = this.#idle;
    for (let k = 0; k < RATES; k++) {
      liveSlab[rateAt + k] = kept(live[k] as number);
      idleSlab[rateAt + k] = kept(idle[k] as number);
    }
    const size = this.#class[index] as number;
    const target = (this.#slabs[size] as Slab).cells;
    const from = (this.#slot[index] as number) * (CLASSES[size] as number) - 1;
    for (let i = 1; i <= cells; i++) target[from + i] = kept(p[i] as number);
  }

  /** Trading days since the clock of a SKU that heard nothing today; NaN where the silent sweep does not apply. */
  silentFor(index: number, elapsed: number): number {
    const at = index * SCALARS;
    if (this.#scalars[at + SCALAR.width] !== 1) return Number.NaN;
    return elapsed - (this.#scalars[at + SCALAR.clock] as number);
  }

  /** A silent day, in place or into the slab that `follow` prepared. */
  passSilently(index: number, day: SilentDay, elapsed: number, into: StateSlab): void {
    const row = this.#row;
    const size = this.#class[index] as number;
    this.#arraysOf(size, row.from);
    into.#arraysOf(size, row.to);
    row.at = index * SCALARS;
    row.rateAt = index * RATES;
    row.cellsAt = (this.#slot[index] as number) * (CLASSES[size] as number) - 1;
    day.advance(row);
    into.#scalars[row.at + SCALAR.clock] = elapsed;
  }

  /** Hands both demand beliefs of a SKU to `change`, one after the other, and keeps what it made of them. */
  changeDemand(index: number, change: (belief: Float64Array) => void): void {
    const at = index * RATES;
    const scratch = this.#scratch;
    for (const block of [this.#live, this.#idle]) {
      for (let k = 0; k < RATES; k++) scratch[k] = block[at + k] as number;
      change(scratch);
      for (let k = 0; k < RATES; k++) block[at + k] = kept(scratch[k] as number);
    }
  }

  /** Adds a SKU's demand belief to what its group learns from. */
  teach(index: number, groups: RateGroups): void {
    const at = index * RATES;
    groups.add(this.#group[index] as number, {
      live: this.#live,
      idle: this.#idle,
      at,
      share: this.#scalars[index * SCALARS + SCALAR.selling] as number,
    });
  }

  #arraysOf(size: number, out: BeliefArrays): void {
    out.scalars = this.#scalars;
    out.live = this.#live;
    out.idle = this.#idle;
    out.cells = (this.#slabs[size] as Slab).cells;
  }

  /** A slab for the next day: everything has its place as here, and every belief is still to be written. */
  follow(into = new StateSlab()): StateSlab {
    if (into.#capacity !== this.#capacity) {
      into.#scalars = new Float64Array(this.#scalars.length);
      into.#live = new Float32Array(this.#live.length);
      into.#idle = new Float32Array(this.#idle.length);
    }
    this.#copyPlaces(into);
    this.#slabs.forEach((slab, size) => {
      const target = into.#slabs[size] as Slab;
      if (target.cells.length !== slab.cells.length) target.cells = new Float32Array(slab.cells.length);
    });
    return into;
  }

  #copyPlaces(into: StateSlab): void {
    into.#capacity = this.#capacity;
    into.#class = copied(this.#class, into.#class);
    into.#slot = copied(this.#slot, into.#slot);
    into.#group = copied(this.#group, into.#group);
    this.#slabs.forEach((slab, size) => {
      const target = into.#slabs[size] as Slab;
      target.used = slab.used;
      target.free.splice(0, target.free.length, ...slab.free);
    });
  }

  /** What kind of SKU it is (see rate-groups.ts); known or not before there is a belief. */
  groupOf(index: number): number {
    return index < this.#capacity ? (this.#group[index] as number) : 0;
  }

  setGroup(index: number, group: number): void {
    this.#reserve(index);
    this.#group[index] = group;
  }

  /** Multiplies both demand beliefs by a correction of their prior, as Bayes' rule weighs the situations. */
  reweigh(index: number, ratio: Float64Array): void {
    const live = scaledBy(this.#live, index * RATES, ratio);
    const idle = scaledBy(this.#idle, index * RATES, ratio);
    const s = this.#scalars;
    const at = index * SCALARS;
    const absent = (s[at] as number) * idle;
    const hidden = (s[at + 1] as number) * idle;
    const selling = (s[at + 2] as number) * live;
    const total = absent + hidden + selling;
    const p0 = Math.min(1 - FLOOR, Math.max(FLOOR, absent / total));
    const present = (1 - p0) / (hidden + selling);
    s[at] = p0;
    s[at + 1] = present * hidden;
    s[at + 2] = present * selling;
  }

  /** Puts the distribution into the slab of its size; a shrunken one stays until it is two classes smaller. */
  #place(index: number, cells: number): void {
    const wanted = classFor(cells);
    const current = this.#class[index] as number;
    if (current >= wanted && current <= wanted + 1) return;
    if (current >= 0) (this.#slabs[current] as Slab).free.push(this.#slot[index] as number);
    const slab = this.#slabs[wanted] as Slab;
    const size = CLASSES[wanted] as number;
    const slot = slab.free.pop() ?? slab.used++;
    if ((slot + 1) * size > slab.cells.length) {
      const grown = new Float32Array(Math.ceil(slab.cells.length * 1.5) + size);
      grown.set(slab.cells);
      slab.cells = grown;
    }
    this.#class[index] = wanted;
    this.#slot[index] = slot;
  }

  #reserve(index: number): void {
    if (index < this.#capacity) return;
    const capacity = Math.max(index + 1, Math.ceil(this.#capacity * 1.5));
    const scalars = new Float64Array(capacity * SCALARS);
    scalars.set(this.#scalars);
    const live = new Float32Array(capacity * RATES);
    live.set(this.#live);
    const idle = new Float32Array(capacity * RATES);
    idle.set(this.#idle);
    const size = new Int8Array(capacity).fill(-1);
    size.set(this.#class);
    const slot = new Int32Array(capacity);
    slot.set(this.#slot);
    const group = new Uint32Array(capacity);
    group.set(this.#group);
    this.#group = group;
    this.#capacity = capacity;
    this.#scalars = scalars;
    this.#live = live;
    this.#idle = idle;
    this.#class = size;
    this.#slot = slot;
  }

  /** A copy at memory speed, in the arrays of `into` where they fit. */
  clone(into = new StateSlab()): StateSlab {
    into.#scalars = copied(this.#scalars, into.#scalars);
    into.#live = copied(this.#live, into.#live);
    into.#idle = copied(this.#idle, into.#idle);
    this.#copyPlaces(into);
    this.#slabs.forEach((slab, size) => {
      const target = into.#slabs[size] as Slab;
      target.cells = copied(slab.cells, target.cells);
    });
    return into;
  }

  /** Bytes held, for the report. */
  get bytes(): number {
    let bytes = this.#scalars.byteLength + this.#live.byteLength + this.#idle.byteLength;
    for (const slab of this.#slabs) bytes += slab.cells.byteLength;
    return bytes;
  }
}

/** What is too little to matter is nothing: numbers near the end of Float32's range cost a hundred times the others. */
const kept = (weight: number): number => (weight < 1e-24 ? 0 : weight);

function copied<A extends Float64Array | Float32Array | Int32Array | Uint32Array | Int8Array>(
  source: A,
  target: A,
): A {
  if (target.length !== source.length) return source.slice() as A;
  target.set(source);
  return target;
}

/** Multiplies one block and brings it back to sum 1; returns what it summed to. */
function scaledBy(block: Float32Array, from: number, ratio: Float64Array): number {
  let total = 0;
  for (let k = 0; k < RATES; k++) total += (block[from + k] as number) * (ratio[k] as number);
  const scale = 1 / total;
  for (let k = 0; k < RATES; k++)
    block[from + k] = (block[from + k] as number) * (ratio[k] as number) * scale;
  return total;
}
