/**
 * All beliefs of a store as they stand between two days: a row each (belief-row.ts), in one slab per support size with
 * free lists. Nothing is allocated per observation.
 */
import { CELLS_AT, IDLE_AT, LIVE_AT, readScalars, rowLength, SCALAR, writeScalars } from './belief-row.ts';
import { RATES } from './rate-grid.ts';
import type { Corrections, RateGroups } from './rate-groups.ts';
import { block, blockScalars, rowsInBlock, type SilentSweep } from './silent-sweep.ts';
import { MAX_CELLS, type WorkingState } from './working-state.ts';

const CLASSES = [16, 32, 64, 128, 256, MAX_CELLS] as const;

const classFor = (cells: number): number => {
  let at = 0;
  while ((CLASSES[at] as number) < cells) at++;
  return at;
};

const FREE = -1;
const FIRST_ROWS = 16;
/** Full slabs double while they are small; then they grow by a quarter, so that little is held in vain. */
const growthOf = (rows: number): number => (rows < 4096 ? 2 : 1.25);

/** Rows of one length. */
interface Slab {
  /** Floats in a row. */
  readonly length: number;
  rows: Float32Array;
  /** The same bytes. */
  scalars: Float64Array;
  /** Whose row it is; FREE where nobody's. */
  owner: Int32Array;
  used: number;
  readonly free: number[];
}

