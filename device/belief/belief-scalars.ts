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
  dayUsed: 13,
  daySales: 14,
  logLikelihood: 15,
  reordersAt: 16,
  foundBeyond: 17,
} as const;

export const SCALARS = 18;
