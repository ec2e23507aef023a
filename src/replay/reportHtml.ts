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
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Replay ${facts.from} to ${facts.to}</title>
<style>
body{font:15px/1.5 system-ui,sans-serif;color:#1b2733;max-width:1120px;margin:32px auto;padding:0 20px}
h1{font-size:28px;margin:0 0 4px}h2{font-size:19px;margin:36px 0 6px}p{margin:4px 0 12px;max-width:80ch}
.faint{color:#66727e}.tiles{display:flex;gap:14px;flex-wrap:wrap;margin:22px 0}
.tile{flex:1 1 120px;border:1px solid #dfe4e9;border-radius:8px;padding:12px 16px}
.tile b{display:block;font-size:24px}.tile span{color:#66727e;font-size:13px}
svg{max-width:100%;height:auto}table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th,td{padding:5px 10px;border-bottom:1px solid #e6eaee;text-align:right;white-space:nowrap}th{white-space:normal;vertical-align:bottom}
th{color:#66727e;font-weight:600}td:first-child,th:first-child,td.text,th.text{text-align:left}tr.alert td{background:#fdf0ec}
</style></head><body>
<h1>Replay: ${facts.from} to ${facts.to}</h1>
<p class="faint">${count(facts.orders.rows)} orders of ${count(facts.orders.customers)} customers, ${facts.orders.first} to ${facts.orders.last}. ${escaped(facts.policy)}</p>
<div class="tiles">
${tile(count(runs.length), 'scoring runs')}
${tile(count(matured.length), 'windows matured')}
${tile(actual === 0 ? '–' : signed(predicted / actual - 1), 'predicted against realised revenue, all matured windows')}
${tile(count(alerts.length), 'drift alerts')}
${tile(count(new Set(runs.map((run) => run.modelId)).size), 'champions')}
${tile(`${facts.seconds.toFixed(0)} s`, 'to replay')}
</div>
<h2>Predicted and realised revenue</h2>
<p class="faint">Each pair is one run: what it predicted for the months after its cutoff, and what these customers spent in them. A run without a second bar has a window that is still open. Windows overlap.</p>
${charts.revenue}
<h2>Error over time</h2>
<p class="faint">RMSE of each matured window against the baseline of the model that predicted it, measured on months that it had not seen.</p>
${charts.rmse}
${charts.r2}
${charts.psi === null ? '' : `<h2>Early warning</h2><p class="faint">Known on the day of the run, months before the window has passed: how far the customers have moved from those that the model was trained on.</p>${charts.psi}`}
<h2>What each alert was worth</h2>
${
  alerts.length === 0
    ? '<p>No window was worse than its baseline by more than the thresholds.</p>'
    : table(
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
            money(it.misforecast),
            signed(it.rmseExcess),
            it.successor ?? 'none',
            signed(it.excessBefore),
            it.excessAfter === null ? '–' : signed(it.excessAfter),
          ],
        })),
      )
}
<h2>Decisions</h2>
${table(
  ['Day', '-What', '-Model'],
  facts.decisions.map((it) => ({ cells: [it.date, it.what, it.modelId ?? '–'] })),
)}
<h2>Runs</h2>
${table(
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
  runs.map((run) => ({ cells: runCells(run), isAlert: run.isAlert })),
)}
<h2>Jobs and files</h2>
${table(
  ['-Job', 'Runs'],
  facts.jobs.map((it) => ({ cells: [it.job, count(it.runs)] })),
)}
${table(
  ['-Folder', 'Files', 'Bytes'],
  facts.files.map((it) => ({ cells: [it.folder, count(it.files), count(it.bytes)] })),
)}
</body></html>
`;
}

function runCells(run: ReplayedRun): string[] {
  const isMatured = run.actualRevenue !== null;
  return [
    run.cutoff,
    run.modelId,
    count(run.customers),
    money(run.predictedRevenue),
    run.actualRevenue === null ? '–' : money(run.actualRevenue),
    run.actualRevenue ? signed(run.predictedRevenue / run.actualRevenue - 1) : '–',
    run.rmse?.toFixed(2) ?? '–',
    run.baselineRmse?.toFixed(2) ?? '–',
    run.r2?.toFixed(3).replace('-', '−') ?? '–',
    isMatured ? run.dueDate : 'open',
  ];
}

/** Headings that begin with a hyphen are those of text, which is aligned left. */
function table(
  headings: readonly string[],
  rows: readonly { readonly cells: readonly string[]; readonly isAlert?: boolean }[],
): string {
  const isText = headings.map((heading) => heading.startsWith('-'));
  const cell = (tag: 'th' | 'td', text: string, i: number): string =>
    `<${tag}${isText[i] ? ' class="text"' : ''}>${escaped(text)}</${tag}>`;
  const head = headings.map((heading, i) => cell('th', heading.replace(/^-/, ''), i)).join('');
  const body = rows.map(
    (row) =>
      `<tr${row.isAlert ? ' class="alert"' : ''}>${row.cells.map((text, i) => cell('td', text, i)).join('')}</tr>`,
  );
  return `<table><thead><tr>${head}</tr></thead><tbody>${body.join('\n')}</tbody></table>`;
}

function tile(value: string, name: string): string {
  return `<div class="tile"><b>${escaped(value)}</b><span>${escaped(name)}</span></div>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function count(value: number): string {
  return value.toLocaleString('en-GB');
}

function money(value: number): string {
  return value.toLocaleString('en-GB', { maximumFractionDigits: 0 }).replace('-', '−');
}

function signed(share: number): string {
  const percent = (share * 100).toFixed(1);
  return `${share < 0 ? percent.replace('-', '−') : `+${percent}`} %`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
