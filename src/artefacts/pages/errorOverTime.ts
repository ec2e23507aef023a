import type { IsoDate } from '../../domain/calendar/dates.ts';
import { COLOURS, chartOf, type LineStyle, lineSeries, type Series } from './chartParts.ts';

/** What a window is held against: the same from one change of model or threshold to the next. */
export const REFERENCE: LineStyle = { dash: 'solid', width: 1.5, hasPoints: false, isStepped: true };
/** The line of the error from which on an alert is raised. */
export const LIMIT: LineStyle = { ...REFERENCE, dash: 'dashed' };

/** The error of one window and what it is held against, in currency; null where it is not known yet. */
export interface WindowError {
  readonly cutoff: IsoDate;
  readonly rmse: number | null;
  readonly baselineRmse: number | null;
  /** An RMSE above this is an alert. */
  readonly alertAbove: number | null;
  readonly isAlert: boolean;
}

/** The chart of the error of windows over their cutoffs, alerts marked, as an ECharts option. @param isNarrow as on a phone. */
export function errorOverTime(windows: readonly WindowError[], isNarrow = false): object {
  // A line through one point cannot be seen.
  const hasPoints = windows.length === 1;
  return chartOf(
    { categories: windows.map(({ cutoff }) => cutoff), xName: 'Cutoff of the run', yName: 'RMSE' },
    [
      lineSeries(
        'RMSE',
        COLOURS.predicted,
        windows.map(({ rmse }) => rmse),
      ),
      lineSeries(
        'Baseline',
        COLOURS.faint,
        windows.map(({ baselineRmse }) => baselineRmse),
        { ...REFERENCE, hasPoints },
      ),
      lineSeries(
        'Alert above',
        COLOURS.alert,
        windows.map(({ alertAbove }) => alertAbove),
        { ...LIMIT, hasPoints },
      ),
      alertPoints(windows.map(({ isAlert, rmse }) => (isAlert ? rmse : null))),
    ],
    isNarrow,
  );
}

/** Marks where windows raised an alert; null for no mark. */
export function alertPoints(values: readonly (number | null)[]): Series {
  return {
    name: 'Alert',
    type: 'scatter',
    symbolSize: 13,
    itemStyle: { color: COLOURS.alert },
    z: 5,
    data: values,
  };
}
