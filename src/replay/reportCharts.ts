import { barSeries, COLOURS, chartOf, lineSeries, type Series } from '../artefacts/pages/chartParts.ts';
import { alertPoints, errorOverTime, LIMIT, REFERENCE } from '../artefacts/pages/errorOverTime.ts';
import { fittingChart } from '../artefacts/pages/fittingChart.ts';
import type { ReplayedRun } from './replayFacts.ts';

const SIZE = { width: 1080, height: 340 };

/** What drift is held against, relative: `monitoring.drift_threshold_rmse` and `drift_threshold_r2` of the config. */
export interface DriftThresholds {
  readonly rmse: number;
  readonly r2: number;
}

/** The charts of a report, each as HTML. */
export interface ReportCharts {
  readonly revenue: string;
  readonly rmse: string;
  readonly r2: string;
  readonly psi: string | null;
}

/** The charts of the report of a replay. @param runs in the order of their cutoffs. */
export async function reportCharts(
  runs: readonly ReplayedRun[],
  thresholds: DriftThresholds,
): Promise<ReportCharts> {
  const cutoffs = runs.map((run) => run.cutoff);
  // A line through one point cannot be seen.
  const hasPoints = runs.length === 1;
  const chart = (title: string, yName: string, series: readonly Series[]): Promise<string> =>
    fittingChart(title, SIZE, (isNarrow) =>
      chartOf({ categories: cutoffs, xName: 'Cutoff of the run', yName }, series, isNarrow),
    );
  return {
    revenue: await chart('Predicted and realised revenue of each run', 'Revenue of the window', [
      barSeries(
        'Predicted',
        COLOURS.predicted,
        runs.map((run) => run.predictedRevenue),
      ),
      barSeries(
        'Realised',
        COLOURS.actual,
        runs.map((run) => run.actualRevenue),
      ),
    ]),
    rmse: await fittingChart('RMSE of each matured window against its baseline', SIZE, (isNarrow) =>
      errorOverTime(
        runs.map((run) => ({
          cutoff: run.cutoff,
          rmse: run.rmse,
          baselineRmse: run.baselineRmse,
          alertAbove: run.baselineRmse && run.baselineRmse * (1 + thresholds.rmse),
          isAlert: run.alertReasons.includes('rmse'),
        })),
        isNarrow,
      ),
    ),
    r2: await chart('R² of each matured window against its baseline', 'R²', [
      lineSeries(
        'R²',
        COLOURS.predicted,
        runs.map((run) => run.r2),
      ),
      lineSeries(
        'Baseline',
        COLOURS.faint,
        runs.map((run) => run.baselineR2),
        { ...REFERENCE, hasPoints },
      ),
      lineSeries(
        'Alert below',
        COLOURS.alert,
        runs.map(({ baselineR2: base }) =>
          base === null ? null : base > 0 ? base * (1 - thresholds.r2) : base - thresholds.r2,
        ),
        { ...LIMIT, hasPoints },
      ),
      alertPoints(runs.map((run) => (run.alertReasons.includes('r2') ? run.r2 : null))),
    ]),
    psi: runs.every((run) => run.psi === null)
      ? null
      : await chart('Largest population stability index of each run', 'Largest PSI', [
          lineSeries(
            'Largest PSI of any feature',
            COLOURS.predicted,
            runs.map((run) => run.psi),
          ),
          lineSeries(
            'Moderate (0.1)',
            COLOURS.actual,
            cutoffs.map(() => 0.1),
            { ...LIMIT, hasPoints },
          ),
          lineSeries(
            'Large (0.25)',
            COLOURS.alert,
            cutoffs.map(() => 0.25),
            { ...LIMIT, hasPoints },
          ),
        ]),
  };
}
