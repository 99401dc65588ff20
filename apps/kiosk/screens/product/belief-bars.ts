/**
 * A belief as few enough bars to read: none on hand always stands alone, the rest is cut where nearly all of it
 * lies and grouped evenly where it is wide. The record's claim keeps its place among them. Pure.
 */
export interface BeliefBar {
  readonly from: number;
  /** Inclusive. */
  readonly to: number;
  readonly probability: number;
}
export interface BeliefBars {
  readonly bars: readonly BeliefBar[];
  /** Where the record's claim lies, as a bar's index with its fraction; absent when below zero. */
  readonly recordAt: number | undefined;
}

const MOST_BARS = 24;
const FEWEST_BARS = 6;
const COVERED = 0.99;
/** A record this much larger than anything believed would squeeze the belief; it is then left off the chart. */
const LARGEST_STRETCH = 3;

function lastBelieved(pmf: readonly number[]): number {
  let covered = 0;
  for (const [n, p] of pmf.entries()) {
    covered += p;
    if (covered >= COVERED) return n;
  }
  return Math.max(0, pmf.length - 1);
}

export function beliefBars(pmf: readonly number[], record: number): BeliefBars {
  const believed = Math.max(lastBelieved(pmf), FEWEST_BARS - 1);
  const isNear = record <= Math.max(believed * LARGEST_STRETCH, MOST_BARS);
  const last = isNear ? Math.max(believed, Math.ceil(record)) : believed;
  const width = Math.ceil(last / MOST_BARS);
  const bars: BeliefBar[] = [{ from: 0, to: 0, probability: pmf[0] ?? 0 }];
  for (let from = 1; from <= last; from += width) {
    const to = from + width - 1;
    const probability = pmf.slice(from, to + 1).reduce((sum, p) => sum + p, 0);
    bars.push({ from, to, probability });
  }
  const recordAt =
    record < 0 || !isNear ? undefined : record === 0 ? 0 : (record - 1) / width + (width > 1 ? 0.5 : 1);
  return { bars, recordAt };
}
