/**
 * A problem as columns of numbers: what crosses to the planning thread. Packing a chain of a million positions
 * takes seconds, so it pauses to let the caller's event loop turn; the buffers are then handed over, not copied.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { PlanningProblem } from '../../protocol/index.ts';

const POSITIONS_PER_TURN = 10_000;
/** Stands for "no limit" in integer columns. */
export const UNLIMITED = 2 ** 30;

export interface PackedProblem {
  readonly storeCount: number;
  readonly skuCount: number;
  readonly alpha: number;
  readonly maxUnits: number;
  /** Lanes that policy does not block; `lane` is the index in the problem. */
  readonly lanes: {
    readonly lane: Int32Array;
    readonly from: Int32Array;
    readonly to: Int32Array;
    readonly fixed: Float64Array;
    readonly perUnit: Float64Array;
    readonly hours: Float64Array;
    readonly capacity: Int32Array;
  };
  readonly positions: {
    readonly store: Int32Array;
    readonly sku: Int32Array;
    readonly reserved: Int32Array;
    readonly minimum: Int32Array;
    readonly rate: Float64Array;
    readonly coverDays: Float64Array;
    /** NaN: Poisson. */
    readonly dispersion: Float64Array;
    readonly margin: Float64Array;
    readonly mean: Float64Array;
    readonly p0: Float64Array;
    /** The pmf of position i is pmf[pmfStart[i] .. pmfStart[i + 1]); empty means mean and p0. */
    readonly pmfStart: Int32Array;
    readonly pmf: Float64Array;
  };
  readonly needs: {
    readonly need: Int32Array;
    readonly store: Int32Array;
    readonly sku: Int32Array;
    readonly qty: Int32Array;
    readonly value: Float64Array;
    readonly dueHours: Float64Array;
  };
}

/** Names behind the numbers. */
export interface ProblemNames {
  readonly stores: readonly string[];
  readonly skus: readonly string[];
}

export interface PackingResult {
  readonly packed: PackedProblem;
  readonly names: ProblemNames;
}

export async function packProblem(problem: PlanningProblem, signal?: AbortSignal): Promise<PackingResult> {
  const steps = packInSteps(problem);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await nextTurn();
    signal?.throwIfAborted();
  }
}

/** The same without pausing, for small problems and tests. */
export function packAtOnce(problem: PlanningProblem): PackingResult {
  const steps = packInSteps(problem);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function* packInSteps(problem: PlanningProblem): Generator<void, PackingResult> {
  const storeOf = indexer();
  for (const { id } of problem.stores) storeOf.index(id);
  const skuOf = indexer();
  const blockedSkus = new Set(problem.policy.blockedSkus);
  const kept: number[] = [];
  let cells = 0;
  for (const [at, position] of problem.positions.entries()) {
    if (at % POSITIONS_PER_TURN === POSITIONS_PER_TURN - 1) yield;
    if (blockedSkus.has(position.sku)) continue;
    kept.push(at);
    skuOf.index(position.sku);
    cells += position.pmf?.length ?? 0;
  }
  const positions = positionColumns(kept.length, cells);
  let cell = 0;
  for (const [row, at] of kept.entries()) {
    if (row % POSITIONS_PER_TURN === POSITIONS_PER_TURN - 1) yield;
    const position = problem.positions[at];
    if (!position) continue;
    positions.store[row] = storeOf.index(position.store);
    positions.sku[row] = skuOf.index(position.sku);
    positions.reserved[row] = position.reserved;
    positions.minimum[row] = position.minimum ?? 0;
    positions.rate[row] = position.rate;
    positions.coverDays[row] = position.coverDays;
    positions.dispersion[row] = position.dispersion ?? Number.NaN;
    positions.margin[row] = position.margin;
    positions.mean[row] = position.mean ?? 0;
    positions.p0[row] = position.p0 ?? 1;
    if (position.pmf) positions.pmf.set(position.pmf, cell);
    cell += position.pmf?.length ?? 0;
    positions.pmfStart[row + 1] = cell;
  }
  const needs = problem.needs
    .map((need, at) => ({ ...need, at }))
    .filter((need) => !blockedSkus.has(need.sku));
  const packedNeeds = {
    need: Int32Array.from(needs, (need) => need.at),
    store: Int32Array.from(needs, (need) => storeOf.index(need.store)),
    sku: Int32Array.from(needs, (need) => skuOf.index(need.sku)),
    qty: Int32Array.from(needs, (need) => need.qty),
    value: Float64Array.from(needs, (need) => need.value),
    dueHours: Float64Array.from(needs, (need) => need.dueHours),
  };
  const packed: PackedProblem = {
    storeCount: storeOf.names.length,
    skuCount: skuOf.names.length,
    alpha: problem.policy.alpha,
    maxUnits: problem.policy.maxUnits ?? UNLIMITED,
    lanes: packLanes(problem, (id) => storeOf.index(id)),
    positions,
    needs: packedNeeds,
  };
  return { packed, names: { stores: storeOf.names, skus: skuOf.names } };
}

function positionColumns(count: number, cells: number) {
  return {
    store: new Int32Array(count),
    sku: new Int32Array(count),
    reserved: new Int32Array(count),
    minimum: new Int32Array(count),
    rate: new Float64Array(count),
    coverDays: new Float64Array(count),
    dispersion: new Float64Array(count),
    margin: new Float64Array(count),
    mean: new Float64Array(count),
    p0: new Float64Array(count),
    pmfStart: new Int32Array(count + 1),
    pmf: new Float64Array(cells),
  };
}

function packLanes(problem: PlanningProblem, storeIndex: (id: string) => number): PackedProblem['lanes'] {
  const blocked = new Set(
    (problem.policy.blockedPairs ?? []).map((pair) =>
      JSON.stringify('from' in pair ? [pair.from, pair.to] : pair),
    ),
  );
  const open = problem.lanes
    .map((lane, at) => ({ ...lane, at }))
    .filter(({ from, to }) => !blocked.has(JSON.stringify([from, to])));
  return {
    lane: Int32Array.from(open, (lane) => lane.at),
    from: Int32Array.from(open, (lane) => storeIndex(lane.from)),
    to: Int32Array.from(open, (lane) => storeIndex(lane.to)),
    fixed: Float64Array.from(open, (lane) => lane.fixed),
    perUnit: Float64Array.from(open, (lane) => lane.perUnit),
    hours: Float64Array.from(open, (lane) => lane.hours),
    capacity: Int32Array.from(open, (lane) => lane.capacity ?? UNLIMITED),
  };
}

function indexer(): { readonly names: string[]; index(name: string): number } {
  const names: string[] = [];
  const at = new Map<string, number>();
  return {
    names,
    index(name) {
      const known = at.get(name);
      if (known !== undefined) return known;
      at.set(name, names.length);
      names.push(name);
      return names.length - 1;
    },
  };
}

/** The buffers to hand over with `postMessage`. */
export function packedBuffers(packed: PackedProblem): ArrayBuffer[] {
  return [packed.lanes, packed.positions, packed.needs].flatMap((columns) =>
    Object.values(columns).map((column: Int32Array | Float64Array) => column.buffer as ArrayBuffer),
  );
}
