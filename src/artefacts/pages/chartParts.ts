import { LIGHT } from './theme.ts';

/** The colours of every chart. */
export const COLOURS = {
  ink: LIGHT.ink,
  faint: LIGHT.faint,
  grid: LIGHT.grid,
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

/** Where things stand on wide and on narrow charts, in CSS pixels. */
const WIDE = {
  grid: { right: 24, bottom: 56, left: 88 },
  // Widths of texts are estimated: without room to the right the last one may be cut.
  legend: { top: 8, left: 80, width: 940, itemGap: 24, itemWidth: 25, fontSize: 13 },
  nameGap: 66,
};
const NARROW: typeof WIDE = {
  grid: { right: 14, bottom: 52, left: 74 },
  legend: { top: 4, left: 0, width: 350, itemGap: 20, itemWidth: 18, fontSize: 12 },
  nameGap: 56,
};
const LEGEND_LINE = 24;

/** A series of a chart, as ECharts takes it. */
export type Series = { readonly name: string } & Readonly<Record<string, unknown>>;

/** The ECharts option of series between two axes, with a legend above them. @param isNarrow for a page as narrow as a phone. */
export function chartOf(axes: Axes, series: readonly Series[], isNarrow = false) {
  const { legend, ...frame } = chartFrame(
    axes,
    series.map(({ name }) => name),
    isNarrow,
  );
  const data = series.map(({ name, legendIcon }) => ({ name, icon: legendIcon }));
  return { ...frame, legend: { ...legend, data }, series };
}

/** The part of an option that charts of reports have in common. @param names what the legend has room for. */
export function chartFrame(
  { categories, xName, yName, formatY = plainNumber }: Axes,
  names: readonly string[],
  isNarrow = false,
) {
  const { grid, legend, nameGap } = isNarrow ? NARROW : WIDE;
  const { fontSize, ...placed } = legend;
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: COLOURS.ink },
    grid: { ...grid, top: 28 + LEGEND_LINE * legendLines(names, legend) },
    legend: { ...placed, textStyle: { color: COLOURS.ink, fontSize } },
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
      nameGap,
      nameTextStyle: { color: COLOURS.faint },
      axisLabel: { color: COLOURS.faint, formatter: formatY },
      splitLine: { lineStyle: { color: COLOURS.grid } },
    },
  };
}

/** How many lines a legend takes, by the estimated width of its entries. */
function legendLines(names: readonly string[], { width, itemGap, itemWidth, fontSize }: typeof WIDE.legend) {
  let lines = 1;
  let used = 0;
  for (const name of names) {
    const entry = itemWidth + 5 + name.length * fontSize * 0.6;
    if (used > 0 && used + entry > width) {
      lines++;
      used = 0;
    }
    used += entry + itemGap;
  }
  return lines;
}

/** Ten digits and more would run into the name of the axis: `75 billion` is as wide as a million in digits. */
const LONG_NUMBER = 10_000_000;
const inWords = new Intl.NumberFormat('en-GB', {
  notation: 'compact',
  compactDisplay: 'long',
  maximumFractionDigits: 2,
});

/** A number as axes show it: `−1,500`, `12.5 million`. */
export function plainNumber(value: number): string {
  const size = Math.abs(value);
  const text =
    size < 1
      ? value.toLocaleString('en-GB', { maximumSignificantDigits: 3 })
      : size < LONG_NUMBER
        ? value.toLocaleString('en-GB')
        : inWords.format(value);
  return text.replace('-', '−');
}

/** A series of bars; null leaves a gap. */
export function barSeries(name: string, color: string, data: readonly (number | null)[]): Series {
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
  /** Lies above the others. */
  readonly isOnTop?: boolean;
}

/** Lines without points in the legend, where the library would put a dot on each. */
const LINE_ICONS = {
  solid: 'path://M0,0H24V2H0Z',
  dashed: 'path://M0,0H6V2H0ZM9,0H15V2H9ZM18,0H24V2H18Z',
  dotted: 'path://M0,0H2V2H0ZM5,0H7V2H5ZM10,0H12V2H10ZM15,0H17V2H15ZM20,0H22V2H20Z',
};

/** A series of points that a line joins; null leaves a gap. */
export function lineSeries(
  name: string,
  color: string,
  data: readonly (number | null)[],
  { dash = 'solid', width = 2.5, hasPoints = true, isStepped = false, isOnTop = false }: LineStyle = {},
): Series {
  return {
    name,
    type: 'line',
    z: isOnTop ? 3 : 2,
    step: isStepped ? 'middle' : undefined,
    showSymbol: hasPoints,
    symbol: 'circle',
    symbolSize: 6,
    itemStyle: { color },
    lineStyle: { color, width, type: dash },
    legendIcon: hasPoints ? undefined : LINE_ICONS[dash],
    data,
  };
}
