/** The colours of every report. */
export const COLOURS = {
  ink: '#1b2733',
  faint: '#66727e',
  grid: '#e6eaee',
  predicted: '#2a6f97',
  actual: '#e0a030',
  alert: '#c8402a',
} as const;

/** What the axes of a chart say. */
export interface Axes {
  /** What stands along the horizontal axis, in order. */
  readonly categories: readonly string[];
  readonly xName: string;
  readonly yName: string;
  /** A value as the vertical axis shows it; default a plain number. */
  readonly formatY?: (value: number) => string;
}

/** The part of an ECharts option that charts of reports have in common: two axes and a legend above them. */
export function chartFrame({ categories, xName, yName, formatY = plainNumber }: Axes) {
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: COLOURS.ink },
    grid: { top: 52, right: 24, bottom: 56, left: 88 },
    legend: { top: 8, left: 80, itemGap: 24, textStyle: { color: COLOURS.ink, fontSize: 13 } },
    xAxis: {
      type: 'category',
      data: categories,
      name: xName,
      nameLocation: 'middle',
      nameGap: 34,
      nameTextStyle: { color: COLOURS.faint },
      axisLabel: { color: COLOURS.faint, hideOverlap: true, lineHeight: 15 },
      axisTick: { alignWithLabel: true },
      axisLine: { lineStyle: { color: COLOURS.faint } },
    },
    yAxis: {
      type: 'value',
      name: yName,
      nameLocation: 'middle',
      nameGap: 66,
      nameTextStyle: { color: COLOURS.faint },
      axisLabel: { color: COLOURS.faint, formatter: formatY },
      splitLine: { lineStyle: { color: COLOURS.grid } },
    },
  };
}

/** Ten digits and more would run into the name of the axis: `75 billion` is as wide as a million in digits. */
const LONG_NUMBER = 10_000_000;
const inWords = new Intl.NumberFormat('en-GB', {
  notation: 'compact',
  compactDisplay: 'long',
  maximumFractionDigits: 2,
});

function plainNumber(value: number): string {
  if (Math.abs(value) < 1) return value.toLocaleString('en-GB', { maximumSignificantDigits: 3 });
  return Math.abs(value) < LONG_NUMBER ? value.toLocaleString('en-GB') : inWords.format(value);
}

/** A series of bars; null leaves a gap. */
export function barSeries(name: string, color: string, data: readonly (number | null)[]): object {
  return { name, type: 'bar', itemStyle: { color }, barGap: '10%', barMaxWidth: 18, data };
}

/** How a line looks. */
export interface LineStyle {
  readonly dash?: 'solid' | 'dashed' | 'dotted';
  /** In CSS pixels. */
  readonly width?: number;
  readonly hasPoints?: boolean;
  /** Goes from value to value in steps. */
  readonly isStepped?: boolean;
}

/** A series of points that a line joins; null leaves a gap. */
export function lineSeries(
  name: string,
  color: string,
  data: readonly (number | null)[],
  { dash = 'solid', width = 2.5, hasPoints = true, isStepped = false }: LineStyle = {},
): object {
  return {
    name,
    type: 'line',
    step: isStepped ? 'middle' : undefined,
    showSymbol: hasPoints,
    symbol: 'circle',
    symbolSize: 6,
    itemStyle: { color },
    lineStyle: { color, width, type: dash },
    data,
  };
}
