import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { replaceFile } from './replaceFile.ts';

/** One cell of a heat map. */
export interface HeatMapCell {
  readonly column: number;
  readonly row: number;
  /** What its colour stands for; null for a cell that was skipped, which is hatched. */
  readonly value: number | null;
  /** The first line is printed large, the others small below it. */
  readonly lines: readonly string[];
  readonly isOutlined: boolean;
}

/** A table of coloured cells, as it is drawn. */
export interface HeatMap {
  readonly title: string;
  readonly subtitle: string;
  readonly columns: { readonly name: string; readonly labels: readonly string[] };
  readonly rows: { readonly name: string; readonly labels: readonly string[] };
  readonly cells: readonly HeatMapCell[];
  /** What the colours show, and which end is the good one: that end is dark. */
  readonly scale: { readonly name: string; readonly best: 'low' | 'high' };
  readonly legend: string;
}

const CELL = { width: 176, height: 84 };
const MARGIN = { top: 118, right: 150, bottom: 100, left: 122 };
const GAP = 3;
/** Good to poor; even steps of lightness, readable to the colour-blind and in grey. */
const COLOURS = ['#0d3b66', '#2a6f97', '#61a5c2', '#a9d6e5', '#e3f1f6'];
const INK = '#1b2733';
const FAINT = '#66727e';
const OUTLINE = '#e4572e';
const FONT = 'DejaVu Sans';
const PIXELS_PER_POINT = 2;

/** Draws the map and writes it as a PNG that looks the same on every machine: its font comes with the program. Throws FileWriteError. */
export async function writeHeatMap(path: string, map: HeatMap): Promise<void> {
  // Loaded when needed: the chart library would slow the start of every command.
  const { Resvg } = await import('@resvg/resvg-js');
  const require = createRequire(import.meta.url);
  const fonts = dirname(require.resolve('dejavu-fonts-ttf/package.json'));
  const image = new Resvg(await drawSvg(map), {
    fitTo: { mode: 'zoom', value: PIXELS_PER_POINT },
    background: '#ffffff',
    font: {
      fontFiles: [`${fonts}/ttf/DejaVuSans.ttf`, `${fonts}/ttf/DejaVuSans-Bold.ttf`],
      loadSystemFonts: false,
      defaultFontFamily: FONT,
    },
  });
  await replaceFile(path, image.render().asPng());
}

async function drawSvg(map: HeatMap): Promise<string> {
  const echarts = await import('echarts');
  const width = MARGIN.left + MARGIN.right + CELL.width * map.columns.labels.length;
  const height = MARGIN.top + MARGIN.bottom + CELL.height * map.rows.labels.length;
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(optionsOf(map, width, height) as never);
    return chart.renderToSVGString();
  } finally {
    // A chart that is not disposed of keeps the process alive.
    chart.dispose();
  }
}

