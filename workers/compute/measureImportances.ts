import { evenRows } from '../../src/domain/features/evenRows.ts';
import { pickRows } from '../../src/domain/features/matrix.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import type { Forecaster } from '../../src/domain/forecast/forecaster.ts';
import { PURCHASE_MODEL } from '../../src/domain/forecast/modelForecast.ts';
import { seasonOfWindow } from '../../src/domain/forecast/season/season.ts';
import type { FeatureImportance } from '../../src/domain/forest/predicting/permutationImportance.ts';
import { pickShared } from '../../src/domain/sharedFloats.ts';
import type { ComputePool } from '../pool.ts';
import { forecastByBtyd } from './forecastByBtyd.ts';
import { onSharedBuffers } from './forecastContenders.ts';
import { type ComputeOptions, runTasks } from './runTasks.ts';

/** What a model forecasts with; it had not seen the months that it is measured on. */
export type UnseenModel = Pick<Forecaster, 'btyd' | 'contenders' | 'season' | 'stack' | 'calibration'>;

/** Shuffles of each feature. */
const REPEATS = 2;
/** Enough to tell which features matter; each costs as many forecasts as there are features and shuffles. */
const MOST_CUSTOMERS = 4_000;

/**
 * How much worse the forecast of a whole model becomes when a feature is shuffled among the customers, for each feature:
 * one task a feature. Of many customers, four thousand are taken, evenly spread.
 *
 * @param customers and `labels`, what they spent: months that the model had not seen.
 * @returns one entry a feature of the customers' matrix, in its order, and one for the purchase model, if there is one.
 * @throws ForestInputError if the matrix lacks a feature; AbortError.
 */
export async function measureImportances(
  pool: ComputePool,
  model: UnseenModel,
  customers: CustomersAt & { readonly labels: Float64Array },
  { seed, signal }: ComputeOptions & { readonly seed: number },
): Promise<FeatureImportance[]> {
  const { matrix, base } = await forecastByBtyd(pool, model.btyd, customers, { signal });
  const rows = evenRows(matrix.rows, MOST_CUSTOMERS);
  const { contenders, stack, calibration, season } = model;
  const measured = {
    model: { contenders: contenders.map(onSharedBuffers), stack, calibration },
    matrix: pickRows(matrix, rows),
    base: pickShared(base, rows),
    months: customers.months,
    seasonFactor: seasonOfWindow(season, customers.window),
    actual: pickShared(customers.labels, rows),
  };
  const features = [...customers.matrix.featureNames, ...(model.btyd === null ? [] : [PURCHASE_MODEL])];
  const rmse = await pool.run('rmseOfModelTask', measured, signal);
  const importances: FeatureImportance[] = [];
  await runTasks(pool, [...features.entries()], async ([i, feature]) => {
    const task = { measured, feature, shuffles: { repeats: REPEATS, seed, rmse } };
    importances[i] = await pool.run('measureImportanceTask', task, signal);
  });
  return importances;
}
