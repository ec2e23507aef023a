import { chartSvg } from '../artefacts/chartSvg.ts';
import type { ReplayedRun } from './replayFacts.ts';

const INK = '#1b2733';
const FAINT = '#66727e';
const GRID = '#e6eaee';
const PREDICTED = '#2a6f97';
const ACTUAL = '#e0a030';
const ALERT = '#c8402a';
const SIZE = { width: 1080, height: 340 };

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
  const alerts = (value: (run: ReplayedRun) => number | null): object => ({
    name: 'Alert',
    type: 'scatter',
    symbolSize: 13,
    itemStyle: { color: ALERT },
    z: 5,
    data: runs.map((run) => (run.isAlert ? value(run) : null)),
  });
  return {
    revenue: await chartSvg(
      {
        ...frame(cutoffs, 'Revenue of the window'),
        series: [
          bars(
            'Predicted',
            PREDICTED,
            runs.map((run) => run.predictedRevenue),
          ),
          bars(
            'Realised',
            ACTUAL,
            runs.map((run) => run.actualRevenue),
          ),
        ],
      },
      SIZE,
    ),
    rmse: await chartSvg(
      {
        ...frame(cutoffs, 'RMSE'),
        series: [
          line(
            'RMSE',
            PREDICTED,
            runs.map((run) => run.rmse),
          ),
          line(
            'Baseline',
            FAINT,
            runs.map((run) => run.baselineRmse),
            'solid',
          ),
          line(
            'Alert above',
            ALERT,
            runs.map((run) => run.baselineRmse && run.baselineRmse * (1 + thresholds.rmse)),
            'dashed',
          ),
          alerts((run) => run.rmse),
        ],
      },
      SIZE,
    ),
    r2: await chartSvg(
      {
        ...frame(cutoffs, 'R²'),
        series: [
          line(
            'R²',
            PREDICTED,
            runs.map((run) => run.r2),
          ),
          line(
            'Baseline',
            FAINT,
            runs.map((run) => run.baselineR2),
            'solid',
          ),
          line(
            'Alert below',
            ALERT,
            runs.map(({ baselineR2: base }) =>
              base === null ? null : base > 0 ? base * (1 - thresholds.r2) : base - thresholds.r2,
            ),
            'dashed',
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
            ...frame(cutoffs, 'Largest PSI'),
            series: [
              line(
                'Largest PSI of any feature',
                PREDICTED,
                runs.map((run) => run.psi),
              ),
              line(
                'Moderate (0.1)',
                ACTUAL,
                cutoffs.map(() => 0.1),
                'dashed',
              ),
              line(
                'Large (0.25)',
                ALERT,
                cutoffs.map(() => 0.25),
                'dashed',
              ),
            ],
          },
          SIZE,
        ),
  };
}

function frame(cutoffs: readonly string[], yName: string): object {
  return {
    animation: false,
    textStyle: { fontFamily: 'system-ui, sans-serif', color: INK },
    grid: { top: 52, right: 24, bottom: 56, left: 88 },
    legend: { top: 8, left: 80, itemGap: 24, textStyle: { color: INK, fontSize: 13 } },
    xAxis: {
      type: 'category',
      data: cutoffs,
      name: 'Cutoff of the run',
      nameLocation: 'middle',
      nameGap: 34,
      nameTextStyle: { color: FAINT },
      axisLabel: { color: FAINT, hideOverlap: true },
      axisTick: { alignWithLabel: true },
      axisLine: { lineStyle: { color: FAINT } },
    },
    yAxis: {
      type: 'value',
      name: yName,
      nameLocation: 'middle',
      nameGap: 66,
      nameTextStyle: { color: FAINT },
      axisLabel: { color: FAINT, formatter: (value: number) => value.toLocaleString('en-GB') },
      splitLine: { lineStyle: { color: GRID } },
    },
  };
}

function bars(name: string, color: string, data: readonly (number | null)[]): object {
  return { name, type: 'bar', itemStyle: { color }, barGap: '10%', barMaxWidth: 18, data };
}

function line(
  name: string,
  color: string,
  data: readonly (number | null)[],
  kind?: 'solid' | 'dashed',
): object {
  const isReference = kind !== undefined;
  return {
    name,
    type: 'line',
    step: isReference ? 'middle' : undefined,
    showSymbol: !isReference,
    symbol: 'circle',
    symbolSize: 6,
    itemStyle: { color },
    lineStyle: { color, width: isReference ? 1.5 : 2.5, type: kind ?? 'solid' },
    data,
  };
}
