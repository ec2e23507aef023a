import type { RevenueDistributions } from '../../src/domain/btyd/revenueDistributions.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import type { PurchaseModel } from '../../src/domain/forecast/purchases/purchaseModel.ts';
import type { ComputePool } from '../pool.ts';
import type { ComputeOptions } from './runTasks.ts';

/** The predictive distributions of customers' revenue, computed on the pool; null without a purchase model. */
export async function predictDistributions(
  pool: ComputePool,
  btyd: PurchaseModel | null,
  { summary, window }: Pick<CustomersAt, 'summary' | 'window'>,
  { signal }: ComputeOptions = {},
): Promise<RevenueDistributions | null> {
  return btyd === null
    ? null
    : pool.run('predictDistributionsTask', { btyd, customers: { summary, window } }, signal);
}
