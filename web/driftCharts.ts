import { chartSvg } from '../src/artefacts/pages/chartSvg.ts';
import { errorOverTime, type WindowError } from '../src/artefacts/pages/errorOverTime.ts';
import { type DriftResult, isAlert } from '../src/domain/drift/driftResult.ts';

const WIDE = { width: 1080, height: 320, windows: 60 };
const NARROW = { width: 360, height: 300, windows: 18 };

/** The same chart for wide and for narrow pages: text that is shrunk to a third cannot be read. */
export interface DriftCharts {
  readonly wide: string;
  readonly narrow: string;
}

let last: { readonly key: string; readonly charts: Promise<DriftCharts> } | null = null;

/**
 * The error of matured windows against their baselines; null where there is none. What was drawn last is kept, since
 * drawing takes the event loop some tens of milliseconds and the windows change once in weeks.
 */
export function driftCharts(results: readonly DriftResult[]): Promise<DriftCharts> | null {
  if (results.length === 0) return null;
  const windows = results.slice(-WIDE.windows).map(windowError);
  const key = JSON.stringify(windows);
  if (last?.key !== key) last = { key, charts: draw(windows) };
  return last.charts;
}

async function draw(windows: readonly WindowError[]): Promise<DriftCharts> {
  const wide = await chartSvg(errorOverTime(windows), WIDE);
  const narrow = await chartSvg(
    {
      ...errorOverTime(windows.slice(-NARROW.windows)),
      grid: { top: 76, right: 12, bottom: 52, left: 62 },
      legend: { top: 4, left: 0, itemGap: 12, itemWidth: 18 },
    },
    NARROW,
  );
  return { wide: marked('wide', wide), narrow: marked('narrow', narrow) };
}

function marked(name: string, svg: string): string {
  return `<div class="${name}">${svg}</div>`;
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
