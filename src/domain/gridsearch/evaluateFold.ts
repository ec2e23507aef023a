import type { FeatureMatrix } from '../features/matrix.ts';
import { binMatrix } from '../forest/binnedMatrix.ts';
import { growForest } from '../forest/growForest.ts';
import { completeForestParams, type ForestParams } from '../forest/params.ts';
import { predictRows } from '../forest/predict.ts';
import { type FoldMetrics, measureFold } from './foldMetrics.ts';
import type { WindowPair } from './folds.ts';
import { naiveRateForecast } from './naiveRate.ts';
import type { HyperParameters, SearchSettings } from './searchSettings.ts';

/** What a fold is fitted and measured on; one target and one actual revenue a row of the matrix beside it, in currency. */
export interface FoldData {
  readonly matrix: FeatureMatrix;
  readonly target: Float64Array<SharedArrayBuffer>;
  readonly validation: FeatureMatrix;
  readonly actual: Float64Array<SharedArrayBuffer>;
}

/** What of a search's settings a fit depends on. */
export type FitSettings = Pick<SearchSettings, 'hyperParameters' | 'maxBins' | 'seed'>;

/** The forest of one set of hyper-parameters in a search. */
export function searchForestParams(own: HyperParameters, { maxBins, seed }: FitSettings): ForestParams {
  return completeForestParams({ ...own, maxBins, seed, leafQuantiles: false });
}

/**
 * Fits and measures a fold in the calling thread, once for each set of hyper-parameters.
 *
 * @throws ForestParamsError, ForestInputError for data that cannot be trained on.
 */
export function evaluateFold(data: FoldData, windows: WindowPair, settings: FitSettings): FoldMetrics[] {
  const { matrix, target, validation, actual } = data;
  const binned = binMatrix(matrix, settings.maxBins, settings.seed);
  const naive = naiveRateForecast(validation, windows);
  const predicted = new Float64Array(validation.rows);
  return settings.hyperParameters.map((own) => {
    const { forest } = growForest(binned, target, searchForestParams(own, settings), { outOfBag: false });
    predictRows(forest, validation, 0, validation.rows, predicted);
    return measureFold(predicted, naive, actual);
  });
}
