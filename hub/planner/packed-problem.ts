/** A problem as columns of numbers: what crosses to the planning thread. The buffers are handed over, not copied. */
import type { PlanningLane, PlanningNeed, PlanningPosition } from '../../protocol/index.ts';

/** Stands for "no limit" in integer columns. */
export const UNLIMITED = 2 ** 30;

type Doubles = Float64Array<ArrayBuffer>;
type Integers = Int32Array<ArrayBuffer>;

export interface PackedProblem {
  /** Names behind the numbers. */
  readonly stores: readonly string[];
  readonly skus: readonly string[];
  readonly alpha: number;
  readonly maxUnits: number;
  /** 1 for SKUs that policy keeps where they are. */
  readonly isSkuBlocked: Integers;
  readonly lanes: {
    readonly from: Integers;
    readonly to: Integers;
    readonly fixed: Doubles;
    readonly perUnit: Doubles;
    readonly hours: Doubles;
    readonly capacity: Integers;
    readonly isBlocked: Integers;
  };
  readonly positions: {
    readonly store: Integers;
    readonly sku: Integers;
    readonly reserved: Integers;
    readonly minimum: Integers;
    readonly rate: Doubles;
    readonly coverDays: Doubles;
    /** NaN: Poisson. */
    readonly dispersion: Doubles;
    readonly margin: Doubles;
    /** NaN: the margin. */
    readonly lossValue: Doubles;
    readonly mean: Doubles;
    readonly p0: Doubles;
    /** The pmf of position i is pmf[pmfStart[i] .. pmfStart[i + 1]); empty means mean and p0. */
    readonly pmfStart: Integers;
    readonly pmf: Doubles;
  };
  readonly needs: {
    readonly store: Integers;
    readonly sku: Integers;
    readonly qty: Integers;
    readonly value: Doubles;
    readonly dueHours: Doubles;
    readonly order: readonly (string | undefined)[];
  };
}

/** The buffers to hand over with `postMessage`. */
export function packedBuffers(packed: PackedProblem): ArrayBuffer[] {
  return [packed.lanes, packed.positions, packed.needs, { blocked: packed.isSkuBlocked }].flatMap((columns) =>
    Object.values(columns).flatMap((column: unknown) =>
      column instanceof Float64Array || column instanceof Int32Array ? [column.buffer as ArrayBuffer] : [],
    ),
  );
}

/** Lanes as the problem names them; one that policy blocks is a lane all the same. */
export function unpackLanes({ stores, lanes }: PackedProblem): PlanningLane[] {
  return Array.from(lanes.from, (from, lane) => {
    const capacity = lanes.capacity[lane] ?? UNLIMITED;
    return {
      from: stores[from] ?? '',
      to: stores[lanes.to[lane] ?? -1] ?? '',
      fixed: lanes.fixed[lane] ?? 0,
      perUnit: lanes.perUnit[lane] ?? 0,
      hours: lanes.hours[lane] ?? 0,
      ...(capacity < UNLIMITED ? { capacity } : {}),
    };
  });
}

export function unpackNeed({ stores, skus, needs }: PackedProblem, row: number): PlanningNeed {
  const order = needs.order[row];
  return {
    store: stores[needs.store[row] ?? -1] ?? '',
    sku: skus[needs.sku[row] ?? -1] ?? '',
    qty: needs.qty[row] ?? 0,
    value: needs.value[row] ?? 0,
    dueHours: needs.dueHours[row] ?? 0,
    ...(order === undefined ? {} : { order }),
  };
}

export function unpackPosition({ stores, skus, positions }: PackedProblem, row: number): PlanningPosition {
  const from = positions.pmfStart[row] ?? 0;
  const to = positions.pmfStart[row + 1] ?? 0;
  const dispersion = positions.dispersion[row] ?? Number.NaN;
  const lossValue = positions.lossValue[row] ?? Number.NaN;
  return {
    store: stores[positions.store[row] ?? -1] ?? '',
    sku: skus[positions.sku[row] ?? -1] ?? '',
    ...(to > from
      ? { pmf: Array.from(positions.pmf.subarray(from, to)) }
      : { mean: positions.mean[row] ?? 0, p0: positions.p0[row] ?? 1 }),
    rate: positions.rate[row] ?? 0,
    coverDays: positions.coverDays[row] ?? 0,
    ...(Number.isNaN(dispersion) ? {} : { dispersion }),
    reserved: positions.reserved[row] ?? 0,
    margin: positions.margin[row] ?? 0,
    ...(Number.isNaN(lossValue) ? {} : { lossValue }),
    minimum: positions.minimum[row] ?? 0,
  };
}
