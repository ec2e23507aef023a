import type { BtydModel } from '../../src/domain/btyd/btydModel.ts';
import type { FeatureMatrix } from '../../src/domain/features/matrix.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import type { WindowPair } from '../../src/domain/gridsearch/folds.ts';
import type { ComputePool } from '../pool.ts';
import type { ComputeOptions } from './runTasks.ts';

/** Customers as the contenders see them that build on a purchase model. */
export interface BtydForecast {
  /** The features, and behind them the BTYD features. */
  readonly matrix: FeatureMatrix;
  /** The revenue that the purchase model expects; that of the naive rate, at least 0, where there is no such model. */
  readonly base: Float64Array<SharedArrayBuffer>;
}

/** What a purchase model forecasts of customers, computed on the pool. */
export function forecastByBtyd(
  pool: ComputePool,
  model: BtydModel | null,
  customers: CustomersAt,
  windows: WindowPair,
  { signal }: ComputeOptions = {},
): Promise<BtydForecast> {
  const { matrix, summary, window } = customers;
  return pool.run('forecastByBtydTask', { model, matrix, summary, window, windows }, signal);
}
