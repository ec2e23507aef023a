import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { chartSvg } from './chartSvg.ts';
import { colourAt, inkOn } from './heatMapColours.ts';

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
/** A single row is as high as the name of the rows is long, which stands upright beside it. */
const LONE_ROW_HEIGHT = 136;
const MARGIN = { top: 118, right: 150, bottom: 44, left: 122 };
/** Labels and name of the columns, below the table. */
const AXIS_HEIGHT = 58;
/** Room for the title and the legend of a table of few columns. */
const LEAST_WIDTH = 760;
const GAP = 3;
const SCALE = { left: 22, top: 68, width: 16, height: 140, steps: 9 };
const INK = '#1b2733';
const FAINT = '#5b6772';
const OUTLINE = '#e4572e';
const FONT = 'DejaVu Sans';
/** Widths of the widest digit, as a share of the size of the font. */
const DIGIT = { bold: 0.7, normal: 0.64 };
/** Pictures are twice as fine as their measures say, unless that makes them wider than this. */
const MOST_PIXELS = 6000;

/** Draws the map as a PNG that looks the same on every machine: its font comes with the program. */
export async function drawHeatMap(map: HeatMap): Promise<Uint8Array> {
  // Loaded when needed, as the chart library is: both would slow the start of every command.
  const { Resvg } = await import('@resvg/resvg-js');
  const require = createRequire(import.meta.url);
  const fonts = dirname(require.resolve('dejavu-fonts-ttf/package.json'));
  const { svg, width } = await drawSvg(map);
  const image = new Resvg(svg, {
    fitTo: { mode: 'zoom', value: Math.min(2, Math.max(1, MOST_PIXELS / width)) },
    background: '#ffffff',
    font: {
      fontFiles: [`${fonts}/ttf/DejaVuSans.ttf`, `${fonts}/ttf/DejaVuSans-Bold.ttf`],
      loadSystemFonts: false,
      defaultFontFamily: FONT,
    },
  });
  return image.render().asPng();
}

/** Draws the map as SVG; gives its width in CSS pixels too. */
async function drawSvg(map: HeatMap): Promise<{ readonly svg: string; readonly width: number }> {
  const table = {
    left: MARGIN.left,
    top: MARGIN.top,
    width: CELL.width * map.columns.labels.length,
    height: map.rows.labels.length === 1 ? LONE_ROW_HEIGHT : CELL.height * map.rows.labels.length,
  };
  const width = Math.max(LEAST_WIDTH, MARGIN.left + table.width + MARGIN.right);
  const height = MARGIN.top + Math.max(table.height + AXIS_HEIGHT, SCALE.top + SCALE.height) + MARGIN.bottom;
  return { svg: await chartSvg(optionsOf(map, table, height), { width, height }, map.title), width };
}

function optionsOf(
  map: HeatMap,
  table: { readonly left: number; readonly top: number; readonly width: number; readonly height: number },
  height: number,
): object {
  const values = map.cells.map((cell) => cell.value).filter((value) => value !== null);
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const rowHeight = table.height / map.rows.labels.length;
  /** 0 for the best value, 1 for the poorest. */
  const shareOf = (value: number): number => {
    const share = high > low ? (value - low) / (high - low) : 0;
    return map.scale.best === 'low' || high === low ? share : 1 - share;
  };
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
  return {
    animation: false,
    textStyle: { fontFamily: FONT },
    grid: { ...table },
    xAxis: { ...axis(map.columns, 42), position: 'bottom' },
    yAxis: { ...axis(map.rows, 82), inverse: true },
    graphic: [
      words(map.title, 24, 24, { fontSize: 24, fontWeight: 'bold', fill: INK }),
      words(map.subtitle, 24, 62, { fontSize: 14, fill: FAINT, lineHeight: 20 }),
      words(map.legend, 24, height - 30, { fontSize: 13, fill: FAINT }),
      ...(values.length > 0 ? colourScale(map.scale, table.left + table.width, low, high) : []),
    ],
    series: [
      {
        type: 'custom',
        data: map.cells.map((cell) => [cell.column, cell.row]),
        renderItem: (params: { dataIndex: number }, api: RenderApi) => {
          const cell = map.cells[params.dataIndex];
          const [x, y] = api.coord([cell.column, cell.row]);
          const box = {
            x: x - CELL.width / 2 + GAP,
            y: y - rowHeight / 2 + GAP,
            width: CELL.width - 2 * GAP,
            height: rowHeight - 2 * GAP,
          };
          const colour = cell.value === null ? null : colourAt(shareOf(cell.value));
          const children = [
            colour === null ? hatching(box) : filled(box, colour),
            ...captions(cell, box, colour === null ? FAINT : inkOn(colour)),
            ...(cell.isOutlined ? [outline(box)] : []),
          ];
          return { type: 'group', children };
        },
      },
    ],
  };
}

function words(text: string, left: number, top: number, style: object): object {
  return { type: 'text', left, top, style: { text, fontFamily: FONT, ...style } };
}

/** What the colours stand for, right of the table: the good end, which is dark, is below where the low one is best. */
function colourScale(
  { name, best }: HeatMap['scale'],
  tableEnd: number,
  low: number,
  high: number,
): object[] {
  const left = tableEnd + SCALE.left;
  const top = MARGIN.top + SCALE.top;
  const stops = Array.from({ length: SCALE.steps }, (_, i) => i / (SCALE.steps - 1)).map((offset) => ({
    offset,
    color: colourAt(best === 'low' ? 1 - offset : offset),
  }));
  const bound = (value: number, y: number): object =>
    words(short(value), left + SCALE.width + 8, y, { fontSize: 13, fill: INK });
  const isFlat = high === low;
  return [
    words(name, left, MARGIN.top, { fontSize: 13, fill: FAINT, lineHeight: 18 }),
    {
      type: 'rect',
      left,
      top,
      shape: { width: SCALE.width, height: isFlat ? SCALE.width : SCALE.height, r: 3 },
      style: {
        fill: isFlat ? colourAt(0) : { type: 'linear', x: 0, y: 0, x2: 0, y2: 1, colorStops: stops },
      },
    },
    bound(high, top + 1),
    ...(isFlat ? [] : [bound(low, top + SCALE.height - 14)]),
  ];
}

interface RenderApi {
  coord(at: readonly [number, number]): [number, number];
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
    const widest = (box.width - 12) / (text.length * (isHead ? DIGIT.bold : DIGIT.normal));
    const top = y + heights[i] / 2;
    y += heights[i];
    return {
      type: 'text',
      x: box.x + box.width / 2,
      y: top,
      style: {
        text,
        fontFamily: FONT,
        fontSize: Math.min(isHead ? 19 : 12, widest),
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
  const notation = Math.abs(value) < 1e6 ? 'standard' : 'compact';
  return value.toLocaleString('en-GB', { maximumSignificantDigits: 3, notation }).replace('-', '−');
}
