import type { BtydForecast } from '../../src/domain/forecast/contenders/btydForecast.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import type { PurchaseModel } from '../../src/domain/forecast/purchases/purchaseModel.ts';
import type { ComputePool } from '../pool.ts';
import type { ComputeOptions } from './runTasks.ts';

/** What a purchase model forecasts of customers, computed on the pool. */
export function forecastByBtyd(
  pool: ComputePool,
  btyd: PurchaseModel | null,
  customers: CustomersAt,
  { signal }: ComputeOptions = {},
): Promise<BtydForecast> {
  const { matrix, summary, window, months } = customers;
  return pool.run('forecastByBtydTask', { btyd, matrix, summary, window, months }, signal);
}
