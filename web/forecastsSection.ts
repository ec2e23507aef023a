import { escaped, figureOrDash, signedOrDash } from '../src/artefacts/pages/htmlPage.ts';
import { addDays, isIsoDate } from '../src/domain/calendar/dates.ts';
import { isAlert } from '../src/domain/drift/driftResult.ts';
import { amount, totalAmount } from '../src/domain/words/amount.ts';
import { counted } from '../src/domain/words/counted.ts';
import type { DashboardFacts, DriftFacts, MeasuredWindow } from './dashboardFacts.ts';
import { driftChart } from './driftChart.ts';
import { nothing, section, shown, wideTable } from './section.ts';

/** Windows in the table; the chart shows more. */
const LISTED = 12;

/** Whether forecasts came true. */
export async function forecastsSection({ drift }: DashboardFacts): Promise<string> {
  const chart = drift.facts === null ? null : await driftChart(drift.facts.results);
  const body = shown(drift, (facts) =>
    chart === null
      ? nothing(
          'No forecast has been compared with what customers spent yet. That happens when its predicted months have passed.',
        )
      : `<p>${escaped(summary(facts.results))}</p>
<figure>${chart}</figure>
<p class="faint">RMSE is the typical error per customer. The baseline is what the model of that time had shown on months that it had not seen; above the dashed line an error is an alert, and so is an R² that falls too far below that of the model. Beside an alert stands who takes care of it.</p>
${tableHtml(facts)}`,
  );
  return section('forecasts', 'Did forecasts come true?', body);
}

function summary(results: readonly MeasuredWindow[]): string {
  const unseen = results.filter(({ isInSample }) => !isInSample);
  const seen = results.length - unseen.length;
  const said =
    unseen.length === 0
      ? 'No forecast of months that its model did not know has matured yet.'
      : judged(unseen);
  if (seen === 0) return said;
  return `${said} ${counted(seen, 'window')} in sample ${seen === 1 ? 'does' : 'do'} not count: the model had learned from months of ${seen === 1 ? 'it' : 'them'}.`;
}

function judged(results: readonly MeasuredWindow[]): string {
  const latest = results.slice(-LISTED);
  const alerts = latest.filter(isAlert).length;
  const held = heldWords(latest.length, alerts);
  const predicted = latest.reduce((sum, it) => sum + it.metrics.meanPredicted * it.metrics.customers, 0);
  const realised = latest.reduce((sum, it) => sum + it.metrics.meanActual * it.metrics.customers, 0);
  if (realised <= 0) return held;
  const difference = predicted / realised - 1;
  const words = `${Math.abs(difference * 100).toFixed(1)} % ${difference >= 0 ? 'more' : 'less'} than customers then spent`;
  return `${held} ${latest.length === 1 ? 'It' : 'Together they'} promised ${words}.`;
}

function heldWords(windows: number, alerts: number): string {
  if (windows === 1)
    return `The only matured window ${alerts === 0 ? 'held what the model had promised' : 'raised an alert'}.`;
  const all = counted(windows, 'window');
  return alerts === 0
    ? `All of the last ${all} held what the model had promised.`
    : `${windows - alerts} of the last ${all} held what the model had promised, ${counted(alerts, 'window')} raised an alert.`;
}

/** The last day of a window, as alerts tell it; what is no date, in a history that was changed by hand, stays as it is. */
function lastDayOf(windowEnd: string): string {
  return isIsoDate(windowEnd) ? addDays(windowEnd, -1) : windowEnd;
}

function tableHtml({ results, alerts }: DriftFacts): string {
  const carer = (result: MeasuredWindow) =>
    alerts.find((it) => it.cutoff === result.cutoff && it.predMonths === result.predMonths)?.acknowledgedBy;
  return wideTable(
    'The latest windows that have passed',
    ['Cutoff', 'Last day', '-', 'Expected', 'Realised', 'Difference', 'RMSE', 'Baseline', 'R²', '-Model'],
    results
      .slice(-LISTED)
      .reverse()
      .map((result) => {
        const { metrics, baseline } = result;
        const by = carer(result);
        return {
          cells: [
            result.cutoff,
            lastDayOf(result.windowEnd),
            `${isAlert(result) ? (by ? `alert, ${by}` : 'alert') : 'held'}${result.isInSample ? ', in sample' : ''}`,
            totalAmount(metrics.meanPredicted * metrics.customers),
            totalAmount(metrics.meanActual * metrics.customers),
            signedOrDash(metrics.bias),
            amount(metrics.rmse),
            amount(baseline.rmse),
            figureOrDash(metrics.r2),
            result.modelId,
          ],
          mark: isAlert(result) ? ('alert' as const) : undefined,
        };
      }),
  );
}