export class StateSlab {
  #capacity = 64;
  #class = new Int8Array(this.#capacity).fill(FREE);
  #slot = new Int32Array(this.#capacity);
  #kind = new Float64Array(this.#capacity);
  /** Trading days at the start of the day on which the belief began. */
  #since = new Float64Array(this.#capacity);
  readonly #slabs: Slab[] = CLASSES.map((cells) => {
    const rows = new Float32Array(rowLength(cells) * FIRST_ROWS);
    return {
      length: rowLength(cells),
      rows,
      scalars: new Float64Array(rows.buffer),
      owner: new Int32Array(FIRST_ROWS).fill(FREE),
      used: 0,
      free: [],
    };
  });

  has(index: number): boolean {
    return index < this.#capacity && (this.#class[index] as number) >= 0;
  }

  /** Indices below this may hold a belief. */
  get size(): number {
    return this.#capacity;
  }

  logLikelihood(index: number): number {
    const slab = this.#slabs[this.#class[index] as number] as Slab;
    const at = ((this.#slot[index] as number) * slab.length) / 2;
    return slab.scalars[at + SCALAR.logLikelihood] as number;
  }

  load(index: number, w: WorkingState): void {
    const slab = this.#slabs[this.#class[index] as number] as Slab;
    const from = (this.#slot[index] as number) * slab.length;
    readScalars(w, slab.scalars, from / 2);
    w.dayUsed = 0;
    w.daySales = 0;
    const { live, idle, p, cells } = w;
    const { rows } = slab;
    const liveAt = from + LIVE_AT;
    const idleAt = from + IDLE_AT;
    for (let k = 0; k < RATES; k++) {
      live[k] = rows[liveAt + k] as number;
      idle[k] = rows[idleAt + k] as number;
    }
    p[0] = 0;
    const cellsAt = from + CELLS_AT - 1;
    for (let i = 1; i <= cells; i++) p[i] = rows[cellsAt + i] as number;
  }

  store(index: number, w: WorkingState): void {
    this.#reserve(index);
    this.#place(index, w.cells);
    const slab = this.#slabs[this.#class[index] as number] as Slab;
    const from = (this.#slot[index] as number) * slab.length;
    writeScalars(w, slab.scalars, from / 2);
    const { live, idle, p, cells } = w;
    const { rows } = slab;
    const liveAt = from + LIVE_AT;
    const idleAt = from + IDLE_AT;
    for (let k = 0; k < RATES; k++) {
      rows[liveAt + k] = kept(live[k] as number);
      rows[idleAt + k] = kept(idle[k] as number);
    }
    const cellsAt = from + CELLS_AT - 1;
    for (let i = 1; i <= cells; i++) rows[cellsAt + i] = kept(p[i] as number);
  }

  /**
   * A silent day for all SKUs that `isSilent`, in place or into the slab that `follow` prepared. Those that the sweep
   * is not for (their cells are several units wide, or they are kept `isApart`) are handed to `passOver`.
   */
  passSilently(
    into: StateSlab,
    sweep: SilentSweep,
    {
      isSilent,
      isApart,
      passOver,
      groups,
    }: {
      readonly isSilent: (sku: number) => boolean;
      readonly isApart: ((sku: number) => boolean) | undefined;
      readonly passOver: (sku: number) => void;
      /** Learn from every SKU's demand, on a day that teaches. */
      readonly groups: RateGroups | undefined;
    },
  ): void {
    const taken: number[] = [];
    this.#slabs.forEach((slab, size) => {
      const { length, owner } = slab;
      const most = rowsInBlock(length);
      for (let from = 0; from < slab.used; from += most) {
        const to = Math.min(slab.used, from + most);
        let first = from;
        while (first < to && !isMeant(owner[first] as number, isSilent)) first++;
        if (first === to) continue;
        block.set(slab.rows.subarray(first * length, to * length));
        sweep.clear();
        taken.length = 0;
        for (let slot = first; slot < to; slot++) {
          const sku = owner[slot] as number;
          if (!isMeant(sku, isSilent)) continue;
          const at = (slot - first) * length;
          if (blockScalars[at / 2 + SCALAR.width] !== 1 || isApart?.(sku) === true) {
            passOver(sku);
            continue;
          }
          sweep.take(at);
          taken.push(sku);
        }
        sweep.live();
        const target = into.#slabs[size] as Slab;
        target.rows.set(block.subarray(0, (to - first) * length), first * length);
        if (groups !== undefined)
          for (let i = 0; i < taken.length; i++)
            groups.note(into.kindOf(taken[i] as number), sweep.first(i), sweep.second(i));
      }
    });
  }

  /** Multiplies the demand beliefs of each SKU that began at `since` or later by the correction of its kind's prior. */
  reweigh(sweep: SilentSweep, corrections: Corrections, since: number): void {
    for (const { length, owner, used, rows } of this.#slabs) {
      const most = rowsInBlock(length);
      for (let from = 0; from < used; from += most) {
        const to = Math.min(used, from + most);
        sweep.clear();
        for (let slot = from; slot < to; slot++) {
          const sku = owner[slot] as number;
          const isMeant = sku !== FREE && (this.#since[sku] as number) >= since;
          const ratio = isMeant ? corrections(this.#kind[sku] as number) : undefined;
          if (ratio !== undefined) sweep.takeWith((slot - from) * length, ratio);
        }
        if (sweep.count === 0) continue;
        block.set(rows.subarray(from * length, to * length));
        sweep.reweigh();
        rows.set(block.subarray(0, (to - from) * length), from * length);
      }
    }
  }

  /** The same for one SKU. */
  reweighOne(index: number, sweep: SilentSweep, ratio: Float64Array): void {
    const { length, rows } = this.#slabs[this.#class[index] as number] as Slab;
    const at = (this.#slot[index] as number) * length;
    sweep.clear();
    sweep.takeWith(0, ratio);
    block.set(rows.subarray(at, at + length));
    sweep.reweigh();
    rows.set(block.subarray(0, length), at);
  }

  /** Adds a SKU's demand belief to what its group learns from. */
  teach(index: number, groups: RateGroups): void {
    const slab = this.#slabs[this.#class[index] as number] as Slab;
    const at = (this.#slot[index] as number) * slab.length;
    groups.add(this.#kind[index] as number, slab.rows, at, slab.scalars[at / 2 + SCALAR.selling] as number);
  }

  /** A slab for the next day: everything has its place as here, and every belief is still to be written. */
  follow(into = new StateSlab()): StateSlab {
    this.#copyPlaces(into);
    this.#slabs.forEach((slab, size) => {
      const target = into.#slabs[size] as Slab;
      if (target.rows.length !== slab.rows.length) makeRows(target, slab.rows.length);
    });
    return into;
  }

  #copyPlaces(into: StateSlab): void {
    into.#capacity = this.#capacity;
    into.#class = copied(this.#class, into.#class);
    into.#slot = copied(this.#slot, into.#slot);
    into.#kind = copied(this.#kind, into.#kind);
    into.#since = copied(this.#since, into.#since);
    this.#slabs.forEach((slab, size) => {
      const target = into.#slabs[size] as Slab;
      target.used = slab.used;
      target.owner = copied(slab.owner, target.owner);
      target.free.length = 0;
      for (const slot of slab.free) target.free.push(slot);
    });
  }

  /** What kind of SKU it is (see sku-kind.ts); known or not before there is a belief. */
  kindOf(index: number): number {
    return index < this.#capacity ? (this.#kind[index] as number) : 0;
  }

  /** Trading days at the start of the day on which its belief began. */
  sinceOf(index: number): number {
    return this.#since[index] as number;
  }

  setSince(index: number, elapsed: number): void {
    this.#reserve(index);
    this.#since[index] = elapsed;
  }

  setKind(index: number, kind: number): void {
    this.#reserve(index);
    this.#kind[index] = kind;
  }

  /** Puts the row into the slab of its size; a shrunken one stays until it is two classes smaller. */
  #place(index: number, cells: number): void {
    const wanted = classFor(cells);
    const current = this.#class[index] as number;
    if (current >= wanted && current <= wanted + 1) return;
    if (current >= 0) {
      const left = this.#slabs[current] as Slab;
      left.free.push(this.#slot[index] as number);
      left.owner[this.#slot[index] as number] = FREE;
    }
    const slab = this.#slabs[wanted] as Slab;
    const slot = slab.free.pop() ?? slab.used++;
    if (slot >= slab.owner.length) grow(slab);
    slab.owner[slot] = index;
    this.#class[index] = wanted;
    this.#slot[index] = slot;
  }

  #reserve(index: number): void {
    if (index < this.#capacity) return;
    const capacity = Math.max(index + 1, Math.ceil(this.#capacity * 1.5));
    const size = new Int8Array(capacity).fill(FREE);
    size.set(this.#class);
    const slot = new Int32Array(capacity);
    slot.set(this.#slot);
    const kind = new Float64Array(capacity);
    kind.set(this.#kind);
    this.#kind = kind;
    const since = new Float64Array(capacity);
    since.set(this.#since);
    this.#since = since;
    this.#capacity = capacity;
    this.#class = size;
    this.#slot = slot;
  }

  /** A copy at memory speed, in the arrays of `into` where they fit. */
  clone(into = new StateSlab()): StateSlab {
    this.follow(into);
    this.#slabs.forEach((slab, size) => {
      const target = into.#slabs[size] as Slab;
      target.rows.set(slab.rows.subarray(0, slab.used * slab.length));
    });
    return into;
  }

  /** Bytes held, for the report. */
  get bytes(): number {
    let bytes = 0;
    for (const slab of this.#slabs) bytes += slab.rows.byteLength;
    return bytes;
  }
}

const isMeant = (sku: number, isSilent: (sku: number) => boolean): boolean => sku !== FREE && isSilent(sku);

function makeRows(slab: Slab, floats: number): void {
  slab.rows = new Float32Array(floats);
  slab.scalars = new Float64Array(slab.rows.buffer);
}

function grow(slab: Slab): void {
  const { rows, owner } = slab;
  const slots = Math.ceil(owner.length * growthOf(owner.length));
  makeRows(slab, slots * slab.length);
  slab.rows.set(rows);
  slab.owner = new Int32Array(slots).fill(FREE);
  slab.owner.set(owner);
}

/** What is too little to matter is nothing: numbers near the end of Float32's range cost a hundred times the others. */
const kept = (weight: number): number => (weight < 1e-24 ? 0 : weight);

function copied<A extends Int32Array | Float64Array | Int8Array>(source: A, target: A): A {
  if (target.length !== source.length) return source.slice() as A;
  target.set(source);
  return target;
}
