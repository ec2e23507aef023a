import { createHash } from 'node:crypto';
import { loadChartLibrary } from './chartLibrary.ts';
import { escaped } from './htmlPage.ts';

/** A chart's size in CSS pixels. */
export interface ChartSize {
  readonly width: number;
  readonly height: number;
}

/**
 * Draws an ECharts option as SVG, without a browser. The same option gives the same bytes, whatever was drawn before, and
 * the ids in it are unlike those of another chart on the same page.
 *
 * @param name what screen readers say in its place; text.
 */
export async function chartSvg(option: object, { width, height }: ChartSize, name: string): Promise<string> {
  const chart = loadChartLibrary().init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(option as never);
    return asStillImage(chart.renderToSVGString()).replace(
      '<svg ',
      () => `<svg role="img" aria-label="${escaped(name)}" `,
    );
  } finally {
    // A chart that is not disposed of keeps the process alive.
    chart.dispose();
  }
}

/**
 * Takes out what only a moving chart needs (marks and styles for the pointer), and names clip paths by what the chart
 * shows: the library numbers them by how many charts the process has drawn.
 */
function asStillImage(svg: string): string {
  const still = svg
    .replace(/<style ?>[\s\S]*?<\/style>/g, '')
    .replace(/ (?:class|ecmeta_\w+)="[^"]*"/g, '')
    .replace(/( id="|="url\(#)zr\d+-/g, '$1chart-');
  const name = createHash('sha256').update(still).digest('hex').slice(0, 12);
  return still.replace(/( id="|="url\(#)chart-/g, `$1${name}-`);
}
