import { rmseOf } from '../evaluation/metrics.ts';
import { allocateMatrix, columnOf, type FeatureMatrix } from '../features/matrix.ts';
import {
  type FeatureImportance,
  permutationImportance,
  type Shuffles,
} from '../forest/predicting/permutationImportance.ts';
import { BTYD_FEATURES } from './contenders/btydFeatures.ts';
import { type ModelOfWindow, modelForecast, PURCHASE_MODEL } from './modelForecast.ts';

/** A model, and customers whose months it had not seen: rows of `matrix`, `base` and `actual` are the same customers. */
export interface MeasuredForecast extends ModelOfWindow {
  /** The features, and behind them the BTYD features. */
  readonly matrix: FeatureMatrix;
  /** What the purchase model forecasts of each, in currency, season aside. */
  readonly base: Float64Array;
  /** What they spent, in currency. */
  readonly actual: Float64Array;
}

/** The root of the mean squared error that the model makes there, in currency. */
export function rmseOfModel(measured: MeasuredForecast): number {
  return rmseOf(modelForecast(measured, measured.matrix, measured.base), measured.actual);
}

/**
 * How much worse the forecast of a whole model becomes when one feature is shuffled among the customers; see
 * `permutationImportance`.
 *
 * @param feature the name of one, or {@link PURCHASE_MODEL}: the purchase model reads orders and no features, so what it
 *   says is shuffled as a whole.
 */
export function forecastImportance(
  measured: MeasuredForecast,
  feature: string,
  shuffles: Shuffles,
): FeatureImportance {
  const { matrix, base, actual } = measured;
  if (feature !== PURCHASE_MODEL) {
    const predict = (on: FeatureMatrix) => modelForecast(measured, on, base);
    return permutationImportance(predict, matrix, actual, feature, shuffles);
  }
  const rows = allocateMatrix([PURCHASE_MODEL], matrix.rows);
  rows.values.forEach((_, row) => {
    rows.values[row] = row;
  });
  const predict = ({ values: from }: FeatureMatrix) =>
    modelForecast(
      measured,
      withPurchasesOf(matrix, from),
      Float64Array.from(from, (row) => base[row]),
    );
  return permutationImportance(predict, rows, actual, PURCHASE_MODEL, shuffles);
}

/** The matrix with the BTYD features of other customers. @param from the row of whom, for each row. */
function withPurchasesOf(matrix: FeatureMatrix, from: Float64Array): FeatureMatrix {
  const mixed = allocateMatrix(matrix.featureNames, matrix.rows);
  mixed.values.set(matrix.values);
  for (const { name } of BTYD_FEATURES) {
    const [own, theirs] = [columnOf(mixed, name), columnOf(matrix, name)];
    from.forEach((row, i) => {
      own[i] = theirs[row];
    });
  }
  return mixed;
}
