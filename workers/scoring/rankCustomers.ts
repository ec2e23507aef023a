import { rankCustomers } from '../../queues/scoring.ts';
import { outlookColumns, readOutlook } from '../../src/artefacts/run/outlookFile.ts';
import { readPredictions, writePredictions } from '../../src/artefacts/run/predictions.ts';
import { readVerifiedSidecar } from '../../src/artefacts/sidecar.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { counted } from '../../src/domain/words/counted.ts';
import { processorOf } from '../processor.ts';
import { describeRunFile, runFilePath } from './runFiles.ts';
import { RunMixedError } from './runMixedError.ts';

/** Reads the prediction file, ranks its customers and writes them with rank, percentile and value tier. */
export const rankCustomersProcessor = processorOf(
  rankCustomers,
  async (run, { home, pool, progress, signal }) => {
    const config = await loadConfig(home);
    const source = runFilePath(home, 'predictions', run);
    const { rows, sha256 } = await readVerifiedSidecar(source);
    const predictions = await readPredictions(source, rows);
    progress(0.3, `ranking ${counted(rows, 'customer')}`);
    const tiers = config.segments.tiers.map((tier) => ({ label: tier.label, upTo: tier.up_to }));
    const predicted = predictions.numbers.predicted_clv;
    const ranking = await pool.run('rankByValueTask', { predicted, tiers }, signal);
    progress(0.5, 'writing ranked customers');
    const outlookPath = runFilePath(home, 'outlook', run);
    const described = await readVerifiedSidecar(outlookPath);
    // The rows of the two are joined by their order, so they have to be of the same customers.
    if (described.made_from_sha256 !== sha256) throw new RunMixedError(run);
    const outlook = await readOutlook(outlookPath, described.rows, run.predMonths);
    const written = await writePredictions(
      runFilePath(home, 'ranked_predictions', run),
      predictions,
      ['clv_rank', 'clv_percentile', 'clv_segment', ...outlookColumns(run.predMonths)],
      (row) => [
        ranking.ranks[row],
        ranking.ranks[row] / rows,
        tiers[ranking.tiers[row]].label,
        ...outlook(row),
      ],
    );
    const sizes = tiers.map(({ label, upTo }, tier) => ({
      label,
      up_to: upTo,
      customers: ranking.tiers.reduce((count, value) => count + (value === tier ? 1 : 0), 0),
    }));
    return describeRunFile(home, 'ranked_predictions', run, written, {
      made_from_sha256: sha256,
      outlook_sha256: described.sha256,
      tiers: sizes,
    });
  },
);
