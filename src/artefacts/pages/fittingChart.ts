import { type ChartSize, chartSvg } from './chartSvg.ts';

/** As wide as the text of a phone. */
const NARROW: ChartSize = { width: 360, height: 300 };

/**
 * A chart drawn twice, for wide and for narrow pages, of which the page shows the one that fits: text that is shrunk to a
 * third cannot be read. HTML.
 *
 * @param name what screen readers say in its place. @param draw its ECharts option.
 */
export async function fittingChart(
  name: string,
  wide: ChartSize,
  draw: (isNarrow: boolean) => object,
  narrow = NARROW,
): Promise<string> {
  return `<div class="wide">${await chartSvg(draw(false), wide, name)}</div><div class="narrow">${await chartSvg(draw(true), narrow, name)}</div>`;
}
