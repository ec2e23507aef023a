import {
  count,
  escaped,
  figureOrDash,
  htmlPage,
  htmlTable,
  htmlTile,
  signedOrDash,
} from '../artefacts/pages/htmlPage.ts';
import { amount, totalAmount } from '../domain/words/amount.ts';
import { counted } from '../domain/words/counted.ts';
import { signedPercent } from '../domain/words/figures.ts';
import { alertWorths } from './alertWorth.ts';
import type { ReplayedRun, ReplayFacts } from './replayFacts.ts';
import { type DriftThresholds, reportCharts } from './reportCharts.ts';

/** The report of a replay as one HTML page that needs nothing else. */
export async function replayReportHtml(facts: ReplayFacts, thresholds: DriftThresholds): Promise<string> {
  const { runs } = facts;
  const charts = await reportCharts(runs, thresholds);
  const matured = runs.filter((run) => run.actualRevenue !== null);
  const predicted = sum(matured.map((run) => run.predictedRevenue));
  const actual = sum(matured.map((run) => run.actualRevenue ?? 0));
  const alerts = alertWorths(runs);
  return htmlPage(
    `Replay ${facts.from} to ${facts.to}`,
    `<h1>Replay: ${facts.from} to ${facts.to}</h1>
<p class="faint">${counted(facts.orders.rows, 'order')} of ${counted(facts.orders.customers, 'customer')}, ${facts.orders.first} to ${facts.orders.last}. ${escaped(facts.policy)}</p>
<div class="tiles">
${htmlTile(count(runs.length), 'scoring runs')}
${htmlTile(count(matured.length), 'windows matured')}
${htmlTile(signedOrDash(excessOf(predicted, actual)), 'predicted against realised revenue, all matured windows')}
${htmlTile(count(alerts.length), 'drift alerts')}
${htmlTile(count(new Set(runs.map((run) => run.modelId)).size), 'champions')}
${htmlTile(`${facts.seconds.toFixed(0)} s`, 'to replay')}
</div>
<h2>Predicted and realised revenue</h2>
<p class="faint">Each pair is one run: what it predicted for the months after its cutoff, and what these customers spent in them. A run without a second bar has a window that is still open. Windows overlap.</p>
<figure>${charts.revenue}</figure>
<h2>Error over time</h2>
<p class="faint">RMSE of each matured window against the baseline of the model that predicted it, measured on months that it had not seen.</p>
<figure>${charts.rmse}</figure>
<figure>${charts.r2}</figure>
${charts.psi === null ? '' : `<h2>Early warning</h2><p class="faint">Known on the day of the run, months before the window has passed: how far the customers have moved from those that the model was trained on.</p><figure>${charts.psi}</figure>`}
<h2>What each alert was worth</h2>
${
  alerts.length === 0
    ? '<p>No window was worse than its baseline by more than the thresholds.</p>'
    : htmlTable(
        [
          'Raised',
          'Cutoff',
          '-Model',
          'Misforecast',
          'RMSE over baseline',
          '-Champion after it',
          'Old champion from then on',
          'New champion, same measure',
        ],
        alerts.map((it) => ({
          cells: [
            it.dueDate,
            it.cutoff,
            it.modelId,
            totalAmount(it.misforecast),
            signedPercent(it.rmseExcess),
            it.successor ?? 'none',
            signedPercent(it.excessBefore),
            signedOrDash(it.excessAfter),
          ],
        })),
      )
}
<h2>Decisions</h2>
${htmlTable(
  ['Day', '-What', '-Model'],
  facts.decisions.map((it) => ({ cells: [it.date, it.what, it.modelId ?? '–'] })),
)}
<h2>Runs</h2>
${htmlTable(
  [
    'Cutoff',
    '-Model',
    'Customers',
    'Predicted',
    'Realised',
    'Difference',
    'RMSE',
    'Baseline',
    'R²',
    'Matured',
  ],
  runs.map((run) => ({
    cells: runCells(run),
    mark: run.alertReasons.length > 0 ? ('alert' as const) : undefined,
  })),
)}
<h2>Jobs and files</h2>
${htmlTable(
  ['-Job', 'Runs'],
  facts.jobs.map((it) => ({ cells: [it.job, count(it.runs)] })),
)}
${htmlTable(
  ['-Folder', 'Files', 'Bytes'],
  facts.files.map((it) => ({ cells: [it.folder, count(it.files), count(it.bytes)] })),
)}`,
  );
}

function runCells(run: ReplayedRun): string[] {
  const isMatured = run.actualRevenue !== null;
  return [
    run.cutoff,
    run.modelId,
    count(run.customers),
    totalAmount(run.predictedRevenue),
    run.actualRevenue === null ? '–' : totalAmount(run.actualRevenue),
    signedOrDash(excessOf(run.predictedRevenue, run.actualRevenue)),
    run.rmse === null ? '–' : amount(run.rmse),
    run.baselineRmse === null ? '–' : amount(run.baselineRmse),
    figureOrDash(run.r2),
    isMatured ? run.dueDate : 'open',
  ];
}

/** What was predicted over what came, less 1; null where no revenue came, or more was taken back than paid. */
function excessOf(predicted: number, actual: number | null): number | null {
  return actual !== null && actual > 0 ? predicted / actual - 1 : null;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
