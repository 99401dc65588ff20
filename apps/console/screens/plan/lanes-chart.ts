/** Donors on the left, receivers on the right, lanes as wide as the units on them. */
import type { ChartOption, Ink } from '../chart/chart.tsx';
import type { Words } from '../words/use-words.ts';
import type { Lane } from './lanes.ts';

export function lanesChart(lanes: readonly Lane[], { t }: Words, ink: Ink): ChartOption {
  const names = new Map<string, string>();
  for (const { from, to, fromName, toName } of lanes) {
    names.set(`from|${from}`, fromName);
    names.set(`to|${to}`, toName);
  }
  const label = { color: ink.ink, fontSize: 13, fontWeight: 600 } as const;
  return {
    series: [
      {
        type: 'sankey',
        left: 130,
        right: 130,
        top: 8,
        bottom: 8,
        nodeWidth: 10,
        nodeGap: 18,
        draggable: false,
        emphasis: { disabled: true },
        data: [...names].map(([id, name]) => ({
          name: id,
          itemStyle: { color: ink.accent, borderWidth: 0 },
          label: { ...label, position: id.startsWith('from|') ? 'left' : 'right', formatter: name },
        })),
        links: lanes.map(({ from, to, units, products }) => ({
          source: `from|${from}`,
          target: `to|${to}`,
          value: units,
          edgeLabel: {
            show: true,
            color: ink.ink,
            fontSize: 12,
            formatter: t('plan.lane', { count: units, products }),
          },
        })),
        lineStyle: { color: ink.accent, opacity: 0.18, curveness: 0.5 },
      },
    ],
  };
}
