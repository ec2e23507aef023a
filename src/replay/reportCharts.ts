import { barSeries, COLOURS, chartFrame, type LineStyle, lineSeries } from '../artefacts/chartParts.ts';
import { chartSvg } from '../artefacts/chartSvg.ts';
import type { ReplayedRun } from './replayFacts.ts';

const SIZE = { width: 1080, height: 340 };
/** What a window is held against: the same from one change of model or threshold to the next. */
const REFERENCE: LineStyle = { dash: 'solid', width: 1.5, hasPoints: false, isStepped: true };
const LIMIT: LineStyle = { ...REFERENCE, dash: 'dashed' };

/** What drift is held against, relative: `monitoring.drift_threshold_rmse` and `drift_threshold_r2` of the config. */
export interface DriftThresholds {
  readonly rmse: number;
  readonly r2: number;
}

/** The charts of a report, each as SVG. */
export interface ReportCharts {
  readonly revenue: string;
  readonly rmse: string;
  readonly r2: string;
  readonly psi: string | null;
}

export async function reportCharts(
  runs: readonly ReplayedRun[],
  thresholds: DriftThresholds,
): Promise<ReportCharts> {
  const cutoffs = runs.map((run) => run.cutoff);
  const frame = (yName: string) => chartFrame({ categories: cutoffs, xName: 'Cutoff of the run', yName });
  const alerts = (value: (run: ReplayedRun) => number | null): object => ({
    name: 'Alert',
    type: 'scatter',
    symbolSize: 13,
    itemStyle: { color: COLOURS.alert },
    z: 5,
    data: runs.map((run) => (run.isAlert ? value(run) : null)),
  });
  return {
    revenue: await chartSvg(
      {
        ...frame('Revenue of the window'),
        series: [
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
        ],
      },
      SIZE,
    ),
    rmse: await chartSvg(
      {
        ...frame('RMSE'),
        series: [
          lineSeries(
            'RMSE',
            COLOURS.predicted,
            runs.map((run) => run.rmse),
          ),
          lineSeries(
            'Baseline',
            COLOURS.faint,
            runs.map((run) => run.baselineRmse),
            REFERENCE,
          ),
          lineSeries(
            'Alert above',
            COLOURS.alert,
            runs.map((run) => run.baselineRmse && run.baselineRmse * (1 + thresholds.rmse)),
            LIMIT,
          ),
          alerts((run) => run.rmse),
        ],
      },
      SIZE,
    ),
    r2: await chartSvg(
      {
        ...frame('R²'),
        series: [
          lineSeries(
            'R²',
            COLOURS.predicted,
            runs.map((run) => run.r2),
          ),
          lineSeries(
            'Baseline',
            COLOURS.faint,
            runs.map((run) => run.baselineR2),
            REFERENCE,
          ),
          lineSeries(
            'Alert below',
            COLOURS.alert,
            runs.map(({ baselineR2: base }) =>
              base === null ? null : base > 0 ? base * (1 - thresholds.r2) : base - thresholds.r2,
            ),
            LIMIT,
          ),
          alerts((run) => run.r2),
        ],
      },
      SIZE,
    ),
    psi: runs.every((run) => run.psi === null)
      ? null
      : await chartSvg(
          {
            ...frame('Largest PSI'),
            series: [
              lineSeries(
                'Largest PSI of any feature',
                COLOURS.predicted,
                runs.map((run) => run.psi),
              ),
              lineSeries(
                'Moderate (0.1)',
                COLOURS.actual,
                cutoffs.map(() => 0.1),
                LIMIT,
              ),
              lineSeries(
                'Large (0.25)',
                COLOURS.alert,
                cutoffs.map(() => 0.25),
                LIMIT,
              ),
            ],
          },
          SIZE,
        ),
  };
}
