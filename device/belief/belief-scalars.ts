/** The scalars of a belief as they lie in memory: one row of numbers per SKU. */

/** Where each number of a belief stands among its scalars. */
export const SCALAR = {
  absent: 0,
  hidden: 1,
  selling: 2,
  cells: 3,
  width: 4,
  carry: 5,
  clock: 6,
  record: 7,
  units: 8,
  purchases: 9,
  viewClock: 10,
  viewEmpty: 11,
  contradictions: 12,
  logLikelihood: 13,
  reordersAt: 14,
  foundBeyond: 15,
} as const;

export const SCALARS = 16;
