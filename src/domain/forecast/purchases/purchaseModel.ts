import type { BtydModel } from '../../btyd/btydModel.ts';
import { BtydInputError } from '../../btyd/errors.ts';
import { fitActivity } from '../../btyd/fitActivity.ts';
import { fitBtyd } from '../../btyd/fitBtyd.ts';
import type { BtydSummary } from '../../btyd/summary.ts';
import type { IsoDate } from '../../calendar/dates.ts';
import type { Season } from '../season/season.ts';
import { inSeasonalTime } from '../season/seasonalTime.ts';
import { customersToFit } from './customersToFit.ts';

/** A purchase model, and the time that it counts in. */
export interface PurchaseModel {
  readonly model: BtydModel;
  /** Its weeks are seasonal ones (`inSeasonalTime`); null for weeks of the calendar. */
  readonly season: Season | null;
}

/** The errors of shops that no purchase model can be fitted to, because nobody came back, or nobody spent anything then. */
const UNFITTED = new Set(['BTYD_NO_CUSTOMERS', 'BTYD_NO_REPEAT_PURCHASES', 'BTYD_NO_SPEND']);

/**
 * Fits a purchase model to the customers of a cutoff whose first order is recent (`customersToFit`), or to all of them where
 * none can be fitted to those; null where none can be fitted at all.
 */
export function fitPurchaseModel(
  summary: BtydSummary,
  season: Season | null,
  cutoff: IsoDate,
): PurchaseModel | null {
  const fitOn = (customers: BtydSummary): BtydModel | null =>
    modelOf(inSeasonalTime(customers, season, cutoff));
  const model = fitOn(customersToFit(summary)) ?? fitOn(summary);
  return model === null ? null : { model, season };
}

/**
 * Fits, to the same customers, the model of who is still active (`fitActivity`).
 *
 * @param btyd what `fitPurchaseModel` fitted to the customers of this cutoff.
 */
export function fitActivityModel(btyd: PurchaseModel, summary: BtydSummary, cutoff: IsoDate): PurchaseModel {
  const { model, season } = btyd;
  const recent = customersToFit(summary);
  const customers = recent.ageWeeks.length === model.customers ? recent : summary;
  return { model: fitActivity(model, inSeasonalTime(customers, season, cutoff)), season };
}

function modelOf(customers: BtydSummary): BtydModel | null {
  try {
    return fitBtyd(customers, { byValue: true });
  } catch (error) {
    if (error instanceof BtydInputError && UNFITTED.has(error.code)) return null;
    throw error;
  }
}
