import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import { forestAlone } from '../../src/domain/forecast/forestAlone.ts';
import type { ForecastIntervals } from '../../src/domain/forecast/intervals/forecastIntervals.ts';
import type { ComputePool } from '../pool.ts';
import { predictForestQuantiles } from './predictForest.ts';
import type { ComputeOptions } from './runTasks.ts';

/**
 * The bounds of customers whom a single forest forecasts: quantiles of what the training customers in the same leaves
 * spent, in currency, none below 0, as forecasts are. Empty for other models, and for a forest that keeps no leaf
 * summaries, such as one of ml-random-forest.
 *
 * @throws ForestInputError if the matrix lacks a feature; AbortError.
 */
export async function intervalsOfForest(
  pool: ComputePool,
  forecaster: Forecaster,
  matrix: FeatureMatrix,
  options: ComputeOptions = {},
): Promise<Partial<ForecastIntervals>> {
  const forest = forestAlone(forecaster);
  if (forest === null || forest.leafQuantiles === undefined) return {};
  const [p10, p50, p90] = (await predictForestQuantiles(pool, forest, matrix, options)).map((level) =>
    Float64Array.from(level, (value) => Math.max(0, value)),
  );
  return { p10, p50, p90 };
}
