import { addDays, type IsoDate } from '../domain/calendar/dates.ts';
import {
  checkEligibility,
  type EligibilityFinding,
  type EligibilityLimits,
} from '../domain/eligibility/eligibility.ts';
import type { OrderBook } from '../orders/orderBook.ts';

/**
 * Checks, question by question, whether the orders are enough for a forecast with a longest window of this many months.
 *
 * @param today null where the age of the orders is not to be judged.
 * @param end the day after the last order that counts; by default all orders count.
 */
export async function readEligibility(
  book: OrderBook,
  limits: EligibilityLimits,
  longestWindowMonths: number,
  today: IsoDate | null,
  end: IsoDate = book.dataEnd,
): Promise<EligibilityFinding[]> {
  const { openingDate: firstDate } = book.report;
  const lastDate = addDays(end, -1);
  const buyers = await book.countCustomers(end);
  return checkEligibility({ ...buyers, firstDate, lastDate, today, longestWindowMonths }, limits);
}
