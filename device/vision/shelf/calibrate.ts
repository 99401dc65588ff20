/** From the network's score to the probability that the box is right, measured on rendered shelves it had not seen. */
import type { BoxClass } from '../detector/frame.ts';
import table from './score-calibration.json' with { type: 'json' };

/** Points (score, share right), rising; between them a straight line. */
export function calibrated(name: BoxClass, score: number): number {
  const points = table[name];
  const after = points.findIndex(([at]) => (at as number) >= score);
  if (after === -1) return points.at(-1)?.[1] ?? score;
  const [x1 = 1, y1 = 1] = points[after] ?? [];
  if (after === 0) return y1;
  const [x0 = 0, y0 = 0] = points[after - 1] ?? [];
  return x1 === x0 ? y1 : y0 + ((y1 - y0) * (score - x0)) / (x1 - x0);
}

/** The lowest score from which at least `share` of boxes are right. */
export function scoreWorth(name: BoxClass, share: number): number {
  for (let score = 0.05; score < 0.95; score += 0.01) if (calibrated(name, score) >= share) return score;
  return 0.95;
}
