import { addMonths, type IsoDate } from '../../domain/calendar/dates.ts';
import type { Season } from '../../domain/forecast/season/season.ts';
import { barSeries, COLOURS, chartFrame, lineSeries } from './chartParts.ts';
import { chartSvg } from './chartSvg.ts';

/** Draws a season as bars of twelve months, from the one that begins in January on, as SVG. */
export function seasonChart({ anchor, index }: Season): Promise<string> {
  const months = index
    .map((factor, k) => ({ start: addMonths(anchor, k), factor }))
    .sort((a, b) => (a.start.slice(5) < b.start.slice(5) ? -1 : 1));
  const frame = chartFrame({
    categories: months.map(({ start }) => labelOf(start, anchor.endsWith('-01'))),
    xName: 'Month',
    yName: 'Times a usual day',
  });
  const series = [
    barSeries(
      'Orders of a customer',
      COLOURS.predicted,
      months.map(({ factor }) => Number(factor.toFixed(3))),
    ),
    lineSeries(
      'usual day',
      COLOURS.faint,
      months.map(() => 1),
      { width: 1.5, dash: 'dashed', hasPoints: false },
    ),
  ];
  return chartSvg({ ...frame, series }, { width: 1080, height: 300 });
}

/** `Jan`; `from 15 Jan` where months do not begin on the first. */
function labelOf(start: IsoDate, isFirst: boolean): string {
  const name = new Date(start).toLocaleString('en-GB', { month: 'short', timeZone: 'UTC' });
  return isFirst ? name : `from ${Number(start.slice(8))} ${name}`;
}
