import { writeCsv } from '../artefacts/files/csvFile.ts';
import { replaceFile } from '../artefacts/files/replaceFile.ts';
import type { Home } from '../config/home.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { ReplayedRun, ReplayFacts } from './replayFacts.ts';
import { replayReportHtml } from './reportHtml.ts';

/** Writes what a replay came to, as a page and as CSV, into the outputs of its home; gives the path of the page. Throws FileWriteError. */
export async function writeReplayReport(
  { outputs }: Home,
  facts: ReplayFacts,
  { drift_threshold_rmse: rmse, drift_threshold_r2: r2 }: ModelConfig['monitoring'],
): Promise<string> {
  const page = `${outputs}/replay_report.html`;
  await replaceFile(page, await replayReportHtml(facts, { rmse, r2 }));
  await writeRuns(`${outputs}/replay_runs.csv`, facts.runs);
  return page;
}

async function writeRuns(path: string, runs: readonly ReplayedRun[]): Promise<void> {
  const header = [
    'cutoff',
    'pred_months',
    'model_id',
    'customers',
    'predicted_revenue',
    'due_date',
    'actual_revenue',
    'rmse',
    'baseline_rmse',
    'r2',
    'baseline_r2',
    'is_alert',
    'reasons',
    'largest_psi',
  ];
  await writeCsv(path, header, runs.length, (i) => {
    const run = runs[i];
    return [
      run.cutoff,
      run.predMonths,
      run.modelId,
      run.customers,
      run.predictedRevenue,
      run.dueDate,
      run.actualRevenue,
      run.rmse,
      run.baselineRmse,
      run.r2,
      run.baselineR2,
      run.alertReasons.length > 0 ? 1 : 0,
      run.alertReasons.join(' '),
      run.psi,
    ];
  });
}
