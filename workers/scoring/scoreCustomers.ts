import { type ScoreRun, scoreCustomers } from '../../queues/scoring.ts';
import { predictionsOf, writePredictions } from '../../src/artefacts/predictions.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { dateInZone } from '../../src/domain/calendar/dates.ts';
import { historyWindow, predictionWindow } from '../../src/domain/calendar/windows.ts';
import { ClvError } from '../../src/domain/errors.ts';
import { readForest } from '../../src/registry/forestFile.ts';
import { readCard } from '../../src/registry/modelCard.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { predictForest } from '../compute/predictForest.ts';
import { processorOf } from '../processor.ts';
import { describeRunFile, runFilePath } from './runFiles.ts';

/** The run cannot be scored as asked: the cutoff lies ahead, or nobody bought in the history window. */
export class ScoringError extends ClvError {}

/** Reads the orders, computes features at the cutoff, predicts every customer, and writes the prediction file. */
export const scoreCustomersProcessor = processorOf(
  scoreCustomers,
  async (run, { home, pool, clock, progress, signal }) => {
    const config = await loadConfig(home);
    const today = dateInZone(clock.now(), config.general.timezone);
    if (run.cutoff > today) {
      throw new ScoringError(
        'CUTOFF_AHEAD',
        `The cutoff ${run.cutoff} lies after today, ${today}: its history is not complete.`,
        {
          remedy: 'Score it on that day, or choose an earlier cutoff.',
        },
      );
    }
    const forest = await readForest(home, await readCard(home, run.modelId));
    progress(0.05, 'reading orders');
    const book = await openOrders({ home, clock, threads: pool.threads }, config, run.orders);
    try {
      progress(0.4, 'computing features');
      const history = historyWindow(run.cutoff, run.historyMonths);
      const { customerIds, matrix } = await book.features(history);
      if (customerIds.length === 0) throw noCustomers(run, book.report.firstDate, book.report.lastDate);
      const predicted = await predictForest(pool, forest, matrix, {
        signal,
        onProgress: (done, total) =>
          progress(0.5 + (0.4 * done) / total, `predicted ${done} of ${total} customers`),
      });
      progress(0.9, 'writing predictions');
      const path = runFilePath(home, 'predictions', run);
      const written = await writePredictions(path, predictionsOf(customerIds, matrix, predicted));
      return await describeRunFile(home, 'predictions', run, written, {
        prediction_window: predictionWindow(run.cutoff, run.predMonths),
        history_window: history,
        predicted_revenue: sumToCents(predicted),
        orders: book.report,
        orders_in_history: await book.fingerprint(history),
      });
    } finally {
      book.close();
    }
  },
);

function noCustomers(run: ScoreRun, firstDate: string, lastDate: string): ScoringError {
  return new ScoringError(
    'HISTORY_EMPTY',
    `No customer has an order in the ${run.historyMonths} months before ${run.cutoff}; the orders reach from ${firstDate} to ${lastDate}.`,
    { remedy: 'Choose a cutoff inside or just after that range, or point data.orders at newer orders.' },
  );
}

function sumToCents(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return Math.round(sum * 100) / 100;
}
