import type { IsoDate } from '../domain/calendar/dates.ts';
import {
  checkEligibility,
  type EligibilityFinding,
  type EligibilityLimits,
} from '../domain/eligibility/eligibility.ts';
import { columnOf } from '../domain/features/matrix.ts';
import type { OrderBook } from '../orders/orderBook.ts';

/** Whether the orders can carry a forecast whose longest window has so many months, question by question. */
export async function readEligibility(
  book: OrderBook,
  limits: EligibilityLimits,
  longestWindowMonths: number,
  today: IsoDate,
): Promise<EligibilityFinding[]> {
  const { customers, firstDate, lastDate } = book.report;
  const { matrix } = await book.features({ start: firstDate, end: book.dataEnd });
  const repeatBuyers = columnOf(matrix, 'is_repeat_buyer').reduce((sum, is) => sum + is, 0);
  return checkEligibility(
    { customers, repeatBuyers, firstDate, lastDate, today, longestWindowMonths },
    limits,
  );
}
