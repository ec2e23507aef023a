/** A chart's size in CSS pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/** Draws an ECharts option as SVG, without a browser. */
export async function chartSvg(option: object, { width, height }: ChartSize): Promise<string> {
  // Loaded when needed: the chart library would slow the start of every command.
  const echarts = await import('echarts');
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option as never);
    return chart.renderToSVGString();
  } finally {
    // A chart that is not disposed of keeps the process alive.
    chart.dispose();
  }
}
