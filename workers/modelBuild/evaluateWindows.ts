import {
  type Combination,
  type MeasuredFold,
  tooFewCustomers,
  tooFewFolds,
} from '../../src/domain/gridsearch/combinations.ts';
import { type Fold, rollingOriginFolds, type WindowPair } from '../../src/domain/gridsearch/folds.ts';
import { naiveRateForecast } from '../../src/domain/gridsearch/naiveRate.ts';
import type { HyperParameters, SearchSettings } from '../../src/domain/gridsearch/searchSettings.ts';
import { wholeMonths } from '../../src/domain/gridsearch/wholeMonths.ts';
import { predictForest } from '../compute/predictForest.ts';
import { trainForest } from '../compute/trainForest.ts';
import type { WorkContext } from '../processor.ts';
import type { SearchShop } from './searchShop.ts';

/**
 * Evaluates a pair of windows with each set of hyper-parameters. The folds run side by side on the pool, so that a
 * thread that is done with one fold helps with another. `onFold` is called after each fold.
 */
export async function evaluateWindows(
  shop: SearchShop,
  windows: WindowPair,
  settings: SearchSettings,
  context: Pick<WorkContext, 'pool' | 'signal'>,
  onFold: () => void,
): Promise<Combination[]> {
  const { historyMonths } = windows;
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
  const foldsReason = tooFewFolds(windows, folds.length, wholeMonths(shop.span));
  if (foldsReason !== null) return skipped(foldsReason, null);

  const sizes = await Promise.all(
    folds
      .flatMap((fold) => [fold.trainCutoff, fold.validationCutoff])
      .map(async (cutoff) => (await shop.features(cutoff, historyMonths)).rows),
  );
  const customers = Math.min(...sizes);
  const customersReason = tooFewCustomers(customers, shop.customers);
  if (customersReason !== null) return skipped(customersReason, customers);

  const measured = await Promise.all(
    folds.map(async (fold) => {
      const byParameters: MeasuredFold[] = [];
      for (const hyperParameters of settings.hyperParameters)
        byParameters.push(await measure(shop, windows, fold, hyperParameters, settings, context));
      onFold();
      return byParameters;
    }),
  );
  return settings.hyperParameters.map((hyperParameters, i) => ({
    ...windows,
    hyperParameters,
    status: 'evaluated',
    reason: '',
    customers,
    folds: measured.map((byParameters) => byParameters[i]),
  }));
}

async function measure(
  shop: SearchShop,
  windows: WindowPair,
  fold: Fold,
  hyperParameters: HyperParameters,
  settings: SearchSettings,
  { pool, signal }: Pick<WorkContext, 'pool' | 'signal'>,
): Promise<MeasuredFold> {
  const { historyMonths, predMonths } = windows;
  const { trainCutoff, validationCutoff } = fold;
  const [binned, target, matrix, actual] = await Promise.all([
    shop.binned(trainCutoff, historyMonths, settings, pool),
    shop.labels(trainCutoff, historyMonths, predMonths),
    shop.features(validationCutoff, historyMonths),
    shop.labels(validationCutoff, historyMonths, predMonths),
  ]);
  const params = {
    ...hyperParameters,
    maxBins: settings.maxBins,
    seed: settings.seed,
    leafQuantiles: false,
  };
  const { forest } = await trainForest(pool, binned, target, params, { signal, outOfBag: false });
  const predicted = await predictForest(pool, forest, matrix, { signal });
  const naive = naiveRateForecast(matrix, windows);
  const metrics = await pool.run('measureFoldTask', { predicted, naive, actual }, signal);
  return { ...fold, trainCustomers: binned.rows, validationCustomers: matrix.rows, metrics };
}
