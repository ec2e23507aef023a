import { applyStack } from '../../src/domain/forecast/combination/stack.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import type { ComputePool } from '../pool.ts';
import { forecastContenders } from './forecastContenders.ts';
import type { ComputeOptions } from './runTasks.ts';

/**
 * The revenue that a model expects of each customer in its prediction window, in currency, at least 0.
 *
 * @throws ForestInputError if the matrix lacks a feature; AbortError.
 */
export async function predictClv(
  pool: ComputePool,
  forecaster: Forecaster,
  customers: CustomersAt,
  options: ComputeOptions = {},
): Promise<Float64Array> {
  const forecasts = await forecastContenders(pool, forecaster, customers, options);
  return applyStack(forecaster.stack, forecasts).map((value) => value * forecaster.calibration);
}
