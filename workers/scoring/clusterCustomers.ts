import { clusterCustomers } from '../../queues/scoring.ts';
import { readPredictions, writePredictions } from '../../src/artefacts/run/predictions.ts';
import { readVerifiedSidecar } from '../../src/artefacts/sidecar.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { historyWindow, windowDays } from '../../src/domain/calendar/windows.ts';
import { counted } from '../../src/domain/words/counted.ts';
import { processorOf } from '../processor.ts';
import { describeRunFile, runFilePath } from './runFiles.ts';

/** Reads the prediction file, groups its customers by behaviour and writes them with their cluster. */
export const clusterCustomersProcessor = processorOf(
  clusterCustomers,
  async (run, { home, pool, progress, signal }) => {
    const config = await loadConfig(home);
    const source = runFilePath(home, 'predictions', run);
    const { rows, sha256 } = await readVerifiedSidecar(source);
    const predictions = await readPredictions(source, rows);
    progress(0.3, `clustering ${counted(rows, 'customer')}`);
    const { numbers } = predictions;
    const clusterIds = await pool.run(
      'clusterCustomersTask',
      {
        inputs: {
          predictedClv: numbers.predicted_clv,
          tenureDays: numbers.tenure_days,
          recencyDays: numbers.recency_days,
          meanGapDays: numbers.mean_days_between_orders,
          stdGapDays: numbers.std1_days_between_orders,
          medianGapDays: numbers.median_days_between_orders,
        },
        options: {
          clusters: config.segments.clusters,
          historyDays: windowDays(historyWindow(run.cutoff, run.historyMonths)),
          seed: config.modeling.seed,
        },
      },
      signal,
    );
    progress(0.7, 'writing clusters');
    const path = runFilePath(home, 'clusters', run);
    const written = await writePredictions(path, predictions, ['cluster_id'], (row) => [clusterIds[row]]);
    return describeRunFile(home, 'clusters', run, written, { made_from_sha256: sha256 });
  },
);
