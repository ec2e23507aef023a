import { bumpCutoff, type ScoreRun } from '../../queues/scoring.ts';
import { replaceFile } from '../../src/artefacts/files/replaceFile.ts';
import { monitoringFile, type RunFileKind, runReportName } from '../../src/artefacts/names.ts';
import { readVerifiedSidecar, type Sidecar } from '../../src/artefacts/sidecar.ts';
import type { Home } from '../../src/config/home.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { compareAndSet } from '../../src/config/updateConfig.ts';
import { nextCutoff } from '../../src/domain/calendar/cutoffBump.ts';
import { addDays } from '../../src/domain/calendar/dates.ts';
import type { OrdersReport } from '../../src/orders/report.ts';
import { keepAlarm } from '../../src/schedule/alarms.ts';
import { beginDueRun, CalendarBusyError } from '../../src/schedule/beginDueRun.ts';
import { processorOf, type WorkContext } from '../processor.ts';
import { runFilePath } from './runFiles.ts';
import { RunMixedError } from './runMixedError.ts';
import { watchMigration } from './watchMigration.ts';

const RUN_FILES: readonly RunFileKind[] = [
  'predictions',
  'outlook',
  'ranked_predictions',
  'clusters',
  'cluster_ranking',
];

/**
 * Checks that the run is complete and its files are of one make, writes its report, sets the alarm for the day on which its predictions can be compared
 * with reality, and moves `run.last_score_cutoff` on if it still is the cutoff of this run: a step that is run again, or a
 * run of another cutoff, moves nothing. Then the next run begins where a slot of the calendar waits for it.
 */
export const bumpCutoffProcessor = processorOf(bumpCutoff, async (run, context) => {
  const { home, log } = context;
  const sidecars = await Promise.all(
    RUN_FILES.map((kind) => readVerifiedSidecar(runFilePath(home, kind, run))),
  );
  demandOneMake(run, sidecars);
  const report = await writeRunReport(home, run, sidecars);
  const config = await loadConfig(home);
  // Before the cutoff moves: a run that moved it has its alarm, wherever the worker was killed.
  await keepAlarm(context, config, { cutoff: run.cutoff, predMonths: run.predMonths });
  const next = nextCutoff(run.cutoff, config.schedule.launch_date);
  const isBumped = await compareAndSet(home, ['run', 'last_score_cutoff'], run.cutoff, next);
  log.info({ report, next: isBumped ? next : null }, 'run complete');
  await beginWaitingRun(context);
  return { report, bumped: isBumped, next_cutoff: isBumped ? next : config.run.last_score_cutoff };
});

/** Throws RunMixedError unless all files are of the model of the run, and each was made from the one that is there. */
function demandOneMake(run: ScoreRun, sidecars: readonly Sidecar[]): void {
  const [predictions, outlook, ranked, clusters, ranking] = sidecars;
  const isOfOne =
    sidecars.every(({ model_id }) => model_id === run.modelId) &&
    outlook.made_from_sha256 === predictions.sha256 &&
    ranked.made_from_sha256 === predictions.sha256 &&
    ranked.outlook_sha256 === outlook.sha256 &&
    clusters.made_from_sha256 === predictions.sha256 &&
    ranking.made_from_sha256 === clusters.sha256;
  if (!isOfOne) throw new RunMixedError(run);
}

/** This run is complete, whatever keeps the next one from beginning; the next reconcile settles what is left open. */
async function beginWaitingRun(context: WorkContext): Promise<void> {
  await beginDueRun(context).catch((error) => {
    if (error instanceof CalendarBusyError) return;
    context.log.error(
      { err: error },
      'the run is complete, and the calendar could not be looked at for the next one',
    );
  });
}

async function writeRunReport(home: Home, run: ScoreRun, sidecars: readonly Sidecar[]): Promise<string> {
  const [predictions, , ranked] = sidecars;
  const report = {
    cutoff: run.cutoff,
    history_months: run.historyMonths,
    pred_months: run.predMonths,
    model_id: run.modelId,
    customers: predictions.rows,
    predicted_revenue: predictions.predicted_revenue,
    predicted_revenue_bounds: predictions.predicted_revenue_bounds,
    predicted_revenue_by_month: predictions.predicted_revenue_by_month,
    orders: predictions.orders,
    tiers: ranked.tiers,
    population_stability: predictions.population_stability,
    open_windows: {
      file: monitoringFile('partial', addDays((predictions.orders as OrdersReport).lastDate, 1)),
    },
    migration: await watchMigration(home, run),
    files: sidecars.map(({ file, rows, bytes, sha256 }) => ({ file, rows, bytes, sha256 })),
  };
  const path = `${home.runReports}/${runReportName(run)}`;
  await replaceFile(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}
