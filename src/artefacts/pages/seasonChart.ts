import { addMonths, type IsoDate } from '../../domain/calendar/dates.ts';
import type { Season } from '../../domain/forecast/season/season.ts';
import { barSeries, COLOURS, chartOf, lineSeries } from './chartParts.ts';
import { fittingChart } from './fittingChart.ts';

/** Draws a season as bars of twelve months, from the one that begins in January on; HTML. */
export function seasonChart({ anchor, index }: Season): Promise<string> {
  const months = index
    .map((factor, k) => ({ start: addMonths(anchor, k), factor }))
    .sort((a, b) => (a.start.slice(5) < b.start.slice(5) ? -1 : 1));
  const axes = {
    categories: months.map(({ start }) => labelOf(start, anchor.endsWith('-01'))),
    xName: 'Month',
    yName: 'Times a usual day',
  };
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
  return fittingChart('Orders by month of the year', { width: 1080, height: 300 }, (isNarrow) =>
    chartOf(axes, series, isNarrow),
  );
}

/** `Jan`; `from 15 Jan` where months do not begin on the first. */
function labelOf(start: IsoDate, isFirst: boolean): string {
  const name = new Date(start).toLocaleString('en-GB', { month: 'short', timeZone: 'UTC' });
  return isFirst ? name : `from ${Number(start.slice(8))} ${name}`;
}
