/** Expected values as bars with their spread as whiskers. */
import { majorOf, type ScoredOption } from '@truecount/protocol';
import type { CustomSeriesRenderItem } from 'echarts';
import type { ChartOption, Ink } from '../chart/chart.tsx';
import type { Words } from '../words/use-words.ts';

/** @param best options, best first */
export function optionsChart(best: readonly ScoredOption[], words: Words, ink: Ink): ChartOption {
  const shown = best.toReversed();
  const currency = best[0]?.expected.currency ?? 'EUR';
  const { locale } = words;
  const money = new Intl.NumberFormat(locale, { style: 'currency', currency, maximumFractionDigits: 0 });
  const whisker: CustomSeriesRenderItem = (_, api) => {
    const row = Number(api.value(0));
    const [left = 0, y = 0] = api.coord([Number(api.value(1)), row]);
    const [right = 0] = api.coord([Number(api.value(2)), row]);
    const style = { stroke: ink.text, lineWidth: 1.5 };
    const line = (x1: number, y1: number, x2: number, y2: number) =>
      ({ type: 'line', shape: { x1, y1, x2, y2 }, style }) as const;
    return {
      type: 'group',
      children: [line(left, y, right, y), line(left, y - 4, left, y + 4), line(right, y - 4, right, y + 4)],
    };
  };
  return {
    grid: {
      left: 8,
      right: 24,
      top: 4,
      bottom: 24,
      outerBoundsMode: 'same',
      outerBoundsContain: 'axisLabel',
    },
    xAxis: {
      type: 'value',
      axisLabel: { color: ink.text, formatter: (value: number) => money.format(value) },
      splitLine: { lineStyle: { color: ink.line } },
    },
    yAxis: {
      type: 'category',
      data: shown.map(({ text }) => text),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.text } },
      axisLabel: { color: ink.ink, width: 210, overflow: 'truncate', fontSize: 13 },
    },
    series: [
      {
        type: 'bar',
        barWidth: 14,
        data: shown.map(({ expected, chosen }) => ({
          value: majorOf(expected),
          itemStyle: { color: chosen ? ink.accent : ink.bar, borderRadius: 3 },
        })),
      },
      {
        type: 'custom',
        renderItem: whisker,
        encode: { x: [1, 2], y: 0 },
        data: shown.map(({ expected, spread }, row) => {
          const value = majorOf(expected);
          const reach = majorOf(spread);
          return [row, value - reach, value + reach];
        }),
        z: 3,
      },
    ],
  };
}
