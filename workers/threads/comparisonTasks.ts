import {
  type ForecastPair,
  measurePairWithoutOutliers,
  type PairWithoutOutliers,
} from '../../src/domain/evaluation/measureWithoutOutliers.ts';
import { resampleDifferences } from '../../src/domain/evaluation/pairedBootstrap.ts';
import { poolTask } from './taskAnswer.ts';

/** A slice of the resamples of two forecasts' squared errors; one entry a customer. */
export const resampleDifferencesTask = poolTask(
  (task: {
    readonly first: Float64Array<SharedArrayBuffer>;
    readonly second: Float64Array<SharedArrayBuffer>;
    readonly seed: number;
    readonly from: number;
    readonly to: number;
  }): Float64Array => resampleDifferences(task.first, task.second, task),
);

/** Two forecasts without the outliers; null where there are none. */
export const measurePairWithoutOutliersTask = poolTask((pair: ForecastPair): PairWithoutOutliers | null =>
  measurePairWithoutOutliers(pair),
);
