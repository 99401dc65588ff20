/** The part of a belief that people need to see: from 0 to where nearly all of it lies, and never without the record. */
export interface BeliefBars {
  readonly counts: readonly number[];
  readonly probabilities: readonly number[];
  /** Everything above the last bar, folded into it. */
  readonly hasTail: boolean;
}

const MOST_BARS = 25;
const COVERED = 0.995;

export function beliefBars(pmf: readonly number[], record: number): BeliefBars {
  let covered = 0;
  let last = 0;
  for (; last < pmf.length - 1; last += 1) {
    covered += pmf[last] ?? 0;
    if (covered >= COVERED) break;
  }
  last = Math.max(last, Math.min(Math.round(record), MOST_BARS - 1), 4);
  last = Math.min(last, MOST_BARS - 1);
  const counts = Array.from({ length: last + 1 }, (_, n) => n);
  const probabilities = counts.map((n) => pmf[n] ?? 0);
  const rest = Math.max(
    0,
    pmf.slice(last + 1).reduce((sum, p) => sum + p, 0),
  );
  const hasTail = rest > 1 - COVERED;
  if (hasTail) probabilities[last] = (probabilities[last] ?? 0) + rest;
  return { counts, probabilities, hasTail };
}
