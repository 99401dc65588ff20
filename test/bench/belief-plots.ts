/** Plots as plain SVG text: reliability and precision over recall. */
import type { CurvePoint, ReliabilityBin } from '../twin/metrics.ts';

const SIZE = 360;
const EDGE = 44;
const SPAN = SIZE - 2 * EDGE;
const x = (value: number): string => (EDGE + value * SPAN).toFixed(1);
const y = (value: number): string => (SIZE - EDGE - value * SPAN).toFixed(1);
const COLOURS = ['#0b6e4f', '#b5541c', '#3457a6', '#8a6d1b'];

export interface Series<T> {
  readonly name: string;
  readonly points: readonly T[];
}

export const reliabilityPlot = (series: readonly Series<ReliabilityBin>[]): string =>
  frame('predicted probability', 'observed share', [
    `<line x1="${x(0)}" y1="${y(0)}" x2="${x(1)}" y2="${y(1)}" stroke="#999" stroke-dasharray="4 4"/>`,
    ...series.flatMap(({ points }, i) => [
      polyline(
        points.map((bin) => [bin.predicted, bin.observed]),
        i,
      ),
      ...points.map((bin) => dot(bin, i)),
    ]),
    ...legend(series, EDGE + 14),
  ]);

export const precisionRecallPlot = (series: readonly Series<CurvePoint>[]): string =>
  frame('recall', 'precision', [
    ...series.map(({ points }, i) =>
      polyline(
        thinned(points).map((point) => [point.recall, point.precision]),
        i,
      ),
    ),
    // Curves of use are far from this corner.
    ...legend(series, SIZE - EDGE - 15 * series.length),
  ]);

function thinned(points: readonly CurvePoint[]): CurvePoint[] {
  const step = Math.max(1, Math.floor(points.length / 200));
  return points.filter((_, i) => i % step === 0 || i === points.length - 1);
}

const dot = (bin: ReliabilityBin, series: number): string =>
  `<circle cx="${x(bin.predicted)}" cy="${y(bin.observed)}" r="${Math.max(1.5, Math.min(7, Math.log10(bin.count) * 1.6)).toFixed(1)}" fill="${COLOURS[series % COLOURS.length]}" fill-opacity="0.6"/>`;

const polyline = (points: readonly (readonly [number, number])[], series: number): string =>
  `<polyline fill="none" stroke="${COLOURS[series % COLOURS.length]}" stroke-width="1.6" points="${points.map(([px, py]) => `${x(px)},${y(py)}`).join(' ')}"/>`;

const legend = (series: readonly { readonly name: string }[], top: number): string[] =>
  series.map(
    ({ name }, i) =>
      `<text x="${EDGE + 8}" y="${top + i * 15}" fill="${COLOURS[i % COLOURS.length]}">${name}</text>`,
  );

function frame(across: string, up: string, content: readonly string[]): string {
  const ticks = [0, 0.2, 0.4, 0.6, 0.8, 1].flatMap((tick) => [
    `<text x="${x(tick)}" y="${SIZE - EDGE + 16}" text-anchor="middle">${tick}</text>`,
    `<text x="${EDGE - 6}" y="${y(tick)}" text-anchor="end" dominant-baseline="middle">${tick}</text>`,
  ]);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}" viewBox="0 0 ${SIZE} ${SIZE}" font-family="sans-serif" font-size="11" role="img">`,
    `<title>${up} over ${across}</title>`,
    `<rect width="${SIZE}" height="${SIZE}" fill="white"/>`,
    `<rect x="${EDGE}" y="${EDGE}" width="${SPAN}" height="${SPAN}" fill="none" stroke="#444"/>`,
    ...ticks,
    `<text x="${SIZE / 2}" y="${SIZE - 8}" text-anchor="middle">${across}</text>`,
    `<text x="12" y="${SIZE / 2}" text-anchor="middle" transform="rotate(-90 12 ${SIZE / 2})">${up}</text>`,
    ...content,
    '</svg>',
    '',
  ].join('\n');
}
