import type { WindowPair } from '../../src/domain/calendar/windows.ts';
import { naiveRateForecast } from '../../src/domain/forecast/contenders/naiveRate.ts';
import { type Combination, tooFewCustomers, tooFewFolds } from '../../src/domain/gridsearch/combinations.ts';
import { searchForestParams } from '../../src/domain/gridsearch/evaluateFold.ts';
import type { FoldData } from '../../src/domain/gridsearch/foldData.ts';
import type { FoldMetrics } from '../../src/domain/gridsearch/foldMetrics.ts';
import { rollingOriginFolds } from '../../src/domain/gridsearch/folds.ts';
import type { SearchSettings } from '../../src/domain/gridsearch/searchSettings.ts';
import { predictForest } from '../compute/predictForest.ts';
import { binOnPool, trainForest } from '../compute/trainForest.ts';
import type { WorkContext } from '../processor.ts';
import type { SearchShop } from './searchShop.ts';

type Compute = Pick<WorkContext, 'pool' | 'signal'>;

/**
 * Evaluates a pair of windows with each set of hyper-parameters. `onFold` is called after each fold; where one
 * fails, the others are aborted. A fold is one task of one thread; where there are fewer folds than threads, all threads share the trees of each single forest.
 */
export async function evaluateWindows(
  shop: SearchShop,
  windows: WindowPair,
  settings: SearchSettings,
  context: Compute,
  onFold: () => void,
): Promise<Combination[]> {
  const folds = rollingOriginFolds(windows, shop.span, settings.folds);
  const skipped = (reason: string, customers: number | null): Combination[] =>
    settings.hyperParameters.map((hyperParameters) => ({
      ...windows,
      hyperParameters,
      status: 'skipped',
      reason,
      customers,
      folds: [],
    }));
  const foldsReason = tooFewFolds(windows, folds.length, shop.span);
  if (foldsReason !== null) return skipped(foldsReason, null);

  const data = await shop.foldData(windows, folds, settings);
  const customers = Math.min(...data.flatMap(({ matrix, validation }) => [matrix.rows, validation.rows]));
  const customersReason = tooFewCustomers(customers, shop.customers);
  if (customersReason !== null) return skipped(customersReason, customers);

  const isSharable = settings.engine === 'forest' && folds.length < context.pool.threads;
  const evaluate = isSharable ? evaluateOnAllThreads : evaluateOnOneThread;
  const failed = new AbortController();
  const compute = { pool: context.pool, signal: AbortSignal.any([context.signal, failed.signal]) };
  const measured = await Promise.all(
    data.map(async (it) => {
      const metrics = await evaluate(it, windows, settings, compute);
      onFold();
      return metrics;
    }),
  ).catch((error) => {
    // Nobody waits for the other folds any more.
    failed.abort();
    throw error;
  });
  return settings.hyperParameters.map((hyperParameters, own) => ({
    ...windows,
    hyperParameters,
    status: 'evaluated',
    reason: '',
    customers,
    folds: folds.map((fold, i) => ({
      ...fold,
      trainCustomers: data[i].matrix.rows,
      validationCustomers: data[i].validation.rows,
      metrics: measured[i][own],
    })),
  }));
}

function evaluateOnOneThread(
  data: FoldData,
  windows: WindowPair,
  settings: SearchSettings,
  { pool, signal }: Compute,
): Promise<FoldMetrics[]> {
  const { hyperParameters, maxBins, seed, engine, isEngineForced, winsorise } = settings;
  const fit = { hyperParameters, maxBins, seed, engine, isEngineForced, winsorise };
  return pool.run('evaluateFoldTask', { data, windows, settings: fit }, signal);
}

async function evaluateOnAllThreads(
  { matrix, target, validation, actual }: FoldData,
  windows: WindowPair,
  settings: SearchSettings,
  { pool, signal }: Compute,
): Promise<FoldMetrics[]> {
  const binned = await binOnPool(pool, matrix, settings, { signal });
  const naive = naiveRateForecast(validation, windows);
  const metrics: FoldMetrics[] = [];
  for (const own of settings.hyperParameters) {
    const params = searchForestParams(own, settings);
    const { forest } = await trainForest(pool, binned, target, params, { signal, outOfBag: false });
    const predicted = await predictForest(pool, forest, validation, { signal });
    metrics.push(await pool.run('measureFoldTask', { predicted, naive, actual }, signal));
  }
  return metrics;
}
