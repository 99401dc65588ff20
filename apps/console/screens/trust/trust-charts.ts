/** Calibration and precision drawn: points with their 95 % intervals. */
import type { MetricsView, Rate } from '@truecount/protocol';
import type { CustomSeriesRenderItem } from 'echarts';
import type { ChartOption, Ink } from '../chart/chart.tsx';
import type { Words } from '../words/use-words.ts';

const grid = {
  left: 8,
  right: 20,
  top: 12,
  bottom: 8,
  outerBoundsMode: 'same',
  outerBoundsContain: 'axisLabel',
} as const;

const percentAxis = (ink: Ink, { percent }: Words) =>
  ({
    type: 'value',
    min: 0,
    max: 1,
    interval: 0.25,
    axisLabel: { color: ink.text, formatter: (value: number) => percent(value) },
    splitLine: { lineStyle: { color: ink.line } },
  }) as const;

/** Vertical whiskers from the third to the fourth value at the first. */
const whiskers =
  (ink: Ink): CustomSeriesRenderItem =>
  (_, api) => {
    const [x = 0, low = 0] = api.coord([api.value(0), api.value(1)]);
    const [, high = 0] = api.coord([api.value(0), api.value(2)]);
    const style = { stroke: ink.text, lineWidth: 1.5 };
    const line = (x1: number, y1: number, x2: number, y2: number) =>
      ({ type: 'line', shape: { x1, y1, x2, y2 }, style }) as const;
    return {
      type: 'group',
      children: [line(x, low, x, high), line(x - 4, low, x + 4, low), line(x - 4, high, x + 4, high)],
    };
  };

const rate = ({ rate: value }: Rate): number => value ?? 0;

export function calibrationChart(
  bands: MetricsView['calibration']['bands'],
  words: Words,
  ink: Ink,
): ChartOption {
  return {
    grid,
    xAxis: { ...percentAxis(ink, words) },
    yAxis: { ...percentAxis(ink, words) },
    series: [
      {
        type: 'line',
        data: [
          [0, 0],
          [1, 1],
        ],
        symbol: 'none',
        lineStyle: { color: ink.bar, width: 1.5, type: 'dashed' },
        silent: true,
      },
      {
        type: 'custom',
        renderItem: whiskers(ink),
        encode: { x: 0, y: [1, 2] },
        data: bands.map(({ said, seen }) => [said, seen.low ?? 0, seen.high ?? 1]),
        z: 2,
      },
      {
        type: 'line',
        data: bands.map(({ said, seen }) => [said, rate(seen)]),
        symbol: 'circle',
        symbolSize: 9,
        itemStyle: { color: ink.accent },
        lineStyle: { color: ink.accent, width: 2 },
        z: 3,
      },
    ],
  };
}

export function weeksChart(weeks: MetricsView['detection']['weeks'], words: Words, ink: Ink): ChartOption {
  const names = weeks.map(({ week }) =>
    new Intl.DateTimeFormat(words.locale, { day: 'numeric', month: 'short' }).format(new Date(week)),
  );
  return {
    grid,
    xAxis: {
      type: 'category',
      data: names,
      axisLabel: { color: ink.text },
      axisLine: { lineStyle: { color: ink.text } },
      axisTick: { show: false },
    },
    yAxis: { ...percentAxis(ink, words) },
    series: [
      {
        type: 'custom',
        renderItem: whiskers(ink),
        encode: { x: 0, y: [1, 2] },
        data: weeks.map(({ precision }, at) => [at, precision.low ?? 0, precision.high ?? 1]),
        z: 2,
      },
      {
        type: 'line',
        data: weeks.map(({ precision }) => rate(precision)),
        symbol: 'circle',
        symbolSize: 8,
        itemStyle: { color: ink.accent },
        lineStyle: { color: ink.accent, width: 2 },
        z: 3,
      },
    ],
  };
}
