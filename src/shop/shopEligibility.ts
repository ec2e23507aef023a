import { eligibilityLimits } from '../config/gridSearchSettings.ts';
import type { ModelConfig } from '../config/schema.ts';
import type { Clock } from '../domain/calendar/clock.ts';
import { dateInZone } from '../domain/calendar/dates.ts';
import type { EligibilityFinding } from '../domain/eligibility/eligibility.ts';
import type { OrderBook } from '../orders/orderBook.ts';
import { readEligibility } from './readEligibility.ts';

/** Checks, question by question, whether the orders are enough today for a model with the windows of the config. */
export function shopEligibility(
  book: OrderBook,
  config: ModelConfig,
  clock: Clock,
): Promise<EligibilityFinding[]> {
  const { history_months, pred_months } = config.modeling;
  const today = dateInZone(clock.now(), config.general.timezone);
  return readEligibility(book, eligibilityLimits(config), Math.max(history_months, pred_months), today);
}
