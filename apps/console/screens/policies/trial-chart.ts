/** Decisions by answer, as they were and as they would have been. */
import type { PolicyTrial } from '@truecount/protocol';
import type { ChartOption, Ink } from '../chart/chart.tsx';
import type { Words } from '../words/use-words.ts';

export function trialChart(
  { before, after }: PolicyTrial,
  { words, say }: { readonly words: Words; readonly say: (option: string) => string },
  ink: Ink,
): ChartOption {
  const names = [...new Set([...Object.keys(before.options), ...Object.keys(after.options)])];
  const bars = (side: PolicyTrial['before'], name: string, color: string) => ({
    name,
    type: 'bar',
    barWidth: 14,
    barGap: '40%',
    itemStyle: { color, borderRadius: 3 },
    data: names.map((option) => side.options[option] ?? 0),
    label: { show: true, position: 'right', color: ink.text, fontSize: 12, formatter: `{c} ${name}` },
  });
  return {
    grid: { left: 8, right: 90, top: 4, bottom: 8, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    xAxis: { type: 'value', axisLabel: { color: ink.text }, splitLine: { lineStyle: { color: ink.line } } },
    yAxis: {
      type: 'category',
      inverse: true,
      data: names.map(say),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: ink.text } },
      axisLabel: { color: ink.ink, fontSize: 13 },
    },
    series: [bars(before, words.t('policy.was'), ink.bar), bars(after, words.t('policy.would'), ink.accent)],
  };
}
