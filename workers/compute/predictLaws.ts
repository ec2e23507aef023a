import type { RevenueLaws } from '../../src/domain/btyd/revenueLaws.ts';
import type { CustomersAt } from '../../src/domain/forecast/customersAt.ts';
import type { PurchaseModel } from '../../src/domain/forecast/purchases/purchaseModel.ts';
import type { ComputePool } from '../pool.ts';
import type { ComputeOptions } from './runTasks.ts';

/** How customers' revenue is spread, computed on the pool; null without a purchase model. */
export async function predictLaws(
  pool: ComputePool,
  btyd: PurchaseModel | null,
  { summary, window }: Pick<CustomersAt, 'summary' | 'window'>,
  { signal }: ComputeOptions = {},
): Promise<RevenueLaws | null> {
  return btyd === null ? null : pool.run('predictLawsTask', { btyd, customers: { summary, window } }, signal);
}
