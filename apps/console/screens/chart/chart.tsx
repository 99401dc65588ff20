/** A chart drawn by ECharts on a canvas; its library is loaded when the first chart is shown. */
import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useEffectEvent, useRef } from 'react';
import { useThemeChange } from '@truecount/screens/theme-change';

export type ChartOption = EChartsCoreOption;

/** The page's colours as the canvas needs them. */
export interface Ink {
  readonly ink: string;
  readonly text: string;
  readonly line: string;
  readonly bar: string;
  readonly accent: string;
  readonly surface: string;
}

interface ChartProps {
  readonly label: string;
  readonly height: number;
  readonly draw: (ink: Ink) => ChartOption;
}

function inkOf(element: Element): Ink {
  const style = getComputedStyle(element);
  const take = (name: string): string => toRgb(style.getPropertyValue(name).trim());
  return {
    ink: take('--chart-ink'),
    text: take('--chart-text'),
    line: take('--chart-line'),
    bar: take('--chart-bar'),
    accent: take('--chart-accent'),
    surface: take('--chart-surface'),
  };
}

/** ECharts mixes colours itself and reads only the older notations. */
function toRgb(color: string): string {
  const context = new OffscreenCanvas(1, 1).getContext('2d');
  if (!context) return color;
  context.fillStyle = color;
  context.fillRect(0, 0, 1, 1);
  const [red = 0, green = 0, blue = 0] = context.getImageData(0, 0, 1, 1).data;
  return `rgb(${red}, ${green}, ${blue})`;
}

export function Chart(props: ChartProps) {
  // Drawn colours do not follow the theme by themselves: another theme is another chart.
  return (
    <figure className="chart" aria-label={props.label}>
      <Canvas key={useThemeChange()} {...props} />
    </figure>
  );
}

function Canvas({ height, draw }: ChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const redraw = useRef<() => void>(undefined);
  const optionFor = useEffectEvent(
    (element: Element): ChartOption => ({
      // A live update redraws; motion would draw the eye to what did not change.
      animation: false,
      textStyle: { fontFamily: '"Inter Variable", system-ui, sans-serif' },
      ...draw(inkOf(element)),
    }),
  );
  useEffect(() => {
    const element = box.current;
    if (!element) return undefined;
    let stop = (): void => undefined;
    let isGone = false;
    void import('./echarts.ts').then(({ init }) => {
      if (isGone) return;
      const chart = init(element);
      redraw.current = () => chart.setOption(optionFor(element), { notMerge: true });
      redraw.current();
      const watch = new ResizeObserver(() => chart.resize());
      watch.observe(element);
      stop = () => {
        redraw.current = undefined;
        watch.disconnect();
        chart.dispose();
      };
    });
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  useEffect(() => redraw.current?.());
  return <div ref={box} aria-hidden style={{ height }} />;
}
