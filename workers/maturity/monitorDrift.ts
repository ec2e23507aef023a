import { addJob } from '../../queues/addJob.ts';
import { sendAlert, sendAlertJobId } from '../../queues/alerts.ts';
import { type MaturingWindow, monitorDrift } from '../../queues/maturity.ts';
import { configuredChannels } from '../../src/alerts/channels/sendThrough.ts';
import { driftFigures } from '../../src/alerts/driftFigures.ts';
import { appendDriftResult, historyWith } from '../../src/alerts/driftHistory.ts';
import { openSustainedRequest, readAskedEpisodes } from '../../src/alerts/sustainedRequests.ts';
import { replaceFile } from '../../src/artefacts/files/replaceFile.ts';
import { alertIdOf, runFileName } from '../../src/artefacts/names.ts';
import { readPredictions } from '../../src/artefacts/run/predictions.ts';
import { ArtefactError, readVerifiedSidecar, type Sidecar } from '../../src/artefacts/sidecar.ts';
import type { Home } from '../../src/config/home.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import type { ModelConfig } from '../../src/config/schema.ts';
import { predictionWindow } from '../../src/domain/calendar/windows.ts';
import { type AlertFacts, alertHeadline, alertText } from '../../src/domain/drift/alertText.ts';
import { compareWithBaseline } from '../../src/domain/drift/compareWithBaseline.ts';
import { type DriftResult, isAlert, type OtherCustomers } from '../../src/domain/drift/driftResult.ts';
import { isInSample } from '../../src/domain/drift/inSample.ts';
import { alertsInARow, sustainedRequestIds } from '../../src/domain/drift/sustainedDrift.ts';
import { ClvError } from '../../src/domain/errors.ts';
import { withMonitoringLock } from '../../src/locks/homeLocks.ts';
import { type ModelCard, readCard } from '../../src/registry/modelCard.ts';
import { ReviewRequestDamagedError } from '../../src/registry/requests.ts';
import { pairedBootstrap } from '../compute/pairedBootstrap.ts';
import { processorOf, type WorkContext } from '../processor.ts';

/** What the merge should have left is not there as it was written. */
export class MergeMissingError extends ClvError {}

/**
 * Measures a matured window, holds it against the baseline of its model, and tells people where it drifted. The row of
 * the history is written when all other files are there, so a window with a row is done; every step before it leaves the
 * same files when it is done twice.
 */
export const monitorDriftProcessor = processorOf(monitorDrift, async (window, context) => {
  const { home, log } = context;
  const config = await loadConfig(home);
  const merged = await readMerged(home, window);
  const card = await readCard(home, merged.model_id);
  const measured = await measure(home, merged, card, config, context);
  const doubts = () => doubtsAbout(home, merged, context);
  // Resampling takes seconds in a large shop, and others wait for the lock.
  const known = isAlert(measured) ? await doubts() : null;
  const { alert, result } = await withMonitoringLock(home, () =>
    record(measured, card, async () => known ?? doubts(), context),
  );
  const told = driftFigures(result);
  // Every line of the job tells its cutoff.
  const { cutoff: _, ...figures } = told;
  if (alert === null) {
    log.info(figures, 'predictions held');
    return told;
  }
  log.warn({ ...figures, alert: alert.alertId }, alertHeadline(alert));
  await queueMessages(alert, config, context);
  return { ...told, alert: alert.alertId };
});

async function readMerged(home: Home, window: MaturingWindow): Promise<Sidecar> {
  try {
    return await readVerifiedSidecar(`${home.outputs}/${runFileName('predictions_actual', window)}`);
  } catch (error) {
    if (!(error instanceof ArtefactError)) throw error;
    throw new MergeMissingError(
      'MERGE_MISSING',
      `The revenue of the window at ${window.cutoff} was not joined: ${error.message}`,
      {
        remedy:
          'Run merge-actuals for this window (clv reconcile queues it again where it is gone), then retry this job.',
        values: { ...window },
        cause: error,
      },
    );
  }
}

