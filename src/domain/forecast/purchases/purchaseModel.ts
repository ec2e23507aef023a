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
 * Fits a purchase model to the first of the groups of `customersToFit` that one can be fitted to; null where there is none.
 */
export function fitPurchaseModel(
  summary: BtydSummary,
  season: Season | null,
  cutoff: IsoDate,
): PurchaseModel | null {
  for (const customers of customersToFit(summary)) {
    const model = modelOf(inSeasonalTime(customers, season, cutoff));
    if (model !== null) return { model, season };
  }
  return null;
}

/**
 * Fits, to the same customers, the model of who is still active (`fitActivity`).
 *
 * @param btyd what `fitPurchaseModel` fitted to the customers of this cutoff.
 */
export function fitActivityModel(btyd: PurchaseModel, summary: BtydSummary, cutoff: IsoDate): PurchaseModel {
  const { model, season } = btyd;
  const customers = customersToFit(summary).find(({ ageWeeks }) => ageWeeks.length === model.customers);
  if (customers === undefined) throw new Error('The purchase model was fitted to other customers.');
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
