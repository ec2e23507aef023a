import type { WindowPair } from '../calendar/windows.ts';
import { rmseOf } from '../evaluation/metrics.ts';
import { allocateMatrix, columnOf, type FeatureMatrix } from '../features/matrix.ts';
import {
  type FeatureImportance,
  permutationImportance,
  type Shuffles,
} from '../forest/permutationImportance.ts';
import { applyStack } from './combination/stack.ts';
import { BTYD_FEATURES } from './contenders/btydFeatures.ts';
import { forecastRows } from './contenders/forecastRows.ts';
import { rateForecast } from './contenders/naiveRate.ts';
import type { Forecaster } from './forecaster.ts';

/** Stands for all that the purchase model says of a customer: its forecast, and the BTYD features. */
export const PURCHASE_MODEL = 'btyd';

/** A model, and customers whose months it had not seen: rows of `matrix`, `base` and `actual` are the same customers. */
export interface MeasuredForecast {
  readonly model: Pick<Forecaster, 'contenders' | 'stack' | 'calibration'>;
  /** The features, and behind them the BTYD features. */
  readonly matrix: FeatureMatrix;
  /** What the purchase model forecasts of each, in currency, season aside. */
  readonly base: Float64Array;
  readonly months: WindowPair;
  /** What the season multiplies forecasts of these months with. */
  readonly seasonFactor: number;
  /** What they spent, in currency. */
  readonly actual: Float64Array;
}

/** The root of the mean squared error that the model makes there, in currency. */
export function rmseOfModel(measured: MeasuredForecast): number {
  return rmseOf(forecastBy(measured, measured.matrix, measured.base), measured.actual);
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
    const predict = (on: FeatureMatrix) => forecastBy(measured, on, base);
    return permutationImportance(predict, matrix, actual, feature, shuffles);
  }
  const rows = allocateMatrix([PURCHASE_MODEL], matrix.rows);
  rows.values.forEach((_, row) => {
    rows.values[row] = row;
  });
  const predict = ({ values: from }: FeatureMatrix) =>
    forecastBy(
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

function forecastBy(
  { model: { contenders, stack, calibration }, months, seasonFactor }: MeasuredForecast,
  matrix: FeatureMatrix,
  base: Float64Array,
): Float64Array {
  const inputs = { matrix, base, rate: rateForecast(matrix, months) };
  const forecasts = contenders.map((contender) =>
    forecastRows(contender, inputs, 0, matrix.rows).map((value) => seasonFactor * value),
  );
  return applyStack(stack, forecasts).map((value) => calibration * value);
}
