/** How predictions are judged against the truth. All functions take predictions with their outcomes. */
export interface Scored {
  readonly score: number;
  readonly outcome: boolean;
}

export interface CurvePoint {
  readonly recall: number;
  readonly precision: number;
}

/** Precision and recall when alerting from the highest score down; ties count together. */
export function precisionRecall(items: readonly Scored[]): CurvePoint[] {
  const sorted = items.toSorted((a, b) => b.score - a.score);
  const positives = sorted.reduce((n, item) => n + (item.outcome ? 1 : 0), 0);
  const curve: CurvePoint[] = [];
  let hits = 0;
  for (let i = 0; i < sorted.length; i++) {
    if ((sorted[i] as Scored).outcome) hits++;
    if (i + 1 < sorted.length && (sorted[i + 1] as Scored).score === (sorted[i] as Scored).score) continue;
    curve.push({ recall: hits / Math.max(1, positives), precision: hits / (i + 1) });
  }
  return curve;
}

export function averagePrecision(items: readonly Scored[]): number {
  let area = 0;
  let before = 0;
  for (const { recall, precision } of precisionRecall(items)) {
    area += (recall - before) * precision;
    before = recall;
  }
  return area;
}

/** The largest recall at which at least `precision` of the alerts are right. */
export function recallAt(items: readonly Scored[], precision: number): number {
  let best = 0;
  for (const point of precisionRecall(items))
    if (point.precision >= precision) best = Math.max(best, point.recall);
  return best;
}

export interface Followed extends Scored {
  readonly sku: string;
}

/**
 * Power of alerts as a store lives with them. An alert opens when a SKU's score reaches a threshold and closes when
 * it falls below; it is false if the SKU was never out while it was open. A stock-out is detected if an alert was
 * open at some time during it. The largest share detected at a threshold where at most `falseShare` of the alerts
 * are false; items in order of time.
 */
export function alertPower(items: readonly Followed[], falseShare: number): number {
  const bySku = Map.groupBy(items, (item) => item.sku);
  const scores = items.map((item) => item.score).sort((a, b) => b - a);
  let best = 0;
  const THRESHOLDS = 400;
  for (let i = 1; i <= THRESHOLDS; i++) {
    const threshold = scores[Math.floor(((i / THRESHOLDS) ** 2 * (scores.length - 1)) / 2)] as number;
    const total = { outs: 0, detected: 0, alerts: 0, wrong: 0 };
    for (const followed of bySku.values()) addEpisodes(followed, threshold, total);
    if (total.alerts > 0 && total.wrong / total.alerts <= falseShare)
      best = Math.max(best, total.detected / Math.max(1, total.outs));
  }
  return best;
}

function addEpisodes(
  items: readonly Followed[],
  threshold: number,
  total: { outs: number; detected: number; alerts: number; wrong: number },
): void {
  let isOut = false;
  let isDetected = false;
  let isOpen = false;
  let isRight = false;
  const closeAlert = (): void => {
    if (isOpen && !isRight) total.wrong++;
    isOpen = false;
    isRight = false;
  };
  for (const { score, outcome } of items) {
    if (outcome && !isOut) {
      total.outs++;
      isDetected = false;
    }
    isOut = outcome;
    if (score < threshold) closeAlert();
    else {
      if (!isOpen) total.alerts++;
      isOpen = true;
      if (!outcome) continue;
      isRight = true;
      if (!isDetected) total.detected++;
      isDetected = true;
    }
  }
  closeAlert();
}

export interface ReliabilityBin {
  readonly predicted: number;
  readonly observed: number;
  readonly count: number;
}

/** `score` is a probability here. Bins of equal width. */
export function reliability(items: readonly Scored[], bins = 20): ReliabilityBin[] {
  const sums = Array.from({ length: bins }, () => ({ predicted: 0, observed: 0, count: 0 }));
  for (const { score, outcome } of items) {
    const bin = sums[Math.min(bins - 1, Math.floor(score * bins))] as {
      predicted: number;
      observed: number;
      count: number;
    };
    bin.predicted += score;
    bin.observed += outcome ? 1 : 0;
    bin.count++;
  }
  return sums
    .filter((bin) => bin.count > 0)
    .map((bin) => ({
      predicted: bin.predicted / bin.count,
      observed: bin.observed / bin.count,
      count: bin.count,
    }));
}

export function calibrationError(items: readonly Scored[]): number {
  let error = 0;
  for (const bin of reliability(items))
    error += (Math.abs(bin.predicted - bin.observed) * bin.count) / items.length;
  return error;
}

export const brier = (items: readonly Scored[]): number =>
  items.reduce((sum, { score, outcome }) => sum + (score - (outcome ? 1 : 0)) ** 2, 0) / items.length;

/** Mean log-likelihood, probabilities kept off 0 and 1 by 1e-6. */
export const logScore = (items: readonly Scored[]): number =>
  items.reduce((sum, { score, outcome }) => {
    const p = Math.min(1 - 1e-6, Math.max(1e-6, score));
    return sum + Math.log(outcome ? p : 1 - p);
  }, 0) / items.length;

/** Area under the ROC curve, ties counting half. */
export function areaUnderRoc(items: readonly Scored[]): number {
  const sorted = items.toSorted((a, b) => a.score - b.score);
  let rankSum = 0;
  let positives = 0;
  for (let i = 0; i < sorted.length; ) {
    let end = i;
    while (end < sorted.length && (sorted[end] as Scored).score === (sorted[i] as Scored).score) end++;
    for (let j = i; j < end; j++)
      if ((sorted[j] as Scored).outcome) {
        positives++;
        rankSum += (i + end + 1) / 2;
      }
    i = end;
  }
  const negatives = sorted.length - positives;
  return (rankSum - (positives * (positives + 1)) / 2) / Math.max(1, positives * negatives);
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1
    ? (sorted[middle] as number)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2;
}