/** What was predicted of each customer of a window, and what came of it, in currency. */
async function readForecast(home: Home, { file, rows }: Sidecar) {
  const { customerIds, numbers, extra } = await readPredictions(`${home.outputs}/${file}`, rows, [
    'actual_clv',
  ]);
  return { customerIds, forecast: { predicted: numbers.predicted_clv, actual: extra.actual_clv } };
}

/** The same facts give the same text, whenever the job runs. */
const SEED = 1;

/** What a person has to know before believing that a window missed: who can decide its figures alone, and what chance can do. */
type Doubts = Pick<AlertFacts, 'withoutOutliers' | 'rmseInterval'>;

async function doubtsAbout(home: Home, merged: Sidecar, { pool, signal }: WorkContext): Promise<Doubts> {
  const { customerIds, forecast } = await readForecast(home, merged);
  const found = await pool.run('measureWithoutOutliersTask', forecast, signal);
  const { predicted, actual } = forecast;
  // Against a forecast that is never wrong, the difference of the errors is the error.
  const { interval } = await pairedBootstrap(pool, predicted, actual, actual, SEED, { signal });
  return {
    withoutOutliers: found
      ? { customerIds: found.outliers.map(({ row }) => customerIds[row]), metrics: found.metrics }
      : undefined,
    rmseInterval: interval,
  };
}

async function measure(
  home: Home,
  merged: Sidecar,
  card: ModelCard,
  { monitoring }: ModelConfig,
  { pool, signal }: WorkContext,
): Promise<DriftResult> {
  const { forecast } = await readForecast(home, merged);
  const metrics = await pool.run('measureForecastTask', forecast, signal);
  const baseline = card.metrics.out_of_time;
  const thresholds = { rmse: monitoring.drift_threshold_rmse, r2: monitoring.drift_threshold_r2 };
  return {
    cutoff: merged.cutoff,
    predMonths: merged.pred_months,
    windowEnd: predictionWindow(merged.cutoff, merged.pred_months).end,
    modelId: merged.model_id,
    metrics,
    baseline: { rmse: baseline.rmse, r2: baseline.r2 },
    thresholds,
    comparison: compareWithBaseline(metrics, baseline, thresholds),
    newCustomers: merged.new_customers as OtherCustomers,
    actualSha256: merged.sha256,
  };
}

/** The caller holds the monitoring lock. A result that was recorded before stands, with the thresholds of then. */
async function record(
  measured: DriftResult,
  card: ModelCard,
  doubts: () => Promise<Doubts>,
  { home, clock, log }: WorkContext,
): Promise<{ result: DriftResult; alert: AlertFacts | null }> {
  const { history, isRecorded } = await historyWith(home, measured);
  const result = history.at(-1) as DriftResult;
  const alert = isAlert(result)
    ? {
        alertId: alertIdOf(result),
        result,
        baseline: card.metrics.out_of_time,
        isInSample: isInSample(result, card.training_window.end),
        ...(await doubts()),
        inARow: alertsInARow(history),
        requestId: sustainedRequestIds(history, await readAskedEpisodes(home)).at(-1) ?? null,
      }
    : null;
  if (alert !== null) {
    await replaceFile(`${home.outputs}/${alert.alertId}.md`, alertText(alert));
    const { requestId, inARow } = alert;
    if (requestId !== null) {
      await openSustainedRequest(home, requestId, inARow, clock.now()).catch((error) => {
        // The file has to be put right by a person; the window counts all the same.
        if (!(error instanceof ReviewRequestDamagedError)) throw error;
        log.error({ request: requestId, err: error }, 'a request for a grid search is damaged');
      });
    }
  }
  if (!isRecorded) await appendDriftResult(home, result);
  return { result, alert };
}

/** A queue that does not answer must not fail the measurement, which is on the disk by now. */
async function queueMessages(
  { alertId, result }: AlertFacts,
  { monitoring }: ModelConfig,
  { queues, log }: WorkContext,
): Promise<void> {
  for (const channel of configuredChannels(monitoring.alerts)) {
    const payload = { alertId, actualSha256: result.actualSha256, channel };
    await addJob(queues, sendAlert, payload, sendAlertJobId(payload)).catch((error) => {
      log.error({ alert: alertId, channel, err: error }, 'the alert could not be queued for sending');
    });
  }
}
