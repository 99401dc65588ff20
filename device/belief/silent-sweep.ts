/**
 * Whole trading days without any observation, for many SKUs at once: what `passTime` and `endDay` do, without
 * unpacking. Most SKUs of a store have such a day, so this is the store's nightly sweep. The arithmetic is in sweep.wat
 * (128-bit SIMD, four numbers a step, in 32-bit floats as beliefs are kept); here are its memory and its tables.
 *
 * Rows are copied in by blocks that stay in the cache, lived, and copied out; nothing else is kept in there, so that
 * one instance serves all stores of the process. The order of every sum is fixed by the code: the same rows give the
 * same bytes on every machine.
 */
import { CELLS_AT } from './belief-row.ts';
import type { BeliefParameters } from './parameters.ts';
import { type DayDemand, gaps, logRates, RATES, rates, tilt } from './rate-grid.ts';
import { sweepBytes } from './sweep-bytes.ts';
import { dayDrift } from './time-step.ts';
import { MAX_CELLS } from './working-state.ts';

/** Byte addresses: tables over the rate grid, tables over cells, what is to be done, and the rows. */
const AT = {
  day: 0,
  stay: 128,
  leave: 256,
  join: 384,
  rates: 512,
  logs: 640,
  squares: 768,
  tilt: 896,
  untilt: 1024,
  geometric: 1536,
  shares: 3584,
  norms: 5632,
  list: 10_240,
  ratioOf: 11_264,
  moments: 12_288,
  ratios: 16_384,
  rows: 65_536,
} as const;
/** Rows of a block, and bytes: a block and its tables stay in the second-level cache. */
const MOST_ROWS = 256;
const BLOCK_BYTES = 65_536;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly live: (count: number, drifts: number, teaches: number) => void;
  readonly reweigh: (count: number) => void;
}

// `as`: what the module exports is fixed by sweep.wat.
const kernel = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(sweepBytes, 'base64')), {
  math: { exp: Math.exp, log: Math.log },
}).exports as unknown as Kernel;

const { buffer } = kernel.memory;
const grid = (at: number): Float32Array => new Float32Array(buffer, at, RATES);
const day = new Float64Array(buffer, AT.day, 16);
const list = new Int32Array(buffer, AT.list, MOST_ROWS);
const ratioOf = new Int32Array(buffer, AT.ratioOf, MOST_ROWS);
const moments = new Float64Array(buffer, AT.moments, 2 * MOST_ROWS);
const ratioTable = new Float32Array(buffer, AT.ratios, RATES * MOST_ROWS);
const stay = grid(AT.stay);
const leave = grid(AT.leave);
const join = grid(AT.join);

grid(AT.rates).set(rates);
grid(AT.logs).set(logRates);
grid(AT.squares).set(logRates.map((log) => log * log));
grid(AT.tilt).set(tilt);
grid(AT.untilt).set(tilt.map((value) => 1 / value));
/** A small unknown quantity: geometric with mean 3, over the cells that it reaches. */
new Float32Array(buffer, AT.geometric, MAX_CELLS).set(
  Float32Array.from({ length: MAX_CELLS }, (_, i) => (2 / 3) ** i / 3),
);
new Float64Array(buffer, AT.norms, MAX_CELLS + 1).set(
  Float64Array.from({ length: MAX_CELLS + 1 }, (_, reach) => 1 / (1 - (2 / 3) ** reach)),
);
/** What a cell loses as a part goes to the cells below it, all alike. */
new Float32Array(buffer, AT.shares, MAX_CELLS).set(
  Float32Array.from({ length: MAX_CELLS }, (_, i) => (i > 0 ? 1 / i : 0)),
);

/** The block at hand: rows are copied to its beginning. */
export const block = new Float32Array(buffer, AT.rows, BLOCK_BYTES / 4);
/** The same memory, for the scalars. */
export const blockScalars = new Float64Array(buffer, AT.rows, BLOCK_BYTES / 8);

/** Rows of a length that fit into a block. */
export const rowsInBlock = (floats: number): number =>
  Math.min(MOST_ROWS, Math.floor(BLOCK_BYTES / 4 / floats));

if (rowsInBlock(CELLS_AT + MAX_CELLS) < 1) throw new Error('a row of the belief does not fit into a block');

export interface SilentDay {
  /** Trading days that passed; less than can be told apart is 0. */
  readonly u: number;
  /** Trading days since the beginning, at its end. */
  readonly elapsed: number;
  readonly drifts: boolean;
  /** Whether moments of demand are wanted. */
  readonly teaches: boolean;
}

/** Which rows of the block are meant: row numbers, from 0. */
export class SilentSweep {
  #count = 0;
  #drifts = 0;
  #teaches = 0;
  /** Where the corrections in use lie. */
  readonly #ratios = new Map<Float64Array, number>();

  /** What depends on the day alone, for all rows that follow. */
  begin({ u, elapsed, drifts, teaches }: SilentDay, parameters: BeliefParameters, demand: DayDemand): void {
    const silence = demand.silence(0, u, 0);
    for (let k = 0; k < RATES; k++) {
      const f = silence[k] as number;
      stay[k] = f;
      leave[k] = (1 - f) * (gaps[k] as number);
      join[k] = 0.5 + 0.5 * f;
    }
    const drift = dayDrift(parameters);
    day.set([
      u,
      parameters.shrinkShare,
      parameters.shrinkFloor,
      parameters.burst,
      parameters.shelfVoid,
      1 - Math.exp(-parameters.found * u),
      1 - Math.exp(-parameters.restock * u),
      parameters.partLoss,
      elapsed,
      drift.stay,
      drift.up,
      drift.down,
      drift.jump,
    ]);
    this.#drifts = drifts ? 1 : 0;
    this.#teaches = teaches ? 1 : 0;
    this.clear();
  }

  /** Rows taken since the block was cleared. */
  get count(): number {
    return this.#count;
  }

  clear(): void {
    this.#count = 0;
    this.#ratios.clear();
  }

  /** Takes a row that begins at this place of the block. */
  take(floatsAt: number): void {
    list[this.#count++] = AT.rows + 4 * floatsAt;
  }

  /** Takes a row with the correction of its demand. */
  takeWith(floatsAt: number, ratio: Float64Array): void {
    let number = this.#ratios.get(ratio);
    if (number === undefined) {
      number = this.#ratios.size;
      ratioTable.set(ratio, number * RATES);
      this.#ratios.set(ratio, number);
    }
    ratioOf[this.#count] = AT.ratios + 4 * RATES * number;
    this.take(floatsAt);
  }

  /** The day passes for all rows taken. */
  live(): void {
    kernel.live(this.#count, this.#drifts, this.#teaches);
  }

  /** First and second moment of the logarithm of demand of the row taken as number `at`, after a day that teaches. */
  first(at: number): number {
    return moments[2 * at] as number;
  }

  second(at: number): number {
    return moments[2 * at + 1] as number;
  }

  /** Corrects the demand of all rows taken. */
  reweigh(): void {
    kernel.reweigh(this.#count);
  }
}
