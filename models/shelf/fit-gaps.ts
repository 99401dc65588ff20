/**
 * Fits what device/vision knows by numbers: the weights of gap candidates (shelf/gap-weights.json) and the calibration of
 * scores (shelf/score-calibration.json), on rendered shelves that the network was not trained on.
 *
 *   node models/shelf/fit-gaps.ts /tmp/shelf-data/fit found.ndjson device/vision/shelf
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type Box,
  type BoxClass,
  boxClasses,
  overlapOf,
  sharedArea,
} from '../../device/vision/detector/frame.ts';
import { geometryOf } from '../../device/vision/shelf/read-shelf.ts';
import { gapCandidates } from '../../device/vision/shelf/weigh-gaps.ts';
import { labelledFrames, type TrueBox } from './labelled-frames.ts';

interface Found {
  readonly name: string;
  readonly boxes: readonly (readonly [number, number, number, number, number, number])[];
}

interface Example {
  readonly features: readonly number[];
  readonly isGap: boolean;
}

const [folder, foundPath, out] = process.argv.slice(2);
if (folder === undefined || foundPath === undefined || out === undefined)
  throw new Error(
    'usage: fit-gaps.ts <folder of make_data.py> <found.ndjson of detect.ts> <device/vision/shelf>',
  );

const found = new Map<string, readonly Box[]>();
for (const line of readFileSync(foundPath, 'utf8').split('\n').filter(Boolean)) {
  const { name, boxes } = JSON.parse(line) as Found;
  found.set(
    name,
    boxes.map(([c, score, x0, y0, x1, y1]) => ({ class: boxClasses[c] ?? 'facing', score, x0, y0, x1, y1 })),
  );
}

/** Undefined where the truth itself is unsure. */
function isRight(
  box: { x0: number; y0: number; x1: number; y1: number },
  name: BoxClass,
  truth: readonly TrueBox[],
): boolean | undefined {
  const same = truth.filter((t) => t.class === name);
  if (same.some((t) => !t.isUnsure && overlapOf(t, box) >= 0.5)) return true;
  const area = Math.max(1, (box.x1 - box.x0) * (box.y1 - box.y0));
  if (same.some((t) => t.isUnsure && (overlapOf(t, box) >= 0.4 || sharedArea(t, box) >= 0.6 * area)))
    return undefined;
  return false;
}

const examples: Example[] = [];
const scored: Record<BoxClass, [number, boolean][]> = { facing: [], gap: [], label: [] };
for await (const { name, frame, truth } of labelledFrames(folder, 0, 100_000)) {
  const boxes = found.get(name);
  if (boxes === undefined) continue;
  const { standing, weak, rows } = geometryOf(boxes);
  for (const { rect, features } of gapCandidates(standing, weak, rows, frame)) {
    const right = isRight(rect, 'gap', truth);
    if (right !== undefined) examples.push({ features, isGap: right });
  }
  for (const box of boxes) {
    const right = isRight(box, box.class, truth);
    if (right !== undefined) scored[box.class].push([box.score, right]);
  }
}

const { weights, bias } = logistic(examples);
const before = JSON.parse(readFileSync(join(out, 'gap-weights.json'), 'utf8')) as {
  features: readonly string[];
};
write('gap-weights.json', { features: before.features, weights, bias });
write('score-calibration.json', Object.fromEntries(boxClasses.map((name) => [name, rising(scored[name])])));
process.stdout.write(
  `${examples.length} candidates, ${examples.filter((e) => e.isGap).length} of them gaps\n`,
);

function write(file: string, value: unknown): void {
  writeFileSync(join(out as string, file), `${JSON.stringify(value, null, 2)}\n`);
}

/** Gradient descent on standardised features with a little ridge; some thousand examples, ten features. */
function logistic(data: readonly Example[]): { weights: number[]; bias: number } {
  const n = data[0]?.features.length ?? 0;
  const mean = Array.from(
    { length: n },
    (_, k) => data.reduce((s, e) => s + (e.features[k] ?? 0), 0) / data.length,
  );
  const spread = mean.map(
    (m, k) => Math.sqrt(data.reduce((s, e) => s + ((e.features[k] ?? 0) - m) ** 2, 0) / data.length) || 1,
  );
  const w = mean.map(() => 0);
  let b = 0;
  for (let step = 0; step < 3000; step++) {
    const g = w.map((value) => 0.002 * value);
    let gb = 0;
    for (const { features, isGap } of data) {
      const z =
        b +
        w.reduce((s, value, k) => s + (value * ((features[k] ?? 0) - (mean[k] ?? 0))) / (spread[k] ?? 1), 0);
      const error = (1 / (1 + Math.exp(-z)) - (isGap ? 1 : 0)) / data.length;
      gb += error;
      for (const [k, value] of features.entries())
        g[k] = (g[k] ?? 0) + (error * (value - (mean[k] ?? 0))) / (spread[k] ?? 1);
    }
    b -= gb * 2;
    for (const [k, slope] of g.entries()) w[k] = (w[k] ?? 0) - slope * 2;
  }
  const weights = w.map((value, k) => round(value / (spread[k] ?? 1)));
  return { weights, bias: round(b - weights.reduce((s, value, k) => s + value * (mean[k] ?? 0), 0)) };
}

/** Share right in ten equal parts of the score, made to rise (pool adjacent violators). */
function rising(pairs: readonly (readonly [number, boolean])[]): number[][] {
  const blocks: { at: number; right: number; total: number }[] = [];
  for (let low = 0.05; low < 1; low += 0.1) {
    const part = pairs.filter(([score]) => score >= low && score < low + 0.1);
    if (part.length < 20) continue;
    blocks.push({ at: low + 0.05, right: part.filter(([, right]) => right).length, total: part.length });
    for (
      let last = blocks.at(-1), prior = blocks.at(-2);
      last && prior && prior.right / prior.total > last.right / last.total;
    ) {
      blocks.splice(-2, 2, {
        at: (prior.at * prior.total + last.at * last.total) / (prior.total + last.total),
        right: prior.right + last.right,
        total: prior.total + last.total,
      });
      last = blocks.at(-1);
      prior = blocks.at(-2);
    }
  }
  return [[0, 0], ...blocks.map(({ at, right, total }) => [round(at), round(right / total)])];
}

function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
