import { predictRevenueLaws, type RevenueLaws } from '../../btyd/revenueLaws.ts';
import { windowDays } from '../../calendar/windows.ts';
import type { CustomersAt } from '../customersAt.ts';
import { inSeasonalTime, toSeasonalWeeks } from '../season/seasonalTime.ts';
import type { PurchaseModel } from './purchaseModel.ts';

/** How the revenue of each customer is spread in the window, as a purchase model has it that counts in its time. */
export function revenueLawsOf(
  { model, season }: PurchaseModel,
  { summary, window }: Pick<CustomersAt, 'summary' | 'window'>,
): RevenueLaws {
  const [weeks] = toSeasonalWeeks([windowDays(window) / 7], season, window.start);
  return predictRevenueLaws(model, inSeasonalTime(summary, season, window.start), weeks);
}
