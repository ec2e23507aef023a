import { predictRevenueDistributions, type RevenueDistributions } from '../../btyd/revenueDistributions.ts';
import { windowDays } from '../../calendar/windows.ts';
import type { CustomersAt } from '../customersAt.ts';
import { inSeasonalTime, toSeasonalWeeks } from '../season/seasonalTime.ts';
import type { PurchaseModel } from './purchaseModel.ts';

/** The predictive distribution of each customer's revenue in the window, by a purchase model that counts in its own time. */
export function revenueDistributionsOf(
  { model, season }: PurchaseModel,
  { summary, window }: Pick<CustomersAt, 'summary' | 'window'>,
): RevenueDistributions {
  const [weeks] = toSeasonalWeeks([windowDays(window) / 7], season, window.start);
  return predictRevenueDistributions(model, inSeasonalTime(summary, season, window.start), weeks);
}
