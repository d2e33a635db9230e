// The parts of ECharts that the console draws with, in a bundle of its own that is fetched with the first chart.
import { BarChart, CustomChart, LineChart, SankeyChart, ScatterChart } from "echarts/charts";
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { CanvasRenderer } from "echarts/renderers";

use([BarChart, CustomChart, LineChart, SankeyChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, LabelLayout, CanvasRenderer]);

export { init };
