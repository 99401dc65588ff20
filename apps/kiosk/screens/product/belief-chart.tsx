/** The belief as bars over on-hand, drawn by uPlot; none on hand and the record's claim stand out. */
import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import { useWords } from '../words/use-words.ts';
import { useThemeChange } from '@truecount/screens/theme-change';
import { type BeliefBar, type BeliefBars, beliefBars } from './belief-bars.ts';

interface ChartProps {
  readonly pmf: readonly number[];
  readonly record: number;
}

const HEIGHT_PX = 240;

interface Ink {
  readonly bar: string;
  readonly gone: string;
  readonly record: string;
  readonly text: string;
  readonly grid: string;
}

function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const take = (name: string): string => style.getPropertyValue(name).trim();
  return {
    bar: take('--chart-bar'),
    gone: take('--chart-gone'),
    record: take('--chart-record'),
    text: take('--chart-text'),
    grid: take('--chart-grid'),
  };
}

/** Labels that fit beside each other: single numbers, and ranges. */
const MOST_NUMBERS = 9;
const MOST_RANGES = 5;
const labelOf = ({ from, to }: BeliefBar): string => (from === to ? String(from) : `${from}–${to}`);

function optionsOf({ bars, recordAt }: BeliefBars, ink: Ink, width: number, locale: string): uPlot.Options {
  const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 0 });
  const font = '500 14px "Inter Variable", system-ui, sans-serif';
  const isGrouped = bars.some(({ from, to }) => from !== to);
  const every = Math.ceil(bars.length / (isGrouped ? MOST_RANGES : MOST_NUMBERS));
  const paths = uPlot.paths.bars?.({
    size: [0.72, 56],
    radius: 0.18,
    disp: { fill: { unit: 3, values: () => bars.map(({ to }) => (to === 0 ? ink.gone : ink.bar)) } },
  });
  return {
    width,
    height: HEIGHT_PX,
    legend: { show: false },
    cursor: { show: false },
    padding: [22, 8, 0, 0],
    scales: {
      x: { time: false, range: [-0.6, bars.length - 0.4] },
      y: { range: [0, Math.max(...bars.map(({ probability }) => probability), 0.05) * 1.05] },
    },
    axes: [
      {
        stroke: ink.text,
        font,
        grid: { show: false },
        ticks: { show: false },
        splits: () => bars.map((_, index) => index).filter((index) => index % every === 0),
        values: (_, splits) => splits.map((index) => (bars[index] ? labelOf(bars[index]) : '')),
        size: 30,
        gap: 8,
      },
      {
        stroke: ink.text,
        font,
        grid: { stroke: ink.grid, width: 1 },
        ticks: { show: false },
        values: (_, splits) => splits.map((p) => percent.format(p)),
        size: 52,
        space: 44,
      },
    ],
    series: [{}, { ...(paths ? { paths } : {}), points: { show: false }, width: 0, fill: ink.bar }],
    hooks: { draw: recordAt === undefined ? [] : [(plot) => drawRecord(plot, recordAt, ink.record)] },
  };
}

function drawRecord(plot: uPlot, at: number, color: string): void {
  const { ctx, bbox } = plot;
  const x = Math.round(plot.valToPos(at, 'x', true));
  ctx.save();
  ctx.strokeStyle = color;
  ctx.lineWidth = 2 * devicePixelRatio;
  ctx.setLineDash([5 * devicePixelRatio, 4 * devicePixelRatio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top - 14 * devicePixelRatio);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.restore();
}

export function BeliefChart(props: ChartProps) {
  const { t, percent } = useWords();
  const { pmf, record } = props;
  const gone = percent(pmf[0] ?? 0);
  // Drawn colours do not follow the theme by themselves: another theme is another plot.
  return (
    <figure className="belief-chart" aria-label={t('product.chart', { gone, record })}>
      <Plot key={useThemeChange()} {...props} />
      <figcaption className="belief-legend">
        <span className="legend-gone">{t('product.legend-gone', { percent: gone })}</span>
        <span className="legend-record">{t('product.legend-record')}</span>
      </figcaption>
    </figure>
  );
}

function Plot({ pmf, record }: ChartProps) {
  const { locale } = useWords();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    const belief = beliefBars(pmf, record);
    const options = optionsOf(belief, inkOf(element), element.clientWidth, locale);
    const data: uPlot.AlignedData = [
      belief.bars.map((_, index) => index),
      belief.bars.map(({ probability }) => probability),
    ];
    const plot = new uPlot(options, data, element);
    const watch = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height: HEIGHT_PX }));
    watch.observe(element);
    return () => {
      watch.disconnect();
      plot.destroy();
    };
  }, [pmf, record, locale]);
  return <div ref={box} className="belief-plot" aria-hidden />;
}
