import { rankClusters } from '../../queues/scoring.ts';
import { writeCsv } from '../../src/artefacts/files/csvFile.ts';
import { MONEY_DIGITS, rounded } from '../../src/artefacts/files/roundedNumber.ts';
import { readPredictions } from '../../src/artefacts/run/predictions.ts';
import { readVerifiedSidecar } from '../../src/artefacts/sidecar.ts';
import { processorOf } from '../processor.ts';
import { describeRunFile, runFilePath } from './runFiles.ts';

/** Reads the clusters and writes one row for each, the most valuable first. */
export const rankClustersProcessor = processorOf(
  rankClusters,
  async (run, { home, pool, progress, signal }) => {
    const source = runFilePath(home, 'clusters', run);
    const { rows, sha256 } = await readVerifiedSidecar(source);
    const { numbers, extra } = await readPredictions(source, rows, ['cluster_id']);
    progress(0.5, 'ranking clusters');
    const ranked = await pool.run(
      'rankClustersTask',
      { clusterIds: extra.cluster_id, predicted: numbers.predicted_clv },
      signal,
    );
    const written = await writeCsv(
      runFilePath(home, 'cluster_ranking', run),
      ['cluster_id', 'n_customers', 'median_clv', 'clv_index', 'cluster_rank'],
      ranked.length,
      (row) => {
        const { clusterId, customers, medianClv, clvIndex, clusterRank } = ranked[row];
        return [
          clusterId,
          customers,
          rounded(medianClv, MONEY_DIGITS),
          clvIndex === null ? null : rounded(clvIndex, 6),
          clusterRank,
        ];
      },
    );
    return describeRunFile(home, 'cluster_ranking', run, written, { made_from_sha256: sha256 });
  },
);
