import { scoreCustomers } from '../../queues/scoring.ts';
import { writeOutlook } from '../../src/artefacts/run/outlookFile.ts';
import { predictionsOf, writePredictions } from '../../src/artefacts/run/predictions.ts';
import { runHour } from '../../src/config/calendarSettings.ts';
import { loadConfig } from '../../src/config/loadConfig.ts';
import { startOfRun } from '../../src/domain/calendar/runStart.ts';
import { historyWindow } from '../../src/domain/calendar/windows.ts';
import { chooseFeatures } from '../../src/domain/features/chooseFeatures.ts';
import { counted } from '../../src/domain/words/counted.ts';
import { customersAt } from '../../src/orders/customersAt.ts';
import { HistoryEmptyError } from '../../src/orders/historyEmptyError.ts';
import { readForecaster } from '../../src/registry/modelBinary.ts';
import { readCard } from '../../src/registry/modelCard.ts';
import { demandFreshOrders } from '../../src/shop/demandScorable.ts';
import { openOrders } from '../../src/shop/openOrders.ts';
import { watchOpenWindows } from '../../src/shop/openWindows.ts';
import { intervalsOfForest } from '../compute/intervalsOfForest.ts';
import { predictClv } from '../compute/predictClv.ts';
import { processorOf } from '../processor.ts';
import { describeRunFile, runFilePath } from './runFiles.ts';
import { runTotals } from './runTotals.ts';
import { watchPopulation } from './watchPopulation.ts';

/**
 * Reads the orders, computes features at the cutoff, predicts every customer, and writes the prediction file; looks,
 * while the orders are open, at how customers differ from those of the training and at how open windows stand. A run of
 * a cutoff ahead waits for its day.
 */
export const scoreCustomersProcessor = processorOf(scoreCustomers, async (run, context) => {
  const { home, pool, clock, log, progress, signal, waitUntil } = context;
  const config = await loadConfig(home);
  const startsAt = startOfRun(run.cutoff, clock.now(), runHour(config));
  if (startsAt !== null) {
    progress(0, `waits for its cutoff, until ${new Date(startsAt).toISOString()}`);
    return waitUntil(startsAt);
  }
  const card = await readCard(home, run.modelId);
  const forecaster = await readForecaster(home, card);
  progress(0.05, 'reading orders');
  using book = await openOrders({ home, clock, threads: pool.threads }, config, run.orders);
  demandFreshOrders(run, book.report, config, home);
  progress(0.4, 'computing features');
  // Whatever a model learned from, the files of a run and its clusters show base features.
  const features = chooseFeatures(card.features);
  const { customerIds, customers } = await customersAt(book, run.cutoff, run, features);
  if (customerIds.length === 0) throw new HistoryEmptyError(run, book.report);
  progress(0.5, `predicting ${counted(customerIds.length, 'customer')}`);
  const predicted = await predictClv(pool, forecaster, customers, { signal });
  progress(0.8, 'writing predictions');
  const { matrix, ...about } = customers;
  const { btyd, activity, intervals, season } = forecaster;
  const task = { model: { btyd, activity, intervals, season }, customers: about, clv: predicted };
  const outlook = {
    ...(await pool.run('describeOutlookTask', task, signal)),
    ...(await intervalsOfForest(pool, forecaster, matrix, { signal })),
  };
  const history = historyWindow(run.cutoff, run.historyMonths);
  const path = runFilePath(home, 'predictions', run);
  const written = await writePredictions(path, predictionsOf(customerIds, matrix, predicted));
  await describeRunFile(
    home,
    'outlook',
    run,
    await writeOutlook(
      runFilePath(home, 'outlook', run),
      run.cutoff,
      { customerIds, clv: predicted },
      outlook,
    ),
    { made_from_sha256: written.sha256 },
  );
  const population = { matrix, predictions: predicted };
  const sidecar = await describeRunFile(home, 'predictions', run, written, {
    prediction_window: customers.window,
    history_window: history,
    ...runTotals(forecaster, run.cutoff, predicted, outlook),
    orders: book.report,
    orders_in_history: await book.fingerprint(history),
    population_stability: await watchPopulation(run, card, population, context),
  });
  progress(0.95, 'looking at open windows');
  const { windows, file } = await watchOpenWindows(home.outputs, book);
  log.info({ windows: windows.length, file }, 'open windows compared with their predictions');
  return sidecar;
});
