import type { WindowPair } from '../calendar/windows.ts';
import type { FeatureMatrix } from '../features/matrix.ts';
import { applyStack } from './combination/stack.ts';
import { forecastRows } from './contenders/forecastRows.ts';
import { rateForecast } from './contenders/naiveRate.ts';
import type { Forecaster } from './forecaster.ts';

/** A model, and the months that it forecasts. */
export interface ModelOfWindow {
  readonly model: Pick<Forecaster, 'contenders' | 'stack' | 'calibration'>;
  readonly months: WindowPair;
  /** What the season multiplies forecasts of the window with. */
  readonly seasonFactor: number;
}

/** Stands for all that the purchase model says of a customer: its forecast, and the BTYD features. */
export const PURCHASE_MODEL = 'btyd';

/**
 * What a whole model forecasts of customers in the calling thread: in currency, one number a row.
 *
 * @param matrix the features, and behind them the BTYD features.
 * @param base what the purchase model forecasts of each, in currency, season aside.
 * @throws ForestInputError if the matrix lacks a feature.
 */
export function modelForecast(
  { model: { contenders, stack, calibration }, months, seasonFactor }: ModelOfWindow,
  matrix: FeatureMatrix,
  base: Float64Array,
): Float64Array {
  const inputs = { matrix, base, rate: rateForecast(matrix, months) };
  const forecasts = contenders.map((contender) =>
    forecastRows(contender, inputs, 0, matrix.rows).map((value) => seasonFactor * value),
  );
  return applyStack(stack, forecasts).map((value) => calibration * value);
}
