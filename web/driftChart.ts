import { errorOverTime, type WindowError } from '../src/artefacts/pages/errorOverTime.ts';
import { fittingChart } from '../src/artefacts/pages/fittingChart.ts';
import { type DriftResult, isAlert } from '../src/domain/drift/driftResult.ts';

const SIZE = { width: 1080, height: 320 };
/** So many windows a chart can hold. */
const MOST = { wide: 60, narrow: 18 };

let last: { readonly key: string; readonly chart: Promise<string> } | null = null;

/**
 * The error of matured windows against their baselines, as HTML; null where there is none. What was drawn last is kept,
 * since drawing takes the event loop some tens of milliseconds and the windows change once in weeks.
 */
export function driftChart(results: readonly DriftResult[]): Promise<string> | null {
  if (results.length === 0) return null;
  const windows = results.slice(-MOST.wide).map(windowError);
  const key = JSON.stringify(windows);
  if (last?.key !== key) last = { key, chart: draw(windows) };
  return last.chart;
}

function draw(windows: readonly WindowError[]): Promise<string> {
  return fittingChart('Error of each matured forecast against the baseline of its model', SIZE, (isNarrow) =>
    errorOverTime(isNarrow ? windows.slice(-MOST.narrow) : windows, isNarrow),
  );
}

function windowError(result: DriftResult): WindowError {
  const { cutoff, metrics, baseline, thresholds } = result;
  return {
    cutoff,
    rmse: metrics.rmse,
    baselineRmse: baseline.rmse,
    alertAbove: baseline.rmse * (1 + thresholds.rmse),
    isAlert: isAlert(result),
  };
}
