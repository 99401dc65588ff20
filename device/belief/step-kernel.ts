/**
 * Time passing and purchases for the SKU at hand, in 128-bit SIMD (step.wat): most of what a day's folding computes. The belief at hand
 * is unpacked into the kernel's memory; there is one for the process, and whoever unpacks a SKU is done with it before
 * another is unpacked. What the steps mean is said, and done for beliefs that lie elsewhere, in time-step.ts and movement-steps.ts.
 */
import type { BeliefParameters } from './parameters.ts';
import {
  type DayDemand,
  gaps,
  RATES,
  rates,
  SHORTEST_SILENCE,
  SILENCE_PHASES,
  silenceAt,
} from './rate-grid.ts';
import { stepBytes } from './step-bytes.ts';
import { LEAST_APPEARED, MAX_CELLS, WorkingState } from './working-state.ts';

/** Byte addresses. */
const AT = {
  parameters: 0,
  situations: 64,
  rates: 128,
  gaps: 384,
  live: 1408,
  idle: 1664,
  geometric: 2176,
  table: 6400,
  cells: 12_288,
  spare: 16_640,
  norms: 20_992,
} as const;
/** Numbers from one row of the table of silence to the next. */
const TABLE_ROW = 76;

interface Kernel {
  readonly memory: WebAssembly.Memory;
  readonly begin: (at: number, upper: number) => void;
  readonly silence: (
    at: number,
    upper: number,
    isBegun: number,
    used: number,
    u: number,
    sales: number,
  ) => void;
  readonly advance: (u: number, width: number, cells: number) => number;
  readonly sell: (
    shift: number,
    cells: number,
    used: number,
    sales: number,
    wrong: number,
    hiddenSells: number,
    surplus: number,
  ) => number;
}

// `as`: what the module exports is fixed by step.wat.
const kernel = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(stepBytes, 'base64')), {
  math: { exp: Math.exp, log: Math.log },
}).exports as unknown as Kernel;

const { buffer } = kernel.memory;
const numbers = (at: number, length: number): Float64Array => new Float64Array(buffer, at, length);
/** Six rates of the parameters, the dispersion of demand, and what is too little to appear. */
const parameters = numbers(AT.parameters, 8);
parameters[7] = LEAST_APPEARED;
/** Absent, hidden, selling, the logarithm of their sum, and the mass present after a purchase. */
const situations = numbers(AT.situations, 5);
const table = numbers(AT.table, TABLE_ROW * (SILENCE_PHASES + 1));

numbers(AT.rates, RATES).set(rates);
numbers(AT.gaps, RATES).set(gaps);
/** A small unknown quantity: geometric with mean 3, over the cells that it reaches. */
numbers(AT.geometric, MAX_CELLS + 2).set(
  Float64Array.from({ length: MAX_CELLS + 2 }, (_, i) => (2 / 3) ** i / 3),
);
numbers(AT.norms, MAX_CELLS + 2).set(
  Float64Array.from({ length: MAX_CELLS + 2 }, (_, reach) => 1 / (1 - (2 / 3) ** reach)),
);

/** The SKU at hand. */
export const atHand = new WorkingState({
  p: numbers(AT.cells, MAX_CELLS + 2),
  spare: numbers(AT.spare, MAX_CELLS + 2),
  live: numbers(AT.live, RATES),
  idle: numbers(AT.idle, RATES),
});

/** Whose numbers the kernel holds, and the share of the day that its last silence ended at. */
let heldDemand: DayDemand | undefined;
let heldParameters: BeliefParameters | undefined;
let begunAt = Number.NaN;

function holdDemand(demand: DayDemand): void {
  if (demand === heldDemand) return;
  heldDemand = demand;
  begunAt = Number.NaN;
  parameters[6] = demand.dispersion;
  const fine = demand.table;
  // What is read next to each other lies next to each other: one row per phase of the fine grid.
  for (let phase = 0; phase <= SILENCE_PHASES; phase++)
    for (let step = 0; step < TABLE_ROW; step++)
      table[phase * TABLE_ROW + step] = fine[step * SILENCE_PHASES + phase] ?? 0;
}

function holdParameters(held: BeliefParameters): void {
  if (held === heldParameters) return;
  heldParameters = held;
  const { shrinkShare, shrinkFloor, burst, shelfVoid, found, restock } = held;
  parameters.set([shrinkShare, shrinkFloor, burst, shelfVoid, found, restock]);
}

function addressOf(at: number): number {
  const phase = at % SILENCE_PHASES;
  return AT.table + 8 * (phase * TABLE_ROW + (at - phase) / SILENCE_PHASES);
}

/** `u` trading days pass for the SKU at hand; its situations are left as they sum up. */
export function advanceAtHand(u: number, demand: DayDemand, held: BeliefParameters): void {
  holdDemand(demand);
  holdParameters(held);
  const w = atHand;
  const used = w.dayUsed;
  const isBegun = used >= SHORTEST_SILENCE;
  if (isBegun && used !== begunAt) {
    const { at, upper } = silenceAt(used);
    kernel.begin(addressOf(at), upper);
  }
  const { at, upper } = silenceAt(used + u);
  kernel.silence(addressOf(at), upper, isBegun ? 1 : 0, used, u, w.daySales);
  begunAt = used + u;
  give(w);
  w.cells = kernel.advance(u, w.width, w.cells);
  take(w);
}

/**
 * A purchase of the SKU at hand that takes `shift` cells; its situations are left as they sum up. False where its cells
 * hold nothing any more.
 */
export function sellAtHand(shift: number, demand: DayDemand, held: BeliefParameters): boolean {
  holdDemand(demand);
  const w = atHand;
  give(w);
  w.cells = kernel.sell(shift, w.cells, w.dayUsed, w.daySales, held.misScan, held.hiddenSells, held.surplus);
  take(w);
  return (situations[4] as number) > 1e-300;
}

function give(w: WorkingState): void {
  situations[0] = w.absent;
  situations[1] = w.hidden;
  situations[2] = w.selling;
}

function take(w: WorkingState): void {
  w.absent = situations[0] as number;
  w.hidden = situations[1] as number;
  w.selling = situations[2] as number;
  w.logLikelihood += situations[3] as number;
}