function optionsOf(map: HeatMap, width: number, height: number): object {
  const values = map.cells.map((cell) => cell.value).filter((value) => value !== null);
  const [low, high] = values.length > 0 ? [Math.min(...values), Math.max(...values)] : [0, 1];
  const colours = map.scale.best === 'low' ? COLOURS : COLOURS.toReversed();
  const axis = ({ name, labels }: HeatMap['columns'], nameGap: number): object => ({
    type: 'category',
    data: labels,
    name,
    nameLocation: 'middle',
    nameGap,
    nameTextStyle: { color: FAINT, fontSize: 14 },
    axisLabel: { color: INK, fontSize: 15, margin: 12, interval: 0 },
    axisLine: { show: false },
    axisTick: { show: false },
  });
  const text = (words: string, y: number, style: object): object => ({
    type: 'text',
    left: 24,
    top: y,
    style: { text: words, fontFamily: FONT, ...style },
  });
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { ...MARGIN },
    xAxis: { ...axis(map.columns, 42), position: 'bottom' },
    yAxis: { ...axis(map.rows, 82), inverse: true },
    graphic: [
      text(map.title, 24, { fontSize: 24, fontWeight: 'bold', fill: INK }),
      text(map.subtitle, 62, { fontSize: 14, fill: FAINT, lineHeight: 20 }),
      text(map.legend, height - 30, { fontSize: 13, fill: FAINT }),
      {
        type: 'text',
        left: width - MARGIN.right + 22,
        top: MARGIN.top,
        style: { text: map.scale.name, fontFamily: FONT, fontSize: 13, fill: FAINT, lineHeight: 18 },
      },
    ],
    visualMap: {
      min: low,
      max: high > low ? high : low + 1e-9,
      dimension: 2,
      inRange: { color: colours },
      calculable: false,
      orient: 'vertical',
      right: MARGIN.right - 62,
      top: MARGIN.top + 62,
      itemWidth: 16,
      itemHeight: 160,
      show: values.length > 0,
      text: [short(high), short(low)],
      textStyle: { color: INK, fontSize: 13 },
      seriesIndex: 0,
    },
    series: [
      {
        type: 'custom',
        data: map.cells.map((cell) => [cell.column, cell.row, cell.value ?? '-']),
        renderItem: (params: { dataIndex: number }, api: RenderApi) => {
          const cell = map.cells[params.dataIndex];
          const [x, y] = api.coord([cell.column, cell.row]);
          const box = {
            x: x - CELL.width / 2 + GAP,
            y: y - CELL.height / 2 + GAP,
            width: CELL.width - 2 * GAP,
            height: CELL.height - 2 * GAP,
          };
          const share = cell.value === null || high === low ? 0 : (cell.value - low) / (high - low);
          const isDark = cell.value !== null && (map.scale.best === 'low' ? share : 1 - share) < 0.45;
          const children = [
            cell.value === null ? hatching(box) : filled(box, api.visual('color')),
            ...captions(cell, box, cell.value === null ? FAINT : isDark ? '#ffffff' : INK),
            ...(cell.isOutlined ? [outline(box)] : []),
          ];
          return { type: 'group', children };
        },
      },
    ],
  };
}

interface RenderApi {
  coord(at: readonly [number, number]): [number, number];
  visual(name: 'color'): string;
}

interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

function filled(box: Box, fill: string): object {
  return { type: 'rect', shape: { ...box, r: 6 }, style: { fill } };
}

function hatching(box: Box): object {
  const lines = [];
  for (let at = -box.height; at < box.width; at += 11) {
    lines.push({
      type: 'line',
      shape: { x1: box.x + at, y1: box.y + box.height, x2: box.x + at + box.height, y2: box.y },
      style: { stroke: '#d5dbe1', lineWidth: 2 },
    });
  }
  return {
    type: 'group',
    clipPath: { type: 'rect', shape: { ...box, r: 6 } },
    children: [{ type: 'rect', shape: box, style: { fill: '#f4f6f8' } }, ...lines],
  };
}

function outline(box: Box): object {
  return {
    type: 'rect',
    shape: { ...box, r: 6 },
    style: { fill: 'none', stroke: OUTLINE, lineWidth: 5 },
  };
}

function captions(cell: HeatMapCell, box: Box, colour: string): object[] {
  const isSkipped = cell.value === null;
  const heights = cell.lines.map((_, i) => (i === 0 && !isSkipped ? 25 : 17));
  let y = box.y + box.height / 2 - heights.reduce((sum, it) => sum + it, 0) / 2;
  return cell.lines.map((text, i) => {
    const isHead = i === 0 && !isSkipped;
    const top = y + heights[i] / 2;
    y += heights[i];
    return {
      type: 'text',
      x: box.x + box.width / 2,
      y: top,
      style: {
        text,
        fontFamily: FONT,
        fontSize: isHead ? 19 : 12,
        fontWeight: isHead ? 'bold' : 'normal',
        fill: colour,
        align: 'center',
        verticalAlign: 'middle',
        ...(isSkipped && { stroke: '#f4f6f8', lineWidth: 4 }),
      },
    };
  });
}

function short(value: number): string {
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 3 }).replace('-', '−');
}
