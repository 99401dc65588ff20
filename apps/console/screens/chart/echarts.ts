/** The parts of ECharts that the console draws with. */
import { BarChart, CustomChart, LineChart, SankeyChart } from 'echarts/charts';
import { GridComponent } from 'echarts/components';
import { init as initChart, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';

use([BarChart, CustomChart, LineChart, SankeyChart, GridComponent, CanvasRenderer]);

export const init = (element: HTMLElement) => initChart(element, null, { renderer: 'canvas' });
